// Students who upload, submit and wait over the HTTP API, and who try again whenever an answer does not come. What they were promised is kept.
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stream } from '../../lib/random.ts';

/** A model as a student has it. */
export type Model = { name: string; content: Uint8Array<ArrayBuffer> };
/** What a student was told with a 2xx. */
export type Acknowledged = { drafts: { id: string; sha256: string }[]; submissions: { id: string; draftId: string; model: string; sha256: string; student: string }[] };
export type Student = { id: string; token: string };

export type Ledger = Acknowledged & {
  /** Requests that got no answer, or one of the site's own failures, and were sent again. */
  retries: number;
  /** Answers that their student did not wait for. */
  lost: number;
  /** Answers that came again for the same key. */
  replayed: number;
  /** When the newest answer came, by performance.now(). */
  answeredAt: number;
  /** Answers that no retry can mend, in words. */
  complaints: string[];
};

export const emptyLedger = (): Ledger =>
  ({ drafts: [], submissions: [], retries: 0, lost: 0, replayed: 0, answeredAt: 0, complaints: [] });

/** Longer than the minute after which a key whose request died is free again. */
const patienceSeconds = 180;
const pauseMilliseconds = 150;

type Ask = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: () => string | FormData; /** Chance that the answer is not waited for. */ impatience?: number };

/** One at a time, over and over until `stopped`: upload, submit, wait for the end of the evaluation. */
export async function study(
  site: string, student: Student, challenge: string, models: readonly Model[], chance: Stream, ledger: Ledger, stopped: () => boolean,
): Promise<void> {
  const ask = asking(site, student, chance, ledger);
  while (!stopped()) {
    const model = models[Math.floor(chance.uniform() * models.length)];
    const sha256 = createHash('sha256').update(model.content).digest('hex');
    const draft = await ask({ method: 'POST', path: '/api/v1/drafts', body: () => form(challenge, model), impatience: 0.2 });
    if (!draft) continue;
    if (draft.files?.[0]?.sha256 !== sha256) ledger.complaints.push(`An upload of ${sha256} was received as ${draft.files?.[0]?.sha256}.`);
    ledger.drafts.push({ id: draft.id, sha256 });
    // Some change their mind: a draft costs nothing, and stays.
    if (chance.uniform() < 0.1) continue;
    const submitted = await ask({
      method: 'POST', path: '/api/v1/submissions', impatience: 0.3,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: () => JSON.stringify({ draftId: draft.id, name: model.name }),
    });
    if (!submitted) continue;
    ledger.submissions.push({ id: submitted.submissionId, draftId: draft.id, model: model.name, sha256, student: student.id });
    while (!stopped()) {
      const found = await ask({ method: 'GET', path: `/api/v1/submissions/${submitted.submissionId}` });
      if (found && found.status !== 'queued' && found.status !== 'running') break;
      await sleep(4 * pauseMilliseconds);
    }
  }
}

function form(challenge: string, { name, content }: Model): FormData {
  const data = new FormData();
  data.set('challenge', challenge);
  data.set('file', new Blob([content]), `${name}.onnx`);
  return data;
}

/** Sends a request until it is answered; null when it was refused in a way that no retry mends, which is a complaint. */
function asking(site: string, { token }: Student, chance: Stream, ledger: Ledger) {
  // The shapes are the API's, which has tests of its own.
  return async ({ method, path, headers = {}, body, impatience = 0 }: Ask): Promise<any> => {
    let end = performance.now() + patienceSeconds * 1000;
    for (let leaves = chance.uniform() < impatience; performance.now() < end; leaves = false) {
      const wait = leaves ? 300 * chance.uniform() : 60_000;
      try {
        const response = await fetch(site + path, {
          method, headers: { ...headers, authorization: `Bearer ${token}` }, body: body?.(), signal: AbortSignal.timeout(wait),
        });
        const answer = await response.json();
        ledger.answeredAt = performance.now();
        if (response.headers.get('idempotency-replayed')) ledger.replayed++;
        if (response.ok) return answer;
        const again = Number(response.headers.get('retry-after'));
        if (response.status < 500 && !again) {
          ledger.complaints.push(`${method} ${path} was refused with ${response.status}: ${JSON.stringify(answer).slice(0, 300)}`);
          return null;
        }
        // Being told to ask less often is no failure.
        if (response.status === 429) end = performance.now() + patienceSeconds * 1000;
        await sleep(Math.min(again, 5) * 1000);
      } catch {
        if (leaves) ledger.lost++;
      }
      ledger.retries++;
      await sleep(pauseMilliseconds);
    }
    ledger.complaints.push(`${method} ${path} was not answered within ${patienceSeconds} s.`);
    return null;
  };
}
