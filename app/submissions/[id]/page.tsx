// A submission: its headline first, then everything else as it lands.
import type { Metadata } from 'next';
import { StaffNotes } from '@/app/challenges/[slug]/people/staff-notes';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { orNotFound } from '@/app/ui/or-not-found';
import { phaseOf, PhaseSwitch } from '@/app/ui/phase-switch';
import { RefreshEvery } from '@/app/ui/refresh-every';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import type { Viewer } from '@/lib/auth/viewer';
import { getChallenge } from '@/lib/challenges/challenges';
import type { Metric } from '@/lib/evaluation/score';
import { offersFor } from '@/lib/evaluations/offers';
import { logOf } from '@/lib/evaluations/log';
import { policyGainsOf } from '@/lib/evaluations/policies';
import { resultsOf, type Results } from '@/lib/evaluations/results';
import { cellsAgainst, metricAgainst, rivalsOf, type Rival } from '@/lib/leaderboard/against';
import { rankedField } from '@/lib/leaderboard/ranked-field';
import { rankOf } from '@/lib/leaderboard/rank-of';
import { getSubmission, type Submission } from '@/lib/submissions/read';
import { Acts } from './acts';
import { Failed } from './failed';
import { FieldStrip } from './field-strip';
import { Headline } from './headline';
import { BelowResults } from './integrity/below';
import { StandingNotices } from './integrity/standing-notices';
import { Live } from './live';
import { Log } from './log';
import { Measured } from './measured';
import { Notes } from './notes';
import { Progress } from './progress';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ phase?: string; against?: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const submission = await currentViewer()
    .then((viewer) => getSubmission(viewer, id))
    .catch(() => null);
  return { title: submission?.name };
}

export default async function SubmissionPage({ params, searchParams }: Props) {
  const { id } = await params;
  const asked = await searchParams;
  const phase = phaseOf(asked.phase);
  const viewer = await currentViewer();
  const submission = await orNotFound(getSubmission(viewer, id, phase));
  const challenge = await getChallenge(submission.challenge.slug);
  const { primaryMetric } = challenge;
  const [results, place, offers, rivals] = await Promise.all([
    resultsOf(viewer, id, phase), rankOf(id, phase), offersFor(viewer, submission), rivalsOf(viewer, submission, primaryMetric),
  ]);
  const [log, field, gain, policies] = await Promise.all([
    logOf(submission, results.progress),
    rankedField(id, phase, primaryMetric),
    gainOf(viewer, submission, results, primaryMetric, rivals.previousBest),
    policyGainsOf(submission, results.protocol),
  ]);
  const against = asked.against ? await orNotFound(cellsAgainst(viewer, submission, asked.against, results.protocol)) : null;
  const unfinished = results.status === 'queued' || results.status === 'running';
  const settling = unfinished || ranksSoon(submission.evaluation.finishedAt);
  return (
    <>
      {unfinished && <Live submissionId={id} />}
      {!unfinished && settling && !place && <RefreshEvery seconds={3} />}
      <Title submission={submission} own={viewer?.id === submission.userId} />
      {submission.phases.includes('final') && <PhaseSwitch phase={phase} path={`/submissions/${id}`} />}
      <div className="mt-5 space-y-4">
        <div className="space-y-2">
          <Progress results={results} submission={submission} log={log} />
          <Log entries={log.entries} open={unfinished} />
        </div>
        <StandingNotices viewer={viewer} submission={submission} />
        <Acts submission={submission} offers={offers} />
        {results.failure && <Failed failure={results.failure} />}
        <Notes results={results} report={submission.report} />
      </div>
      {(unfinished || results.cells.length > 0) && (
        <Headline results={results} metric={primaryMetric} submission={submission} gain={gain}>
          <FieldStrip field={field} estimate={results.score?.[primaryMetric] ?? null} place={place} settling={settling} submission={submission} />
        </Headline>
      )}
      <Measured {...{ submission, challenge, results, phase, rivals, against, policies }} />
      <BelowResults viewer={viewer} submission={submission} />
      <div className="mt-12 empty:hidden">
        <StaffNotes viewer={viewer} slug={submission.challenge.slug} subject={{ submissionId: id }} />
      </div>
    </>
  );
}

/** The ranked figure against the best before it; null until both have it. */
async function gainOf(viewer: Viewer | null, submission: Submission, { score, protocol }: Results, metric: Metric, rival: Rival | null) {
  if (!rival || !score?.[metric]) return null;
  const difference = await metricAgainst(viewer, submission, rival.id, protocol, metric);
  return difference && { rival, difference };
}

/** Ranks are computed after the last figure has landed, by a job of their own: for a minute they may still come. */
function ranksSoon(finishedAt: string | null): boolean {
  return finishedAt !== null && Date.now() - Date.parse(finishedAt) < 60_000;
}

function Title({ submission, own }: { submission: Submission; own: boolean }) {
  const { name, comment, challenge, userName, team, createdAt, baseline } = submission;
  return (
    <div>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold break-words">{name}</h1>
      <p className="mt-1 text-muted">
        {baseline ? 'Baseline' : own ? 'Yours' : userName}
        {team && <> for {team.name}</>}, submitted <Time at={createdAt} />
      </p>
      {comment && <p className="mt-2 max-w-[78ch] break-words whitespace-pre-line">{comment}</p>}
    </div>
  );
}
