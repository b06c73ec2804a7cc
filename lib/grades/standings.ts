// Who is graded in a challenge, and by what: every student of it and every place of the class list that nobody has claimed.
import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { ChallengeView } from '../challenges/challenges.ts';
import { database } from '../db/client.ts';
import { members, ranks, rosterPlaces, users } from '../db/schema.ts';
import { counted } from '../leaderboard/counted.ts';
import { daysLate, deadlineFor } from '../submissions/lateness.ts';
import type { Standing } from './rule.ts';

export type Graded = Standing & {
  /** Null for a place of the class list without an account. */
  userId: string | null;
  name: string;
  email: string;
  studentNumber: string | null;
  section: string | null;
  /** What counts for the student; a team's counts for each of its members. */
  submission: { id: string; name: string; at: string } | null;
  rank: number | null;
};

/** Everybody, by name. `before` counts students (a team once) that stand significantly higher, not baselines. */
export async function gradedStudents(challenge: ChallengeView, phase: 'public' | 'final'): Promise<Graded[]> {
  const phaseId = challenge.phases.find(({ kind }) => kind === phase)!.id;
  const [people, places, entries] = await Promise.all([studentsOf(challenge.id), unclaimed(challenge.id), entriesOf(challenge, phaseId)]);
  const ofUser = new Map(entries.flatMap((entry) => (entry.teamId ? [] : [[entry.userId, entry]])));
  const ofTeam = new Map(entries.flatMap((entry) => (entry.teamId ? [[entry.teamId, entry]] : [])));
  const closesAt = challenge.closesAt === null ? null : new Date(challenge.closesAt);
  const graded = people.map((person): Graded => {
    const entry = (person.teamId && ofTeam.get(person.teamId)) || ofUser.get(person.userId);
    const { teamId: _team, extendedUntil: _extended, ...who } = person;
    if (!entry) return { ...who, ...nothing };
    const { id, name, at, ...standing } = entry;
    const late = daysLate(at, deadlineFor(closesAt, person.extendedUntil));
    return { ...who, ...standing, userId: who.userId, submission: { id, name, at: at.toISOString() }, daysLate: late };
  });
  return [...graded, ...places.map((place) => ({ ...place, userId: null, ...nothing }))].sort((a, b) => a.name.localeCompare(b.name));
}

const nothing = { submission: null, value: null, rank: null, before: 0, daysLate: 0 } as const;

type Listed = Pick<Graded, 'name' | 'email' | 'studentNumber' | 'section'>;
type Person = Listed & { userId: string; teamId: string | null; extendedUntil: Date | null };

/** The students of a challenge, as its class list knows them where they have a place on it. */
async function studentsOf(challengeId: string): Promise<Person[]> {
  const rows = await database()
    .select({ member: members, user: { name: users.name, email: users.email }, place: rosterPlaces })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(rosterPlaces, and(eq(rosterPlaces.challengeId, members.challengeId), eq(rosterPlaces.claimedBy, members.userId)))
    .where(and(eq(members.challengeId, challengeId), eq(members.role, 'student')));
  return rows.map(({ member: { userId, teamId, extendedUntil }, user, place }) => ({
    userId, teamId, extendedUntil,
    name: place?.name ?? user.name,
    email: place?.email ?? user.email,
    studentNumber: place?.studentNumber ?? null,
    section: place?.section ?? null,
  }));
}

async function unclaimed(challengeId: string): Promise<Listed[]> {
  const { name, email, studentNumber, section } = rosterPlaces;
  return database()
    .select({ name, email, studentNumber, section })
    .from(rosterPlaces)
    .where(and(eq(rosterPlaces.challengeId, challengeId), isNull(rosterPlaces.claimedBy)));
}

type Entry = {
  id: string;
  name: string;
  userId: string;
  teamId: string | null;
  at: Date;
  value: number | null;
  rank: number | null;
  before: number;
};

/** What counts in a phase, with its place among what counts. */
async function entriesOf({ primaryMetric }: ChallengeView, phaseId: string): Promise<Entry[]> {
  const rows = (await counted(phaseId, primaryMetric)).filter(({ baseline }) => !baseline);
  const ids = rows.map(({ submissionId }) => submissionId);
  const places = await database().select({ id: ranks.submissionId, rank: ranks.rank }).from(ranks)
    .where(and(eq(ranks.phaseId, phaseId), inArray(ranks.submissionId, ids)));
  const rankOf = new Map(places.map(({ id, rank }) => [id, rank]));
  const ranked = [...rankOf.values()];
  return rows.map(({ submissionId: id, userId, teamId, name, requestedAt: at, score }) => {
    const rank = rankOf.get(id) ?? null;
    // Baselines are among those a rank counts, so students are counted by themselves.
    const before = rank === null ? 0 : ranked.filter((other) => other < rank).length / ranked.length;
    const value = rank === null ? null : (score?.[primaryMetric]?.value ?? null);
    return { id, name, userId, teamId, at, rank, before, value };
  });
}
