// How a phase went: the best figure so far, the viewer's own, and how the field was spread, over its days. Once a snapshot.
import { quantileSorted } from 'd3-array';
import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, members, submissions } from '../db/schema.ts';
import type { Metric } from '../evaluation/score.ts';
import type { PhaseKind } from './board.ts';
import { rankedColumns, sender, standsFor, takesPart } from './counted.ts';
import { fieldOf, type Field } from './field.ts';
import { snapshotOf, type Snapshot } from './snapshot.ts';

/** From `at` (milliseconds) on, until the next. */
export type Step = { at: number; value: number };
/** How the best so far of all who had one were spread at a moment. */
export type Spread = { at: number; low: number; middle: number; high: number; students: number };

export type BoardHistory = {
  challenge: ChallengeView;
  phase: PhaseKind;
  /** Milliseconds; the first submission's and the last's where they lie outside the challenge's own. */
  from: number;
  to: number;
  best: Step[];
  /** The viewer's, or their team's. */
  own: Step[];
  /** Quartiles, at some hundred moments. */
  spread: Spread[];
  marks: Field['marks'];
};

type Entry = { owner: string; at: number; value: number };
/** Of everybody; `steps` are each one's own. */
type Shared = Pick<BoardHistory, 'best' | 'spread' | 'from' | 'to'> & { steps: ReadonlyMap<string, Step[]> };

const moments = 120;
const known = new WeakMap<Snapshot, Promise<Shared>>();

/** By when a model was handed in, and what it is measured at now. Throws as `board` does. */
export async function boardHistory(viewer: Viewer | null, slug: string, phase: PhaseKind = 'public'): Promise<BoardHistory> {
  const { challenge } = await admitted(viewer, slug);
  const { id: challengeId, primaryMetric: metric } = challenge;
  const phaseId = challenge.phases.find(({ kind }) => kind === phase)!.id;
  const snapshot = await snapshotOf({ challengeId, phaseId, metric });
  let shared = known.get(snapshot);
  if (!shared) {
    shared = entriesOf(phaseId, metric).then((entries) => sharedOf(entries, challenge));
    known.set(snapshot, shared);
    shared.catch(() => known.delete(snapshot));
  }
  const { steps, ...rest } = await shared;
  const owner = viewer && (snapshot.teamOf.get(viewer.id) ?? viewer.id);
  return { challenge, phase, ...rest, own: (owner && steps.get(owner)) || [], marks: fieldOf(snapshot, metric).marks };
}

async function entriesOf(phaseId: string, metric: Metric): Promise<Entry[]> {
  const rows = await database()
    .select({ owner: sql<string>`${standsFor}`, at: submissions.createdAt, value: rankedColumns[metric] })
    .from(evaluations)
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .leftJoin(members, sender)
    .where(and(
      eq(evaluations.phaseId, phaseId), evaluations.current, eq(submissions.baseline, false), isNull(submissions.disqualifiedAt),
      sql`${evaluations.status} <> 'cancelled'`, isNotNull(rankedColumns[metric]), takesPart,
    ))
    .orderBy(submissions.createdAt);
  return rows.map(({ owner, at, value }) => ({ owner, at: at.getTime(), value: value! }));
}

/** Pure: what the entries, in the order of their times, come to. */
export function sharedOf(entries: readonly Entry[], { opensAt, closesAt }: Pick<ChallengeView, 'opensAt' | 'closesAt'>, now = Date.now()): Shared {
  const end = closesAt === null ? now : Math.min(now, Date.parse(closesAt));
  const from = Math.min(Date.parse(opensAt), entries[0]?.at ?? Infinity);
  const to = Math.max(from + 1, end, entries.at(-1)?.at ?? -Infinity);
  const steps = new Map<string, Step[]>();
  const best: Step[] = [];
  const spread: Spread[] = [];
  let next = 0;
  for (let i = 1; i <= moments; i++) {
    const at = from + ((to - from) * i) / moments;
    for (; next < entries.length && entries[next].at <= at; next++) {
      const { owner, at: when, value } = entries[next];
      improve(best, when, value);
      const own = steps.get(owner) ?? [];
      improve(own, when, value);
      steps.set(owner, own);
    }
    if (steps.size > 0) spread.push(spreadAt(at, steps));
  }
  return { from, to, best, steps, spread };
}

function improve(steps: Step[], at: number, value: number): void {
  const last = steps.at(-1);
  if (!last || value > last.value) steps.push({ at, value });
}

function spreadAt(at: number, steps: ReadonlyMap<string, Step[]>): Spread {
  const values = Array.from(steps.values(), (own) => own.at(-1)!.value).sort((a, b) => a - b);
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantileSorted(values, share)!);
  return { at, low, middle, high, students: values.length };
}
