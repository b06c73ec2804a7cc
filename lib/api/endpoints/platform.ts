// The site itself over the API: who you are, what works and waits, its key, its description.
import { z } from 'zod';
import { contract } from '../contract.ts';
import { id, time } from '../shapes/common.ts';

export const me = contract('GET', '/api/v1/me', {
  tag: 'Account', auth: 'required',
  summary: 'Who you are, and what your token may do',
  answers: z.object({
    id,
    name: z.string(),
    role: z.enum(['student', 'instructor', 'administrator']).meta({ description: 'Of the whole site; what you are in a challenge, the challenge says.' }),
    scopes: z.array(z.enum(['read', 'submit', 'manage'])).nullable().meta({ description: 'Null in a session, which may do all that you may.' }),
  }),
});

export const openapi = contract('GET', '/api/v1/openapi.json', {
  tag: 'Platform', auth: 'none',
  summary: 'This description, as OpenAPI 3.1',
  answers: z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) }),
});

export const publicKey = contract('GET', '/api/v1/public-key', {
  tag: 'Platform', auth: 'none', refuses: [404],
  summary: 'The public half of the key that signs receipts',
  answers: null, type: 'application/x-pem-file', answerDescription: 'PEM.',
});

const worker = z.object({
  id, name: z.string(), engine: z.string(), device: z.string(), concurrency: z.number(),
  missingLayers: z.array(z.string()),
  shardsDone: z.number(), childFailures: z.number(), shardsPerMinute: z.number(), imagesPerSecond: z.number(),
  startedAt: time, heartbeatAt: time,
  state: z.enum(['alive', 'silent', 'stopped']),
  silentSeconds: z.number(),
});

export const workers = contract('GET', '/api/v1/workers', {
  tag: 'Platform', auth: 'required', standing: 'the staff of any challenge',
  summary: 'Workers, the queue, what runs, and what failed lately',
  answers: z.object({
    workers: z.array(worker),
    queue: z.object({
      queued: z.number(), running: z.number(), failed: z.number(), doneLastHour: z.number(), oldestSeconds: z.number().nullable(), evaluationsWaiting: z.number(),
    }),
    running: z.array(z.object({
      trialId: z.string(), images: z.number(), worker: z.string().nullable(), seconds: z.number(),
      of: z.object({ submissionId: id, submission: z.string(), by: z.string() }).nullable().meta({ description: 'Null in challenges whose staff you are not.' }),
    })),
    stalled: z.array(z.object({ numericsClass: z.string(), shards: z.number() })),
    failures: z.array(z.object({
      submissionId: id, submission: z.string(), by: z.string(), blame: z.enum(['student', 'platform']), message: z.string(), at: time.nullable(),
    })),
  }),
});
