// What is old goes, what is young or referred to stays, rule by rule; and an archived challenge loses nothing that its rules do not name.
import { randomBytes, randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storeBytes } from '../../lib/artifacts/store.ts';
import { readArtifact } from '../../lib/artifacts/read.ts';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { archiveChallenge, unarchiveChallenge } from '../../lib/challenges/archive.ts';
import { closeNow, setPolicy } from '../../lib/challenges/edit.ts';
import { database } from '../../lib/db/client.ts';
import { expireOld, keptDays, retention } from '../../lib/monitoring/retention.ts';
import { getSubmission, openFile } from '../../lib/submissions/read.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';
import { challengeOf, draftRow, linearModel, person, submit } from '../evaluations/stage.ts';
import { evaluated, protocol } from '../leaderboard/stage.ts';

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

const count = async (what: ReturnType<typeof sql>) => Number((await database().execute<{ n: number }>(sql`select count(*)::int as n from ${what}`))[0].n);
const run = (statement: ReturnType<typeof sql>) => database().execute(statement);
/** A moment so many days ago, and a minute more or less. */
const ago = (days: number, minutes: number) => sql`now() - make_interval(days => ${days}, mins => ${minutes})`;

/** Each makes one row that is over by a minute and one that is not yet; `left` counts both. */
const pairs: Partial<Record<keyof typeof retention, { make: (minutes: number, who: Viewer) => Promise<unknown>; left: ReturnType<typeof sql> }>> = {
  drafts: {
    make: async (minutes, who) => draftRow(who, (await challengeOf(protocol)).id, new Date(), new Date(Date.now() - minutes * 60_000)),
    left: sql`drafts`,
  },
  artifacts: {
    make: async (minutes) => {
      const { sha256 } = await storeBytes(randomBytes(10));
      await run(sql`update artifacts set used_at = ${ago(1, minutes)} where sha256 = ${sha256}`);
    },
    left: sql`artifacts where bytes = 10`,
  },
  sessions: {
    make: (minutes, who) => run(sql`insert into sessions (user_id, expires_at) values (${who.id}, ${ago(0, minutes)})`),
    left: sql`sessions`,
  },
  emailCodes: {
    make: (minutes, who) => run(sql`
      insert into email_codes (code_hash, purpose, user_id, email, expires_at)
      values (${randomUUID()}, 'reset-password', ${who.id}, 'a@gauntlet.test', ${ago(0, minutes)})`),
    left: sql`email_codes`,
  },
  apiTokens: {
    make: (minutes, who) => run(sql`
      insert into api_tokens (user_id, name, token_hash, expires_at) values (${who.id}, 't', ${randomUUID()}, ${ago(keptDays.expiredTokens, minutes)})`),
    left: sql`api_tokens`,
  },
  idempotencyKeys: {
    make: (minutes, who) => run(sql`
      insert into idempotency_keys (user_id, key, request_hash, created_at) values (${who.id}, ${randomUUID()}, '', ${ago(1, minutes)})`),
    left: sql`idempotency_keys`,
  },
  rateLimits: {
    make: (minutes) => run(sql`insert into rate_limits (key, used, ends_at) values (${randomUUID()}, 1, ${ago(0, minutes)})`),
    left: sql`rate_limits`,
  },
  notifications: {
    make: (minutes, who) => run(sql`
      insert into notifications (user_id, kind, subject_id, created_at)
      values (${who.id}, 'announcement', ${randomUUID()}, ${ago(keptDays.notifications, minutes)})`),
    left: sql`notifications`,
  },
  workers: {
    make: (minutes) => run(sql`
      insert into workers (id, name, engine, device, concurrency, stopped_at)
      values (${randomUUID()}, 'w', 'e', 'cpu', 1, ${ago(keptDays.stoppedWorkers, minutes)})`),
    left: sql`workers where name = 'w'`,
  },
  givenUpJobs: {
    make: (minutes) => run(sql`
      select graphile_worker.add_job('lost', '{}', run_at => ${ago(keptDays.givenUpJobs, minutes)}, max_attempts => 1),
        graphile_worker.add_job('waiting', '{}', run_at => ${ago(keptDays.givenUpJobs, minutes)})`)
      .then(() => run(sql`update graphile_worker._private_jobs set attempts = 1 where max_attempts = 1`)),
    left: sql`graphile_worker.jobs where task_identifier in ('lost', 'waiting')`,
  },
};

