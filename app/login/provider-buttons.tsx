'use client';
// Goes to a provider to sign in, and comes back to where one wanted to be.
import { signIn } from 'next-auth/react';
import { useState } from 'react';
import type { Provider } from '@/lib/auth/providers';
import { button } from '../ui/button';

export function ProviderButtons({ providers, to }: { providers: Provider[]; to: string }) {
  const [pending, setPending] = useState(false);
  return (
    <div className="space-y-2">
      {providers.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          disabled={pending}
          className={`${button.plain} w-full`}
          onClick={() => {
            setPending(true);
            void signIn(id, { callbackUrl: to }).catch(() => setPending(false));
          }}
        >
          Sign in with {name}
        </button>
      ))}
    </div>
  );
}
