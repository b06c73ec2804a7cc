// The site's environment as notifications need it, its waiting jobs, and a person with a proved address.
import { eq, sql } from 'drizzle-orm';
import { vi } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { database } from '../../lib/db/client.ts';
import { notifications, users } from '../../lib/db/schema.ts';
import { person } from '../evaluations/stage.ts';

/** Call it before anything of lib is imported that reads the environment. */
export function setSite(more: Record<string, string> = {}): void {
  const site = { NEXTAUTH_URL: 'https://gauntlet.test', NEXTAUTH_SECRET: 'a-secret-of-thirty-two-characters!' };
  for (const [name, value] of Object.entries({ ...site, ...more })) vi.stubEnv(name, value);
}

export async function reachable(): Promise<Viewer & { email: string }> {
  const viewer = await person();
  const email = `${viewer.id.slice(0, 8)}@students.test`;
  await database().update(users).set({ email, emailVerifiedAt: new Date() }).where(eq(users.id, viewer.id));
  return { ...viewer, email };
}

export type Job = { id: string; payload: any; runAt: Date; key: string | null; maxAttempts: number };

/** Jobs of a task that wait, oldest first. */
export async function waiting(task: string): Promise<Job[]> {
  const rows = await database().execute<{ id: string; payload: any; run_at: string; key: string | null; max_attempts: number }>(sql`
    select j.id::text, j.payload, j.run_at, j.key, j.max_attempts
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where t.identifier = ${task} order by j.id`);
  return rows.map(({ run_at, max_attempts, ...rest }) => ({ ...rest, runAt: new Date(run_at), maxAttempts: max_attempts }));
}

/** Takes away all jobs of a task, as if they had been done. */
export async function clear(task: string): Promise<void> {
  const ids = JSON.stringify((await waiting(task)).map(({ id }) => id));
  await database().execute(sql`
    select graphile_worker.complete_jobs(array(select json_array_elements_text(${ids}::json)::bigint))`);
}

export async function notificationsOf({ id }: Viewer): Promise<(typeof notifications.$inferSelect)[]> {
  return database().select().from(notifications).where(eq(notifications.userId, id)).orderBy(notifications.createdAt);
}