test('every rule is tried: in pairs here, and those of archived challenges below', () => {
  expect([...Object.keys(pairs), 'archivedFiles', 'archivedPeople'].toSorted()).toEqual(Object.keys(retention).toSorted());
});

test.each(Object.entries(pairs))('of %s what is over goes and what is not stays', async (name, { make, left }) => {
  const who = await person();
  const before = await count(left);
  await make(-1, who);
  const young = await count(left);
  await make(1, who);
  expect(await count(left)).toBeGreaterThan(young);
  const expired = await expireOld();
  expect(expired[name as keyof typeof retention]).toBe(1);
  // The job that was never tried is due, however long ago that was.
  expect(await count(left)).toBe(young + (name === 'givenUpJobs' ? 1 : 0));
  expect(young).toBeGreaterThan(before);
  expect(await expireOld()).toEqual({});
});

test('a worker that lives, a token without an end and a job that runs stay however old they are', async () => {
  const who = await person();
  await run(sql`insert into workers (id, name, engine, device, concurrency, started_at) values (${randomUUID()}, 'old', 'e', 'cpu', 1, ${ago(900, 0)})`);
  await run(sql`insert into api_tokens (user_id, name, token_hash, created_at) values (${who.id}, 'for ever', ${randomUUID()}, ${ago(900, 0)})`);
  await run(sql`select graphile_worker.add_job('runs', '{}', run_at => ${ago(900, 0)}, max_attempts => 1)`);
  await run(sql`update graphile_worker._private_jobs set attempts = 1, locked_at = now(), locked_by = 'somebody' where max_attempts = 1`);
  expect(await expireOld()).toEqual({});
});

test('a rule that fails keeps no other from its work, and is named', async () => {
  const who = await person();
  await pairs.rateLimits!.make(1, who);
  await run(sql`alter table sessions rename to elsewhere`);
  await expect(expireOld()).rejects.toThrow(/could not delete sessions: /);
  await run(sql`alter table elsewhere rename to sessions`);
  expect(await count(sql`rate_limits where ends_at < now()`)).toBe(0);
});

