// The viewer's API tokens.
import { scopes } from '@/lib/auth/scopes';
import type { TokenView } from '@/lib/auth/tokens';
import { Table, Td, Th } from '../ui/table';
import { Time } from '../ui/time';
import { dropToken } from './actions';
import { lives } from './expiry';
import { rowButton, Section } from './section';
import { TokenForm } from './token-form';

export function Tokens({ tokens }: { tokens: TokenView[] }) {
  const never = <span className="text-muted">never</span>;
  return (
    <Section
      id="tokens"
      title="API tokens"
      intro={
        <>
          For <code className="text-small">npx gauntlet submit</code> and for scripts. Give each what it needs and no more, and keep it as
          you keep a password.
        </>
      }
    >
      <TokenForm scopes={Object.entries(scopes)} lives={lives} />
      {tokens.length > 0 && (
        <Table caption="Your API tokens" heads={['Name', 'May', 'Made', 'Last used', 'Expires', 'Action']} empty="">
          {tokens.map(({ id, name, scopes: held, createdAt, lastUsedAt, expiresAt }) => (
            <tr key={id}>
              <Th>{name}</Th>
              <Td>{held.join(', ')}</Td>
              <Td>
                <Time at={createdAt} />
              </Td>
              <Td>{lastUsedAt ? <Time at={lastUsedAt} /> : never}</Td>
              <Td>{expiresAt ? <Time at={expiresAt} /> : never}</Td>
              <Td>
                <form action={dropToken}>
                  <input type="hidden" name="id" value={id} />
                  <button type="submit" aria-label={`Revoke ${name}`} className={rowButton}>
                    Revoke
                  </button>
                </form>
              </Td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}
