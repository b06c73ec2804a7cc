// From a request to what its contract says it holds, or a refusal that says where it does not.
import { z } from 'zod';
import { RequestError } from '@/lib/errors';
import type { Contract } from '@/lib/api/contract';

/** A JSON body is small; models come as multipart forms. */
const mostBodyBytes = 2 * 1024 * 1024;

/** Throws RequestError 413 for a body that is too large for JSON. */
export async function textOf(request: Request): Promise<string> {
  const tooLarge = () => new RequestError(413, `A JSON body may have at most ${mostBodyBytes / 1024 / 1024} MB.`);
  if (Number(request.headers.get('content-length') ?? 0) > mostBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** What Postgres cannot hold is no text of anybody's. */
export function plainText(_: string, value: unknown): unknown {
  if (typeof value === 'string' && /\0|\p{Surrogate}/u.test(value)) {
    throw new RequestError(400, 'Text must not hold the character U+0000 or halves of surrogate pairs.');
  }
  return value;
}

/** Parameters of the path or the query. */
export function fieldsOf<S extends z.ZodType>(schema: S, given: Record<string, string>, where: 'path' | 'query'): z.output<S> {
  for (const [key, value] of Object.entries(given)) plainText(key, value);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new RequestError(400, `The ${where === 'path' ? 'path' : 'query'} is not as it should be: ${list(parsed.error)}.`);
}

/** The JSON body; undefined where it may be left out and is. */
export function bodyOf({ body, bodyOptional }: Contract, text: string): unknown {
  if (!body || (bodyOptional && text.trim() === '')) return undefined;
  const parsed = body.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [example] = (body.meta()?.examples as unknown[] | undefined) ?? [];
  const like = example === undefined ? '' : `The body must be ${bodyOptional ? 'empty or ' : ''}like ${JSON.stringify(example)}. `;
  throw new RequestError(400, `${like}Found wrong: ${list(parsed.error)}.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text, plainText);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError(400, 'The body must be JSON, sent with "Content-Type: application/json".');
  }
}

const list = ({ issues }: z.ZodError) =>
  issues.slice(0, 5).map(({ path, message }) => `${path.length > 0 ? `"${path.join('.').slice(0, 100)}": ` : ''}${message}`).join('; ');