describe('an archived challenge', () => {
  const file = { name: 'model.onnx' };
  /** A closed challenge with one evaluated submission, its class list and its notes. */
  async function course(seed: number) {
    const instructor = await person('instructor');
    const challenge = await challengeOf(protocol, instructor);
    const student = await person();
    const { submissionId } = await evaluated(student, challenge.id, { mixed: 300, clean: 380, 'mixed+shift': 300 });
    const { sha256, bytes } = await storeBytes(Buffer.from(`upload ${seed}`));
    await run(sql`update submissions set comment = 'my first', files = ${JSON.stringify([{ ...file, sha256, bytes }])}::jsonb where id = ${submissionId}`);
    await run(sql`insert into roster_places (challenge_id, email, name) values (${challenge.id}, 'a@class.test', 'A')`);
    await run(sql`insert into staff_notes (challenge_id, user_id, body) values (${challenge.id}, ${student.id}, 'late twice')`);
    await run(sql`insert into regrade_requests (submission_id, user_id, message) values (${submissionId}, ${student.id}, 'why?')`);
    await run(sql`update artifacts set used_at = ${ago(900, 0)} where sha256 = ${sha256} or sha256 = (select model_sha256 from submissions where id = ${submissionId})`);
    return { instructor, student, challenge, submissionId, upload: sha256 };
  }
  const archivedFor = (id: string, days: number, minutes: number) => run(sql`update challenges set archived_at = ${ago(days, minutes)} where id = ${id}`);
  const people = async (challengeId: string) => Promise.all([
    count(sql`roster_places where challenge_id = ${challengeId}`), count(sql`staff_notes where challenge_id = ${challengeId}`),
    count(sql`regrade_requests r join submissions s on s.id = r.submission_id where s.challenge_id = ${challengeId}`),
    count(sql`submissions where challenge_id = ${challengeId} and comment is not null`),
  ]);
  const ruled = async (course: { instructor: Viewer; challenge: { slug: string } }, policy: object) => {
    await setPolicy(course.instructor, course.challenge.slug, policy);
    await closeNow(course.instructor, course.challenge.slug);
    await archiveChallenge(course.instructor, course.challenge.slug);
  };

  test('keeps everything for ever unless an instructor chose otherwise', async () => {
    const old = await course(1);
    await ruled(old, {});
    await archivedFor(old.challenge.id, 3000, 0);
    expect(await expireOld()).toEqual({});
    expect(await readArtifact(old.upload)).toHaveLength(8);
    expect(await people(old.challenge.id)).toEqual([1, 1, 1, 1]);
  });

  test('loses students’ files after its days, never before, and keeps scores, hashes and what others have too', async () => {
    const [over, young, running] = [await course(2), await course(3), await course(4)];
    for (const one of [over, young, running]) await ruled(one, { keepFilesDays: 30 });
    await archivedFor(over.challenge.id, 30, 1);
    await archivedFor(young.challenge.id, 30, -1);
    await archivedFor(running.challenge.id, 30, 1);
    await run(sql`update evaluations set status = 'running', started_at = now(), finished_at = null where submission_id = ${running.submissionId}`);
    const before = await getSubmission(over.student, over.submissionId);

    expect(await expireOld()).toMatchObject({ archivedFiles: 1, artifacts: 1 });
    const after = await getSubmission(over.student, over.submissionId);
    expect(after).toEqual({ ...before, filesDeletedAt: expect.any(String) });
    await expect(readArtifact(over.upload)).rejects.toThrow('not in the store');
    await expect(openFile(over.student, over.submissionId, file.name)).rejects.toMatchObject({ status: 404, message: expect.stringMatching(/deleted/) });
    // The same model, in challenges that still have theirs.
    expect((await readArtifact(before.modelSha256)).length).toBeGreaterThan(100);
    for (const one of [young, running]) expect(await readArtifact(one.upload)).toHaveLength(8);
    const [told] = await run(sql`select action, detail, actor_name from audit_log where challenge_id = ${over.challenge.id} order by id desc`);
    expect(told).toEqual({ action: 'challenge.retention', detail: { rule: 'keepFilesDays', submissions: 1 }, actor_name: 'Gauntlet' });
    await expect(unarchiveChallenge(over.instructor, over.challenge.slug)).rejects.toMatchObject({ status: 409 });
    await unarchiveChallenge(young.instructor, young.challenge.slug);
    expect(await people(over.challenge.id)).toEqual([1, 1, 1, 1]);
    expect(await expireOld()).toEqual({});
  });

  test('keeps the files of its baselines', async () => {
    const old = await course(5);
    await run(sql`update submissions set baseline = true where id = ${old.submissionId}`);
    await ruled(old, { keepFilesDays: 1 });
    await archivedFor(old.challenge.id, 100, 0);
    expect(await expireOld()).toEqual({});
  });

  test('loses its class list, notes, requests and comments after their days, and keeps files and the audit log', async () => {
    const [over, young] = [await course(6), await course(7)];
    for (const one of [over, young]) await ruled(one, { keepPeopleDays: 90 });
    await archivedFor(over.challenge.id, 90, 1);
    await archivedFor(young.challenge.id, 90, -1);
    const log = await count(sql`audit_log`);
    expect(await expireOld()).toEqual({ archivedPeople: 4 });
    expect([await people(over.challenge.id), await people(young.challenge.id)]).toEqual([[0, 0, 0, 0], [1, 1, 1, 1]]);
    expect(await readArtifact(over.upload)).toHaveLength(8);
    expect(await count(sql`audit_log`)).toBe(log + 1);
  });

  test('a model that is still stored cannot be taken from a submission', async () => {
    const { submissionId } = await submit(await person(), (await challengeOf(protocol)).id, linearModel(77));
    await expect(run(sql`delete from artifacts where sha256 = (select model_sha256 from submissions where id = ${submissionId})`))
      .rejects.toMatchObject({ cause: { message: expect.stringMatching(/violates foreign key/) } });
  });
});
