// Sends one message to one webhook: to the very addresses that were checked, no redirect followed, and all within a few seconds.
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { messageOf } from '../errors.ts';
import { findTarget, TargetError, type Resolve, type Target } from './webhook-target.ts';
import { signatureHeaders } from './webhook-signature.ts';

const secondsInAll = 3;
const mostAnswerBytes = 64 * 1024;

/** How it went, in words for the webhook's owner. `gone`: the receiver wants no more of them. */
export type Delivered = { ok: boolean; gone: boolean; outcome: string };
export type Message = { id: string; body: string };

/** Never throws: whatever goes wrong is an outcome. `resolve` stands in for the name server in tests. */
export async function postWebhook(hook: { url: string; secret: string }, message: Message, resolve?: Resolve): Promise<Delivered> {
  const signal = AbortSignal.timeout(secondsInAll * 1000);
  try {
    const target = await Promise.race([findTarget(hook.url, resolve), timeUp(signal)]);
    const status = await post(target, signatureHeaders(hook.secret, { ...message, at: new Date() }), message.body, signal);
    const ok = status >= 200 && status < 300;
    const redirect = status >= 300 && status < 400;
    const note = redirect ? '; redirects are not followed, so give the address it leads to' : ok ? '' : '; wanted is 200 to 299';
    return { ok, gone: status === 410, outcome: `answered ${status}${note}` };
  } catch (error) {
    const outcome = signal.aborted ? `no answer within ${secondsInAll} s` : error instanceof TargetError ? error.message : reasonOf(error);
    return { ok: false, gone: false, outcome };
  }
}

function timeUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true }));
}

function post({ url, addresses }: Target, signature: Record<string, string>, body: string, signal: AbortSignal): Promise<number> {
  // The name was looked up and its addresses checked; looking it up again could give others.
  const lookup: LookupFunction = (_, { all }, answer) => {
    if (all) answer(null, addresses);
    else answer(null, addresses[0].address, addresses[0].family);
  };
  const content = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'User-Agent': 'Gauntlet-Webhooks/1' };
  const client = url.protocol === 'http:' ? http : https;
  return new Promise((done, fail) => {
    const options = { method: 'POST', headers: { ...content, ...signature }, lookup, agent: false, signal };
    const request = client.request(url, options, (response) => {
      done(response.statusCode ?? 0);
      // The rest of the answer is read only so that a polite receiver can end its work, and only so much of it.
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostAnswerBytes) request.destroy();
      });
      response.on('error', () => {});
    });
    request.on('error', fail);
    request.end(body);
  });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'nothing listens at that address';
  return `could not be reached: ${code || messageOf(error)}`;
}
