// Answers and refusals as JSON: one place where failures become status codes.
import { randomUUID } from 'node:crypto';
import { RequestError, SubmissionError } from '@/lib/errors';
import { log } from '@/lib/log';

const noStore = { 'Cache-Control': 'no-store' };

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: noStore });
}

const codes: Record<RequestError['status'], string> = {
  400: 'invalid', 401: 'not-signed-in', 403: 'forbidden', 404: 'not-found', 409: 'conflict', 413: 'too-large', 422: 'unprocessable', 429: 'too-many',
};

/** A refusal by the API itself, with a code of its own and perhaps headers. */
export class Refusal extends RequestError {
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: RequestError['status'], code: string, message: string, headers: Record<string, string> = {}) {
    super(status, message);
    this.code = code;
    this.headers = headers;
  }
}

/** What is answered to whatever was thrown: the status that it names, or 500 and a line in the log. */
export function refusalOf(thrown: unknown, requestId: string): Response {
  if (thrown instanceof RequestError) {
    const { status, message } = thrown;
    const [code, headers] = thrown instanceof Refusal ? [thrown.code, thrown.headers] : [codes[status], {}];
    const response = json({ error: { code, message, requestId } }, status);
    for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
    if (status === 401) response.headers.set('WWW-Authenticate', 'Bearer');
    return response;
  }
  if (thrown instanceof SubmissionError) {
    return json({ error: { code: thrown.problem.code, message: thrown.message, requestId }, problem: thrown.problem }, 422);
  }
  log.error({ error: thrown }, 'an API request failed');
  const message = 'Something broke on our side. Nothing of yours was lost; try again in a minute.';
  return json({ error: { code: 'internal', message, requestId } }, 500);
}

/** The caller's own id of the request where it is a usable one, else a new one. */
export function requestIdOf(request: Request): string {
  const given = request.headers.get('x-request-id') ?? '';
  return /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}
