// What every API route has in common: JSON, and one place where failures become status codes.
import { RequestError, SubmissionError } from '@/lib/errors';
import { log } from '@/lib/log';

const noStore = { 'Cache-Control': 'no-store' };

export function json(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: noStore });
}

/** Runs a handler; what it throws becomes `{ error: { message } }` with the status that the error names, or 500 and a log line. */
export async function respond(handle: () => Promise<Response>): Promise<Response> {
  try {
    return await handle();
  } catch (error) {
    if (error instanceof RequestError) return json({ error: { message: error.message } }, error.status);
    if (error instanceof SubmissionError) return json({ error: { message: error.message }, problem: error.problem }, 422);
    log.error({ error }, 'an API request failed');
    return json({ error: { message: 'Something broke on our side. Nothing of yours was lost; try again in a minute.' } }, 500);
  }
}

/** A JSON body, or RequestError 400 that says what was wanted. */
export async function bodyOf(request: Request): Promise<unknown> {
  return request.json().catch(() => {
    throw new RequestError(400, 'The body must be JSON, sent with "Content-Type: application/json".');
  });
}
