// The body of what an instructor does with a phase: empty, or {"anyway": true} to do it although the verb would rather wait.
import { z } from 'zod';
import { RequestError } from '@/lib/errors';

const schema = z.strictObject({ anyway: z.boolean().optional() });

/** Throws RequestError 400 for any other body. */
export async function anywayOf(request: Request): Promise<{ anyway?: boolean }> {
  const text = await request.text();
  try {
    return schema.parse(JSON.parse(text || '{}'));
  } catch (error) {
    throw new RequestError(400, 'The body must be empty or {"anyway": true}.', { cause: error });
  }
}
