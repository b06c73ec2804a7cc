// What an endpoint of the API takes and gives, as data: the one description that its route, its documentation and its tests are made from.
import { z } from 'zod';
import type { Scope } from '../auth/scopes.ts';

export const tags = {
  Challenges: 'What is open, its rules, its board, and its training data.',
  Submissions: 'Upload a model, submit it, watch it, and read what was measured.',
  Course: 'What the staff of a challenge does: people, phases, grades.',
  Account: 'Who you are.',
  Platform: 'The site itself.',
} as const;
export type Tag = keyof typeof tags;

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer in JSON, or of another media type when there is no schema. */
export type Answered<S extends z.ZodType | null = z.ZodType | null> = { status: number; description: string; schema: S; type: string | readonly string[] };

const nothing = z.object({});
type Nothing = typeof nothing;

/** The statuses of refusals, and what each means anywhere. */
export const refusals = {
  400: 'The request is not as described here; the message says where.',
  401: 'Nobody is signed in, or the API token is not valid (any more).',
  403: 'You may not do this, or the token has not the scope.',
  404: 'There is no such thing, or it is not yours to see.',
  409: 'Not in the present state; the message says what stands in the way.',
  413: 'The body is too large.',
  422: 'The Idempotency-Key came with another request before.',
  429: 'Too many requests, or a quota is used up. `Retry-After` says for how many seconds, where that is known.',
  500: 'Something broke on the site’s side.',
} as const;
export type Refused = keyof typeof refusals;

export type Contract<
  P extends z.ZodObject = z.ZodObject, Q extends z.ZodObject = z.ZodObject, B extends z.ZodType | null = z.ZodType | null,
  A extends z.ZodType | null = z.ZodType | null, Auth extends 'none' | 'optional' | 'required' = 'none' | 'optional' | 'required',
> = {
  method: Method;
  /** With `{name}` where a parameter stands. */
  path: `/api/v1/${string}`;
  tag: Tag;
  /** A few words. */
  summary: string;
  /** Sentences, Markdown. */
  description: string;
  /** `optional`: visitors see what is public, and whoever sends a token what is theirs. */
  auth: Auth;
  /** What an API token needs. */
  scope: Scope;
  /** The least standing, in words. */
  standing: string;
  params: P;
  query: Q;
  body: B;
  /** The body may be left out. */
  bodyOptional: boolean;
  answer: Answered<A>;
  /** Other answers that are no refusals. */
  others: Answered[];
  /** Refusals of its own; 400, 429 and 500 may come everywhere, 401 and 403 where a token may be sent. */
  refuses: readonly Refused[];
  bucket: 'read' | 'write' | 'upload';
  /** Whether an Idempotency-Key is heeded. */
  idempotent: boolean;
};

type Given<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType | null, A extends z.ZodType | null, Auth extends string> = {
  tag: Tag;
  summary: string;
  description?: string;
  auth: Auth;
  scope?: Scope;
  standing?: string;
  params?: P;
  query?: Q;
  body?: B;
  bodyOptional?: boolean;
  /** What is answered in JSON. */
  answers: A;
  /** 200 unless it says otherwise. */
  status?: number;
  answerDescription?: string;
  /** Media types; JSON unless it says otherwise. */
  type?: string | readonly string[];
  others?: Answered[];
  refuses?: readonly Refused[];
  bucket?: Contract['bucket'];
  idempotent?: boolean;
};

/** A contract, with what it does not say filled in. */
export function contract<
  A extends z.ZodType | null, const Auth extends 'none' | 'optional' | 'required',
  P extends z.ZodObject = Nothing, Q extends z.ZodObject = Nothing, B extends z.ZodType | null = null,
>(method: Method, path: Contract['path'], given: Given<P, Q, B, A, Auth>): Contract<P, Q, B, A, Auth> {
  const { tag, summary, description = '', auth, status = 200, type = 'application/json', others = [], refuses = [] } = given;
  return {
    method, path, tag, summary, description, auth, others, refuses,
    scope: given.scope ?? (method === 'GET' ? 'read' : 'manage'),
    standing: given.standing ?? (auth === 'required' ? 'anybody signed in' : 'anybody'),
    params: given.params ?? (nothing as unknown as P),
    query: given.query ?? (nothing as unknown as Q),
    body: given.body ?? (null as B),
    bodyOptional: given.bodyOptional ?? false,
    answer: { status, type, schema: given.answers, description: given.answerDescription ?? 'Done.' },
    bucket: given.bucket ?? (method === 'GET' ? 'read' : 'write'),
    idempotent: given.idempotent ?? method === 'POST',
  };
}
