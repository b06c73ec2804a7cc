// The built site over a simulated class and an empty challenge, with a session for each kind of person: what is looked at and measured.
import { randomBytes, randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { createChallenge, findChallenge } from '../../lib/challenges/challenges.ts';
import { database } from '../../lib/db/client.ts';
import { members, users } from '../../lib/db/schema.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { unsubscribeToken } from '../../lib/notifications/unsubscribe.ts';
import { cookieOf } from '../authorisation/world.ts';
import { findClass, type FoundClass } from '../bench/class/find.ts';
import { seedClass, type ClassOptions } from '../bench/class/seed.ts';
import { startWeb, type Web } from './bare-site.ts';
import { roles, sightsOf, sightsOfNothing, type Role, type Sight } from './pages.ts';

// Sealed with it here and by the site: before anybody reads the environment.
const secret = (process.env.NEXTAUTH_SECRET ??= randomBytes(32).toString('hex'));
/** The first test key of RFC 8032, so that receipts are signed. */
const GAUNTLET_SIGNING_KEY = 'MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g';

/** What one looks at, in a challenge full of people or in one where nothing has happened. `cookies` are `name=value`; a visitor has none. */
export type Tour = { of: 'class' | 'empty'; sights: Sight[]; missing: string[]; cookies: Record<Role, string | null> };
export type ClassSite = Web & {
  found: FoundClass;
  tours: Tour[];
  /** Pages of a site that has no administrator must be looked at before this. */
  appointAdministrator(): Promise<void>;
};

/**
 * Over the database that this process is connected to, which gets the class when it has none, and an empty challenge. Throws
 * RequestError 409 when there is no class and others have accounts.
 */
export async function startClassSite(databaseUrl: string, options: Omit<ClassOptions, 'intoExisting'>): Promise<ClassSite> {
  if (!(await findClass())) await seedClass({ ...options, intoExisting: false });
  const found = (await findClass())!;
  const newcomer = await personNamed('newcomer', 'student');
  const slug = await emptyChallenge(found.instructor.id, newcomer);
  const web = await startWeb(databaseUrl, () => ({ NEXTAUTH_SECRET: secret, GAUNTLET_SIGNING_KEY, LOG_LEVEL: 'error' }));
  const full = sightsOf({ ...found.samples, token: unsubscribeToken(found.student.id, 'evaluation-finished') });
  const tours: Tour[] = [
    { of: 'class', ...full, cookies: await sessionsOf({ student: found.student.id, instructor: found.instructor.id }) },
    { of: 'empty', sights: sightsOfNothing(slug), missing: [], cookies: await sessionsOf({ student: newcomer, instructor: found.instructor.id }) },
  ];
  return {
    ...web, found, tours,
    async appointAdministrator() {
      const id = await personNamed('administrator', 'administrator');
      for (const { cookies } of tours) cookies.administrator = await cookieOf({ id }, secret);
    },
  };
}

async function sessionsOf(people: Partial<Record<Role, string>>): Promise<Tour['cookies']> {
  const cookies = roles.map(async (role) => [role, people[role] ? await cookieOf({ id: people[role] }, secret) : null]);
  return Object.fromEntries(await Promise.all(cookies));
}

async function emptyChallenge(instructorId: string, studentId: string): Promise<string> {
  const slug = 'nothing-yet';
  if (await findChallenge(slug)) return slug;
  const { id: challengeId } = await createChallenge({ slug, title: 'Nothing yet', description: 'Opened a minute ago.', protocol: protocols.quick, instructorId });
  await database().insert(members).values({ challengeId, userId: studentId });
  return slug;
}

async function personNamed(name: string, role: 'student' | 'administrator'): Promise<string> {
  const email = `${name}@class.test`;
  const [there] = await database().select({ id: users.id }).from(users).where(eq(users.email, email));
  if (there) return there.id;
  const [made] = await database().insert(users).values({ id: randomUUID(), email, name: `Class ${name}`, role, emailVerifiedAt: new Date() }).returning({ id: users.id });
  return made.id;
}
