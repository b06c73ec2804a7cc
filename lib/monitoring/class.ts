// The class: every counted submission under every perturbation, for its staff. Reads what scores say; measures nothing.
import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Viewer } from '../auth/viewer.ts';
import type { ChallengeView } from '../challenges/challenges.ts';
import { admitted } from '../challenges/standing.ts';
import { database } from '../db/client.ts';
import { evaluations, members, rosterPlaces, submissions, teams, users } from '../db/schema.ts';
import type { Metric } from '../evaluation/score.ts';
import { chosenOf, sender } from '../leaderboard/counted.ts';
import { classColumns, rungKey, type ClassColumn } from './class-columns.ts';

export type ClassRow = {
  submissionId: string;
  /** The student's name, a team's, or of a baseline its own. */
  name: string;
  section: string | null;
  baseline: boolean;
  flags: number;
  /**
   * Accuracy in [0, 1] of the bare model by column key: of a perturbation the mean over its severities, of a radius under the worst
   * attack for each image. Missing until all it is made of has landed.
   */
  values: ReadonlyMap<string, number>;
};

export type ClassView = { challenge: ChallengeView; phase: 'public' | 'final'; columns: ClassColumn[]; rows: ClassRow[] };

/** Students first, else in no order. Throws RequestError 401, 403 (not of the staff), 404 (challenge). */
export async function classView(viewer: Viewer | null, slug: string, phase: 'public' | 'final' = 'public'): Promise<ClassView> {
  const { challenge } = await admitted(viewer, slug, 'assistant');
  const phaseId = challenge.phases.find(({ kind }) => kind === phase)!.id;
  const [found, sections] = await Promise.all([figuresOf(phaseId, challenge.primaryMetric), sectionsOf(challenge.id)]);
  const rows = found.map(({ submissionId, userId, name, by, team, baseline, figures }) => ({
    submissionId,
    name: baseline ? name : (team ?? by),
    section: baseline ? null : (sections.get(userId) ?? null),
    baseline,
    flags: figures?.flags ?? 0,
    values: valuesOf(figures),
  }));
  return { challenge, phase, columns: classColumns(challenge.protocol), rows: rows.toSorted((a, b) => Number(a.baseline) - Number(b.baseline)) };
}

type Figures = { clean: number | null; mixed: number | null; perturbations: [string, number | null][]; ladder: [number, number][]; flags: number };

/** Of a score a class needs a fiftieth, so the rest stays in the database; it is unpacked once a row, which `offset 0` sees to. */
async function figuresOf(phaseId: string, metric: Metric) {
  const chosen = chosenOf(phaseId, metric).as('counting');
  const figures = sql<Figures | null>`(select jsonb_build_object(
      'clean', coalesce(s -> 'bare', s) -> 'clean' -> 'value', 'mixed', coalesce(s -> 'bare', s) -> 'mixed' -> 'value',
      'perturbations', (select coalesce(jsonb_agg(jsonb_build_array(each -> 'perturbation', each -> 'mean' -> 'value')), '[]')
        from jsonb_array_elements(s -> 'perturbations') each),
      'ladder', (select coalesce(jsonb_agg(jsonb_build_array(each -> 'epsilon', each -> 'worst' -> 'value')), '[]')
        from jsonb_array_elements(s -> 'ladder') each),
      'flags', jsonb_array_length(coalesce(s -> 'flags', '[]')))
    from (select ${evaluations.score} - 'policies' as s offset 0) unpacked where s is not null)`;
  return database()
    .select({
      submissionId: submissions.id, userId: submissions.userId, name: submissions.name, by: users.name, team: teams.name,
      baseline: submissions.baseline, figures,
    })
    .from(chosen)
    .innerJoin(evaluations, eq(evaluations.id, chosen.evaluationId))
    .innerJoin(submissions, eq(submissions.id, evaluations.submissionId))
    .innerJoin(users, eq(users.id, submissions.userId))
    .leftJoin(members, sender)
    .leftJoin(teams, sql`${teams.id} = coalesce(${submissions.teamId}, ${members.teamId})`);
}

function valuesOf(figures: Figures | null): Map<string, number> {
  if (!figures) return new Map();
  const { clean, mixed, perturbations, ladder } = figures;
  const rungs = ladder.map(([epsilon, value]) => [rungKey(epsilon), value] as const);
  const all: (readonly [string, number | null])[] = [['clean', clean], ['mixed', mixed], ...perturbations, ...rungs];
  return new Map(all.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const])));
}

async function sectionsOf(challengeId: string): Promise<Map<string, string>> {
  const rows = await database()
    .select({ userId: rosterPlaces.claimedBy, section: rosterPlaces.section })
    .from(rosterPlaces)
    .where(and(eq(rosterPlaces.challengeId, challengeId), isNotNull(rosterPlaces.claimedBy), isNotNull(rosterPlaces.section)));
  return new Map(rows.map(({ userId, section }) => [userId!, section!]));
}
