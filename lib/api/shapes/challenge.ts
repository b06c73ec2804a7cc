// Challenges, their boards and phases, as answers carry them.
import { z } from 'zod';
import { protocolSchema } from '../../evaluation/trial.ts';
import { id, metric, phaseKind, sha256, slug, time } from './common.ts';
import { boardScore, estimate } from './score.ts';

export const challengeSummary = z
  .object({
    slug,
    title: z.string(),
    description: z.string(),
    state: z.enum(['upcoming', 'open', 'closed']),
    visibility: z.enum(['public', 'members']),
    paused: z.object({ reason: z.string() }).nullable().meta({ description: 'While set, nothing is taken in.' }),
    archived: z.boolean(),
    opensAt: time,
    closesAt: time.nullable().meta({ description: 'The deadline for everybody without an extension; null for none.' }),
    timeZone: z.string().meta({ description: 'IANA name. A day of quota begins at its midnight.', examples: ['Europe/Berlin'] }),
    primaryMetric: metric,
  })
  .meta({ id: 'ChallengeSummary' });

export const phase = z.object({
  phase: phaseKind,
  seedCommitment: sha256.meta({ description: 'SHA-256("gauntlet-commit|" + seed), public from the start.' }),
  revealed: z.object({ seed: sha256.meta({ description: 'The seed: 32 bytes, hex.' }), at: time }).nullable(),
});

const policy = z.object({
  successesPerDay: z.number(),
  attemptsPerDay: z.number(),
  concurrent: z.number(),
  counted: z.enum(['best', 'chosen']),
  graceMinutes: z.number(),
  lateHours: z.number(),
  latePenaltyPerDay: z.number(),
  teamSize: z.number(),
  fullProtocol: z.enum(['every', 'per-day', 'counted']),
  fullPerDay: z.number(),
  pseudonyms: z.boolean(),
  keepFilesDays: z.number().nullable(),
  keepPeopleDays: z.number().nullable(),
}).meta({ id: 'Policy', description: 'Quotas, lateness, teams, and which submission counts.' });

export const standing = z.enum(['visitor', 'student', 'assistant', 'instructor', 'administrator']).meta({ description: 'What you are in it.' });

const quota = z.object({ used: z.number(), limit: z.number().nullable().meta({ description: 'Null where there is none.' }) });

const allowance = z
  .object({
    mayUpload: z.boolean(),
    maySubmit: z.boolean(),
    refusal: z.object({
      because: z.enum(['archived', 'paused', 'upcoming', 'closed', 'attempts', 'successes', 'concurrent']),
      reason: z.string(),
      from: time.nullable().meta({ description: 'When it will be otherwise; null when that is not known.' }),
    }).nullable().meta({ description: 'What stops submitting.' }),
    late: z.boolean().meta({ description: 'Whether a submission begun now counts as late.' }),
    deadline: z.object({
      at: time, extended: z.boolean(), graceUntil: time, lateUntil: time.nullable(), penaltyPerDay: z.number(),
    }).nullable().meta({ description: 'The one that holds for you.' }),
    successes: quota,
    attempts: quota,
    concurrent: quota,
    resetsAt: time.meta({ description: 'When the next day of quota begins.' }),
    full: quota.extend({ rule: z.enum(['every', 'per-day', 'counted']) }),
    tier: z.enum(['headline', 'full']).meta({ description: 'How much of the protocol a submission would run.' }),
    staff: z.boolean(),
    team: z.string().nullable(),
  })
  .meta({ id: 'Allowance', description: 'What you may still do: the same answer that is enforced.' });

export const challengeDetail = challengeSummary
  .extend({
    rules: z.string().meta({ description: 'Markdown.' }),
    policy,
    protocol: protocolSchema.meta({ id: 'Protocol', description: 'What is measured, trial by trial. `npx gauntlet evaluate --protocol FILE` takes it as it is.' }),
    phases: z.array(phase),
    standing,
    allowance: allowance.nullable().meta({ description: 'Null for who is not signed in.' }),
  })
  .meta({ id: 'Challenge' });

export const rank = z.object({ rank: z.number(), low: z.number(), high: z.number() })
  .meta({ id: 'Rank', description: '`rank` is 1 + the number significantly better; the data allow every place from `low` to `high`.' });

export const status = z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']);

export const boardRow = z
  .object({
    submissionId: id,
    name: z.string().meta({ description: 'What the model is called.' }),
    by: z.string().meta({ description: 'The name, the pseudonym or the team’s name.' }),
    person: z.string().nullable().meta({ description: 'The account’s name where `by` is another; for staff and for the team itself.' }),
    baseline: z.boolean(),
    mine: z.boolean(),
    rank: rank.nullable().meta({ description: 'Null until the primary metric is known and ranked.' }),
    status,
    tier: z.enum(['headline', 'full']).meta({ description: 'headline as long as only clean and mixed are measured.' }),
    late: z.boolean().meta({ description: 'Whether it came after the deadline that held for its student.' }),
    progress: z.number().meta({ description: 'Share of the evaluation done, in [0, 1].' }),
    score: boardScore.nullable(),
    corruption: z.object({ mce: estimate, relativeMce: estimate.nullable() }).nullable(),
    declaredTta: z.string().nullable(),
    bestTta: z.object({ policy: z.string(), gain: estimate }).nullable(),
    parameters: z.number(),
    withoutGradient: z.array(z.string()),
    submittedAt: time,
  })
  .meta({ id: 'BoardRow' });
