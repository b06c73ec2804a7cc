// Teams: to a student their own and who invites them, to the staff all of them.
import type { Metadata } from 'next';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { atLeast } from '@/lib/challenges/standing';
import { listTeams, teamPage } from '@/lib/challenges/team-view';
import { AllTeams } from './all-teams';
import { Alone } from './alone';
import { OwnTeam } from './own-team';

export const metadata: Metadata = { title: 'Teams' };

export default async function TeamPage({ params }: { params: Promise<{ slug: string }> }) {
  const { slug } = await params;
  const viewer = await currentViewer();
  const page = await orNotFound(teamPage(viewer, slug), `/challenges/${slug}/team`);
  const { challenge, standing, student, team, invitations } = page;
  const staff = atLeast(standing, 'assistant');
  const most = challenge.policy.teamSize;
  const settled = challenge.state === 'closed' || challenge.archived;
  return (
    <>
      <h1 className="text-display font-semibold">{staff ? 'Teams' : team ? team.name : 'Your team'}</h1>
      {most < 2 ? (
        <p className="mt-2 max-w-[70ch] text-muted">Everybody takes part in this challenge alone.</p>
      ) : (
        <p className="mt-2 max-w-[70ch] text-muted">
          A team has at most {most} students and stands on the board once, under its name. It shares one quota, and what its members had
          submitted alone before counts into it. Once the team has submitted, its members stay together: only an instructor moves
          somebody.
        </p>
      )}
      {settled && most > 1 && !staff && (
        <div className="mt-5">
          <Notice tone="info" role="note">
            The challenge has closed, and its teams stay as they are.
          </Notice>
        </div>
      )}
      {staff && <AllTeams slug={slug} teams={await listTeams(viewer, slug)} most={most} />}
      {team && <OwnTeam slug={slug} team={team} me={viewer!.id} most={most} settled={settled} />}
      {student && !team && !staff && most > 1 && <Alone slug={slug} invitations={invitations} most={most} settled={settled} />}
    </>
  );
}
