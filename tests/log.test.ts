// That no secret gets into the log by any of the ways in which things get there, and that what is left says what happened.
import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { database } from '../lib/db/client.ts';
import { phases } from '../lib/db/schema.ts';
import { freshDatabase, type FreshDatabase } from './database.ts';

const secrets = {
  NEXTAUTH_SECRET: 'sealing-wax-sealing-wax-sealing-wax',
  GAUNTLET_SIGNING_KEY: '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIunsaid\n-----END PRIVATE KEY-----\n',
  METRICS_TOKEN: 'scrape-scrape-scrape',
  SMTP_URL: 'smtps://postman:letterbox%2Fkey@smtp.example.org',
  MAIL_FROM: 'gauntlet@example.org',
};
for (const [name, value] of Object.entries(secrets)) vi.stubEnv(name, value);
const { logConsole } = await import('../lib/console.ts');
const { logInto, withLogContext } = await import('../lib/log.ts');

let db: FreshDatabase;
beforeAll(async () => {
  db = await freshDatabase();
});
afterAll(() => db.drop());

/** What one call writes, as the line itself and as its JSON. */
function written(write: (log: ReturnType<typeof logInto>) => void): { line: string; fields: Record<string, any> } {
  let line = '';
  write(logInto({ write: (text: string) => void (line += text) }));
  return { line, fields: JSON.parse(line) };
}

describe('a log line', () => {
  test('keeps the headers of a request that failed, but not what signs it in', () => {
    const headers = new Headers({
      Authorization: 'Bearer gnt_c2VjcmV0c2VjcmV0',
      Cookie: 'theme=dark; next-auth.session-token=eyJhbGciOi.eyJzdWIi.c2ln',
      'User-Agent': 'curl/8.5',
    });
    const request = new Request('https://gauntlet.example.org/api/v1/submissions?token=c2VjcmV0', { headers });
    const facts = { error: new Error('it broke'), url: request.url, headers: request.headers };
    const { line, fields } = written((log) => log.error(facts, 'a request failed'));
    expect(line).not.toMatch(/gnt_c2V|eyJhbGciOi|token=c2VjcmV0/);
    const kept = { msg: 'a request failed', headers: { 'user-agent': 'curl/8.5' }, error: { type: 'Error', message: 'it broke' } };
    expect(fields).toMatchObject(kept);
    expect(fields.error.stack).toContain('log.test.ts');
  });

  test('shows an environment without the values that are secrets, under whatever name and in whatever text they come', () => {
    const facts = { environment: process.env, innocent: `key is ${secrets.GAUNTLET_SIGNING_KEY}` };
    const said = `sealed with ${secrets.NEXTAUTH_SECRET}, read by ${secrets.METRICS_TOKEN}`;
    const { line, fields } = written((log) => log.info(facts, said));
    expect(line).not.toMatch(/sealing-wax|unsaid|scrape-scrape|letterbox/);
    const kept = { MAIL_FROM: 'gauntlet@example.org', SMTP_URL: 'smtps://postman:[redacted]@smtp.example.org' };
    expect(fields.environment).toMatchObject(kept);
    expect(fields.msg).toBe('sealed with [redacted], read by [redacted]');
  });

  test('shows a refused connection without the password in its address', async () => {
    const url = `${db.url.replace(/\/\/[^@]*@/, '//nobody:hush-hush@')}`;
    const client = postgres(url, { max: 1, onnotice: () => {} });
    const error = await client`select 1`.catch((reason: unknown) => reason);
    await client.end({ timeout: 1 });
    expect(error).toBeInstanceOf(Error);
    const { line, fields } = written((log) => log.error({ error, connection: url }, `could not connect to ${url}`));
    expect(line).not.toContain('hush-hush');
    expect(fields.error.message).toMatch(/nobody/);
    expect(fields.msg).toContain('//nobody:[redacted]@');
  });

  test('shows a failed query without its parameters, and the row it failed on not at all', async () => {
    const seed = randomBytes(31);
    const row = { challengeId: crypto.randomUUID(), kind: 'public' as const, seed, seedCommitment: 'commitment-xyz' };
    const error = await database().insert(phases).values(row).catch((reason: unknown) => reason);
    const { line, fields } = written((log) => log.error({ error }, 'a query failed'));
    expect(String(error)).toContain('commitment-xyz');
    expect(line).not.toContain('commitment-xyz');
    expect(line).not.toContain(seed.toString('hex'));
    expect(fields.error.message).toMatch(/insert into "phases".*params: \[redacted\]/s);
    expect(fields.error.stack).toMatch(/\n {4}at /);
    expect(fields.error.cause).toMatchObject({ code: '23514' });
    const retold = written((log) => log.warn({ error: (error as Error).message }, `Failed task: "${(error as Error).stack}"`));
    expect(retold.line).not.toContain('commitment-xyz');
    expect(retold.fields.error).toMatch(/params: \[redacted\]$/);
    expect(retold.fields.msg).toContain('\n    at ');
  });

  test('shows no seed, password, join code or bytes that stand in its fields', () => {
    const seed = randomBytes(32);
    const facts = {
      phase: { seed: seed.toString('hex'), seedCommitment: 'c0ffee' },
      content: seed,
      joinCode: 'JOIN-ME',
      user: { passwordHash: '$argon2id$x' },
      keys: [[1, 2]],
    };
    expect(written((log) => log.warn(facts, 'x')).fields).toMatchObject({
      phase: { seed: '[redacted]', seedCommitment: 'c0ffee' },
      content: '[32 bytes]',
      joinCode: '[redacted]',
      user: { passwordHash: '[redacted]' },
      keys: '[redacted]',
    });
  });

  test('carries the request and the job it belongs to, through everything that is awaited', async () => {
    const lines: Record<string, unknown>[] = [];
    const log = logInto({ write: (text: string) => void lines.push(JSON.parse(text)) });
    await withLogContext({ requestId: 'r1' }, async () => {
      await Promise.resolve();
      log.info('outer');
      await withLogContext({ job: '7', task: 'rank-phase' }, async () => void log.info('inner'));
    });
    log.info('outside');
    const inner = { msg: 'inner', requestId: 'r1', job: '7', task: 'rank-phase' };
    expect(lines).toMatchObject([{ msg: 'outer', requestId: 'r1' }, inner, { msg: 'outside' }]);
    expect(lines[0]).not.toHaveProperty('job');
    expect(lines[2]).not.toHaveProperty('requestId');
  });

  test('is what a library says on the console too', () => {
    const { error, warn } = console;
    const lines: Record<string, any>[] = [];
    try {
      logConsole(logInto({ write: (text: string) => void lines.push(JSON.parse(text)) }));
      console.error('could not render', new Error('Failed query: select\nparams: hush-hush'));
      console.warn('%s is slow', 'postgres://somebody:hush-hush@db/x');
    } finally {
      Object.assign(console, { error, warn });
    }
    expect(lines).toMatchObject([
      { level: 50, msg: 'could not render', error: { message: 'Failed query: select\nparams: [redacted]' } },
      { level: 40, msg: 'postgres://somebody:[redacted]@db/x is slow' },
    ]);
    expect(JSON.stringify(lines)).not.toContain('hush-hush');
  });
});
