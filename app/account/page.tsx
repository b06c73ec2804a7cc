// The viewer's account: who one is, API tokens, signing out here and everywhere.
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { currentViewer } from '@/lib/auth/session';
import { listTokens, type TokenView } from '@/lib/auth/tokens';
import { button } from '../ui/button';
import { Time } from '../ui/time';
import { dropToken, signOut, signOutEverywhere } from './actions';
import { TokenForm } from './token-form';

export const metadata: Metadata = { title: 'Account' };

export default async function AccountPage() {
  const viewer = await currentViewer();
  if (!viewer) redirect('/login?to=/account');
  const tokens = await listTokens(viewer);
  return (
    <div className="max-w-[48rem]">
      <h1 className="text-display font-semibold">{viewer.name}</h1>
      <p className="mt-1 text-muted capitalize">{viewer.role}</p>

      <section aria-labelledby="tokens" className="mt-10">
        <h2 id="tokens" className="text-title font-semibold">
          API tokens
        </h2>
        <p className="mt-1 mb-4 max-w-[62ch] text-muted">
          For <code className="text-small">npx gauntlet submit</code> and for scripts. A token may do what you may do: keep it as you keep
          a password.
        </p>
        <TokenForm />
        {tokens.length > 0 && <TokenTable tokens={tokens} />}
      </section>

      <section aria-labelledby="sessions" className="mt-10">
        <h2 id="sessions" className="text-title font-semibold">
          Sessions
        </h2>
        <p className="mt-1 mb-4 max-w-[62ch] text-muted">
          Signing out everywhere ends every session of this account at once, on all devices. API tokens stay.
        </p>
        <div className="flex flex-wrap gap-3">
          <form action={signOut}>
            <button type="submit" className={button.plain}>
              Sign out
            </button>
          </form>
          <form action={signOutEverywhere}>
            <button type="submit" className={button.danger}>
              Sign out everywhere
            </button>
          </form>
        </div>
      </section>
    </div>
  );
}

function TokenTable({ tokens }: { tokens: TokenView[] }) {
  return (
    <div className="mt-6 overflow-x-auto">
      <table className="w-full text-left">
        <caption className="sr-only">Your API tokens</caption>
        <thead className="text-small text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-2 pr-4 font-medium">
              Name
            </th>
            <th scope="col" className="py-2 pr-4 font-medium">
              Made
            </th>
            <th scope="col" className="py-2 pr-4 font-medium">
              Last used
            </th>
            <th scope="col" className="py-2">
              <span className="sr-only">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map(({ id, name, createdAt, lastUsedAt }) => (
            <tr key={id} className="border-b border-line">
              <th scope="row" className="py-2 pr-4 font-medium">
                {name}
              </th>
              <td className="py-2 pr-4">
                <Time at={createdAt} />
              </td>
              <td className="py-2 pr-4">{lastUsedAt ? <Time at={lastUsedAt} /> : <span className="text-muted">never</span>}</td>
              <td className="py-2 text-right">
                <form action={dropToken}>
                  <input type="hidden" name="id" value={id} />
                  <button
                    type="submit"
                    aria-label={`Revoke ${name}`}
                    className="rounded-small px-2 py-1 text-small font-medium text-bad hover:bg-bad-wash"
                  >
                    Revoke
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
