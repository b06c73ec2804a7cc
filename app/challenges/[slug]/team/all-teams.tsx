// Every team of a challenge, for its staff. Moving somebody is done on their own page.
import Link from 'next/link';
import { whole } from '@/app/ui/format';
import { Table, Td, Th } from '@/app/ui/table';
import type { TeamRow } from '@/lib/challenges/team-view';

export function AllTeams({ slug, teams, most }: { slug: string; teams: TeamRow[]; most: number }) {
  if (most < 2 && teams.length === 0) return null;
  return (
    <div className="mt-8">
      <Table caption={`${teams.length} ${teams.length === 1 ? 'team' : 'teams'}`} heads={['Team', 'Members', { number: 'Submissions' }]} empty="No team yet: students make them on this page.">
        {teams.map(({ id, name, members, submissions }) => (
          <tr key={id}>
            <Th>{name}</Th>
            <Td>
              <ul className="flex flex-wrap gap-x-4 gap-y-1">
                {members.map(({ userId, name: student, leader }) => (
                  <li key={userId}>
                    <Link href={`/challenges/${slug}/people/${userId}`} prefetch={false} className="link">
                      {student}
                    </Link>
                    {leader && <span className="text-small text-muted"> (leader)</span>}
                  </li>
                ))}
              </ul>
            </Td>
            <Td number>{whole(submissions)}</Td>
          </tr>
        ))}
      </Table>
    </div>
  );
}
