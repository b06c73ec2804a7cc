// The simulated class in a database: its challenge, its best student, its instructor, and what the addresses of its pages are filled with.
import { and, desc, eq, like, ne } from 'drizzle-orm';
import { database } from '../../../lib/db/client.ts';
import { challenges, evaluations, members, phases, ranks, reevaluations, submissions, users } from '../../../lib/db/schema.ts';
import { trialId } from '../../../lib/evaluation/trial-id.ts';
import type { Protocol } from '../../../lib/evaluation/trial.ts';
import type { Samples } from '../../e2e/pages.ts';

type Person = { id: string; email: string };
export type FoundClass = {
  slug: string; title: string; students: number; submissions: number;
  /** The student is the best of the board, whose submission is the sample. */
  student: Person; instructor: Person;
  samples: Samples;
};

/** The newest simulated class of the database. Null when there is none. */
export async function findClass(): Promise<FoundClass | null> {
  const db = database();
  const [challenge] = await db.select().from(challenges).where(like(challenges.slug, 'class-%')).orderBy(desc(challenges.createdAt)).limit(1);
  if (!challenge) return null;
  const [{ submissionId, protocol, ...student }] = await db
    .select({ id: users.id, email: users.email, submissionId: submissions.id, protocol: evaluations.protocol })
    .from(ranks)
    .innerJoin(submissions, eq(submissions.id, ranks.submissionId))
    .innerJoin(evaluations, and(eq(evaluations.submissionId, submissions.id), eq(evaluations.phaseId, ranks.phaseId)))
    .innerJoin(users, eq(users.id, submissions.userId))
    .where(and(eq(submissions.challengeId, challenge.id), eq(submissions.baseline, false)))
    .orderBy(ranks.position)
    .limit(1);
  const [instructor] = await db
    .select({ id: users.id, email: users.email })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.challengeId, challenge.id), eq(members.role, 'instructor'), like(users.email, '%@class.test')));
  const [another] = await db
    .select({ id: submissions.id })
    .from(submissions)
    .innerJoin(evaluations, eq(evaluations.submissionId, submissions.id))
    .where(and(eq(submissions.challengeId, challenge.id), eq(submissions.userId, student.id), ne(submissions.id, submissionId), eq(evaluations.status, 'finished')))
    .limit(1);
  const trial = (protocol as Protocol).trials.find(({ kind }) => kind === 'perturbation');
  const [run] = await db
    .select({ id: reevaluations.id })
    .from(reevaluations)
    .innerJoin(phases, eq(phases.id, reevaluations.phaseId))
    .where(eq(phases.challengeId, challenge.id))
    .limit(1);
  return {
    slug: challenge.slug, title: challenge.title, student, instructor,
    students: await db.$count(members, and(eq(members.challengeId, challenge.id), eq(members.role, 'student'))),
    submissions: await db.$count(submissions, eq(submissions.challengeId, challenge.id)),
    samples: {
      slug: challenge.slug, userId: student.id, 'administration/id': student.id, 'reevaluations/id': run?.id,
      'submissions/id': submissionId, another: another?.id, '...trialId': trial && trialId(trial),
    },
  };
}
