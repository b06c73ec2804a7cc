// One of each standing in a challenge, for tests of who may do what in it.
import { expect } from 'vitest';
import type { Viewer } from '../../lib/auth/viewer.ts';
import { enrol, person } from '../evaluations/stage.ts';

export type Cast = Record<'student' | 'other' | 'assistant' | 'instructor' | 'elsewhere' | 'administrator', Viewer>;

/** `elsewhere` may open challenges and is nobody in this one. */
export async function castOf(challengeId: string): Promise<Cast> {
  const [student, other, assistant, instructor, elsewhere, administrator] = await Promise.all([
    person(), person(), person(), person('instructor'), person('instructor'), person('administrator'),
  ]);
  await Promise.all([
    enrol(student, challengeId), enrol(other, challengeId), enrol(assistant, challengeId, 'assistant'), enrol(instructor, challengeId, 'instructor'),
  ]);
  return { student, other, assistant, instructor, elsewhere, administrator };
}

type Verb = (viewer: Viewer | null) => Promise<unknown>;

/** That nobody gets through a verb but those at least an instructor (or, where said, an assistant) of the challenge. */
export async function expectOnlyStaff(cast: Cast, verb: Verb, least: 'assistant' | 'instructor' = 'instructor'): Promise<void> {
  await expect(verb(null)).rejects.toMatchObject({ status: 401 });
  const outside = [cast.student, cast.other, cast.elsewhere, { ...cast.instructor, asStudent: true }, { ...cast.administrator, asStudent: true }];
  for (const viewer of least === 'instructor' ? [...outside, cast.assistant] : outside) {
    await expect(verb(viewer), `${viewer.name}${viewer.asStudent ? ' as a student' : ''}`).rejects.toMatchObject({ status: 403 });
  }
}

/** The status that a verb is refused with. */
export const refused = (status: number, message?: RegExp) => ({ status, ...(message && { message: expect.stringMatching(message) }) });
