// A challenge with one person of each kind, and what they own, for the authorisation matrix.
import { randomUUID } from 'node:crypto';
import { and, eq, inArray } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { startSession } from '../../lib/auth/sessions.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import {
  announcements, challenges, drafts, members, phases, reevaluations, regradeRequests, rosterPlaces, staffNotes,
} from '../../lib/db/schema.ts';
import { challengeOf, enrol, person } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

/** In the order of a row's letters. */
export const personas = ['visitor', 'owner', 'other', 'assistant', 'instructor', 'elsewhere', 'administrator'] as const;
export type Persona = (typeof personas)[number];

export type World = {
  people: Record<Persona, Viewer | null>;
  slug: string;
  protocolJson: string;
  joinCode: string;
  /** Session cookies by persona; none for the visitor. */
  cookies: Partial<Record<Persona, string>>;
  /** Each makes a new one and gives its id: a finished submission and a draft of the owner's, another student of the challenge, ... */
  submission(): Promise<string>;
  draft(): Promise<string>;
  student(): Promise<string>;
  /** Of the class list, claimed by nobody unless said. */
  place(claimedBy?: string): Promise<string>;
  announcement(): Promise<string>;
  note(): Promise<string>;
  regrade(): Promise<string>;
  reevaluation(): Promise<string>;
  /** Undo what a row has changed: of the challenge, of who is in it, of who is signed in. */
  reset(): Promise<void>;
  enrolAgain(): Promise<void>;
  signInAgain(): Promise<void>;
};

/** `elsewhere` teaches another challenge, and has no part in this one. */
export async function makeWorld(visibility: 'public' | 'members', secret: string): Promise<World> {
  const [owner, other, assistant, instructor, elsewhere, administrator] = await Promise.all([
    person(), person(), person(), person('instructor'), person('instructor'), person('administrator'),
  ]);
  const people = { visitor: null, owner, other, assistant, instructor, elsewhere, administrator };
  const { id: challengeId, slug } = await challengeOf(protocol, instructor);
  await challengeOf(protocol, elsewhere);
  const [phase] = await database().select().from(phases).where(eq(phases.challengeId, challengeId)).orderBy(phases.kind);
  const joinCode = randomUUID().slice(0, 12);
  const cookies: World['cookies'] = {};
  const submission = async () => (await evaluated(owner, challengeId, { mixed: 200, clean: 300, 'mixed+shift': 300 })).submissionId;
  const world: World = {
    people, slug, joinCode, cookies, submission,
    protocolJson: JSON.stringify(protocol),
    async draft() {
      const problem = { code: 'not-onnx', found: 'No model.', wanted: 'A model.', fix: 'Send one.' };
      const expiresAt = new Date(Date.now() + 3_600_000);
      const [row] = await database().insert(drafts).values({ userId: owner.id, challengeId, files: [], problem, expiresAt }).returning();
      return row.id;
    },
    student: async () => (await enrol(await person(), challengeId)).id,
    async place(claimedBy?: string) {
      const [row] = await database().insert(rosterPlaces).values({ challengeId, email: `${randomUUID()}@uni.test`, name: 'Expected', claimedBy }).returning();
      return row.id;
    },
    async announcement() {
      const [row] = await database().insert(announcements).values({ challengeId, title: 'News', body: 'None.' }).returning();
      return row.id;
    },
    async note() {
      const about = { userId: owner.id, authorId: assistant.id, body: 'Asked twice.' };
      const [row] = await database().insert(staffNotes).values({ challengeId, ...about }).returning();
      return row.id;
    },
    async regrade() {
      const row = { submissionId: await submission(), userId: owner.id, message: 'Look again.' };
      return (await database().insert(regradeRequests).values(row).returning())[0].id;
    },
    async reevaluation() {
      const [row] = await database().insert(reevaluations).values({ phaseId: phase.id, reason: 'A bug', protocol }).returning();
      return row.id;
    },
    async reset() {
      const open = { visibility, opensAt: new Date(Date.now() - 3_600_000), closesAt: null, pausedAt: null, archivedAt: null, joinCode };
      await database().update(challenges).set(open).where(eq(challenges.id, challengeId));
    },
    async enrolAgain() {
      for (const student of [owner, other]) await enrol(student, challengeId);
      await enrol(assistant, challengeId, 'assistant');
      await enrol(instructor, challengeId, 'instructor');
      const strangers = [elsewhere.id, administrator.id];
      await database().delete(members).where(and(eq(members.challengeId, challengeId), inArray(members.userId, strangers)));
    },
    async signInAgain() {
      for (const name of personas) {
        const viewer = people[name];
        if (viewer) cookies[name] = await cookieOf(viewer, secret);
      }
    },
  };
  await world.reset();
  await world.enrolAgain();
  await world.signInAgain();
  return world;
}

/** A session of theirs, as `name=value`, sealed with NEXTAUTH_SECRET. */
export async function cookieOf(viewer: { id: string }, secret: string): Promise<string> {
  const sid = await database().transaction((tx) => startSession(tx, viewer.id, 'a test'));
  return `next-auth.session-token=${await encode({ token: { sub: viewer.id, sid }, secret })}`;
}
