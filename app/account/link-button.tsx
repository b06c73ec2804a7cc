'use client';
// Goes to a provider and comes back with the account there linked to this one.
import { signIn } from 'next-auth/react';
import { useState } from 'react';
import { button } from '../ui/button';
import { beginLink } from './actions';

export function LinkButton({ provider, name }: { provider: string; name: string }) {
  const [pending, setPending] = useState(false);
  const go = async () => {
    setPending(true);
    await beginLink();
    await signIn(provider, { callbackUrl: '/account' });
  };
  return (
    <button type="button" onClick={go} disabled={pending} className={button.plain}>
      Link {name}
    </button>
  );
}
