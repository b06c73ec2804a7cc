// The browsers that are signed in as the viewer, and signing them out.
import { browserName } from '@/lib/accounts/browser-name';
import type { SessionView } from '@/lib/auth/sessions';
import { button } from '../ui/button';
import { Table, Td, Th } from '../ui/table';
import { Time } from '../ui/time';
import { dropSession, signOutEverywhere, signOutOthers } from './actions';
import { rowButton, Section } from './section';

export function Sessions({ sessions }: { sessions: SessionView[] }) {
  return (
    <Section id="sessions" title="Sessions" intro="A session that is ended here is over at once. API tokens stay.">
      <Table caption="Signed-in browsers" heads={['Browser', 'Signed in', 'Last seen', 'Until', 'Action']} empty="">
        {sessions.map(({ id, userAgent, createdAt, lastSeenAt, expiresAt, current }) => (
          <tr key={id}>
            <Th>{browserName(userAgent)}</Th>
            <Td>
              <Time at={createdAt} />
            </Td>
            <Td>{current ? 'this browser' : <Time at={lastSeenAt} />}</Td>
            <Td>
              <Time at={expiresAt} />
            </Td>
            <Td>
              {!current && (
                <form action={dropSession}>
                  <input type="hidden" name="id" value={id} />
                  <button type="submit" aria-label={`End the session of ${browserName(userAgent)}`} className={rowButton}>
                    End
                  </button>
                </form>
              )}
            </Td>
          </tr>
        ))}
      </Table>
      <div className="flex flex-wrap gap-3">
        {sessions.length > 1 && (
          <form action={signOutOthers}>
            <button type="submit" className={button.plain}>
              Sign out all others
            </button>
          </form>
        )}
        <form action={signOutEverywhere}>
          <button type="submit" className={button.danger}>
            Sign out everywhere
          </button>
        </form>
      </div>
    </Section>
  );
}
