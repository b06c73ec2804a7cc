// Uploading, submitting and watching over the API.
import { z } from 'zod';
import { contract } from '../contract.ts';
import { done, flag, id, idAsked, page, paging, phaseAsked, phaseKind, problem, slug, time } from '../shapes/common.ts';
import { comparison } from '../shapes/score.ts';
import { file, layoutAsked, report, scalingAsked, submissionDetail, submissionSummary } from '../shapes/submission.ts';

const base = '/api/v1/submissions' as const;
const params = z.object({ id: idAsked });
const seen = 'its owner and their team, the staff of the challenge, and anybody for baselines';

export const createDraft = contract('POST', '/api/v1/drafts', {
  tag: 'Submissions', auth: 'required', scope: 'submit', bucket: 'upload', idempotent: false, refuses: [404, 409, 413],
  summary: 'Upload a model',
  description:
    'The files are stored as they stream in and looked into at once. A draft costs no quota and expires in 24 hours, so sending it ' +
    'again does no harm and an Idempotency-Key is not needed. The form fields stand before the files.',
  body: z.object({
    challenge: slug.optional().meta({ description: 'Needed where there are several.' }),
    scaling: z.string().max(1000).optional().meta({
      description: 'JSON: how pixels go in. The image x in [0, 1] becomes (x · scale − mean) / deviation; scale is 1 or 255.',
      examples: ['{"scale": 1, "mean": 0.286, "deviation": 0.353}'],
    }),
    layout: layoutAsked.optional(),
    files: z.array(z.string().meta({ format: 'binary' })).min(1).max(16).meta({ description: 'The model’s files, 100 MB together.' }),
  }),
  status: 201, answerDescription: 'The model can be submitted.',
  answers: z.object({ id, report, files: z.array(file), expiresAt: time }),
  others: [{
    status: 422, type: 'application/json', description: 'The upload arrived, and the model cannot be taken.',
    schema: z.object({ id, problem, files: z.array(file) }),
  }],
});

export const getDraft = contract('GET', '/api/v1/drafts/{id}', {
  tag: 'Submissions', auth: 'required', standing: 'its owner', params, refuses: [404],
  summary: 'What was found in an upload',
  answers: z.object({ id, report: report.nullable(), problem: problem.nullable(), files: z.array(file), expiresAt: time }),
});

export const changeDraft = contract('PATCH', '/api/v1/drafts/{id}', {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: 'its owner', params, refuses: [404],
  summary: 'Look into an upload again, with its images fed in another way',
  description: 'Nothing is sent again, and it stays the same draft: what was begun before a deadline stays so. What is left out stays as it was.',
  body: z.strictObject({ scaling: scalingAsked.optional(), layout: layoutAsked.optional() }).meta({ examples: [{ scaling: { scale: 255 } }] }),
  others: [{
    status: 422, type: 'application/json', description: 'The model cannot be fed so; the draft stays as it was.', schema: z.object({ problem }),
  }],
  answers: z.object({ id, report: report.nullable(), problem: problem.nullable(), files: z.array(file), expiresAt: time }),
});

export const submit = contract('POST', base, {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: 'the draft’s owner', refuses: [404, 409],
  summary: 'Submit a draft for evaluation',
  description: 'Submitting a draft again gives the same submission.',
  body: z
    .object({
      draftId: z.string().min(1).max(100).meta({ description: 'As `POST /api/v1/drafts` answered.', format: 'uuid' }),
      name: z.string().min(1).max(100).meta({ description: 'Shown on the board.' }),
      comment: z.string().max(1000).nullish().meta({ description: 'For yourself, your team and the staff.' }),
      declaredTta: z.string().max(100).nullish().meta({ description: 'The test-time augmentation policy to be ranked under; null for the model itself.' }),
    })
    .meta({ examples: [{ draftId: '5f0c7a3e-8f2b-4a9b-9f6e-0d4b8a1c2e3f', name: 'wider, with mixup' }] }),
  status: 201, answerDescription: 'It will be evaluated.',
  answers: z.object({ submissionId: id, url: z.string() }),
});

export const listSubmissions = contract('GET', base, {
  tag: 'Submissions', auth: 'required', refuses: [404], standing: 'anybody for their own and their team’s; staff of the challenge for all',
  summary: 'Submissions, the newest first',
  query: paging.extend({
    challenge: slug.optional().meta({ description: 'Only to this challenge.' }),
    all: flag.default(false).meta({ description: 'Everybody’s, for the staff of the challenge, which must be named then.' }),
  }),
  answers: page(submissionSummary),
});

export const getSubmission = contract('GET', `${base}/{id}`, {
  tag: 'Submissions', auth: 'optional', standing: seen, params, query: phaseAsked, refuses: [404],
  summary: 'One submission: how far it is, its score, its cells',
  answers: submissionDetail,
});

export const cancel = contract('POST', `${base}/{id}/cancel`, {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: 'its owner, their team, and instructors of the challenge', params, refuses: [404, 409],
  summary: 'End an evaluation that is not wanted any more',
  description: 'Its place in the quota is given back. What has landed stays to be looked at; a cancelled submission never counts. Cancelling again changes nothing.',
  answers: done,
});

const own = 'its student and their team';

export const choose = contract('POST', `${base}/{id}/choose`, {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: own, params, refuses: [404, 409],
  summary: 'Make it the one that counts',
  description: 'Where the challenge counts the chosen one. The newest choice holds.',
  answers: done,
});

export const runFullProtocol = contract('POST', `${base}/{id}/full-protocol`, {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: `${own}, and instructors of the challenge`, params, refuses: [404, 409],
  summary: 'Run the whole protocol on a submission that ran clean and mixed alone',
  answers: done,
});

export const requestRegrade = contract('POST', `${base}/{id}/regrade-requests`, {
  tag: 'Submissions', auth: 'required', scope: 'submit', standing: own, params, refuses: [404, 409],
  summary: 'Ask the staff to look at a submission again',
  body: z.strictObject({ message: z.string().min(1).max(2000) }).meta({ examples: [{ message: 'The preflight saw another class order than mine.' }] }),
  answers: done,
});

const instructor = 'an instructor of the challenge';

export const disqualify = contract('POST', `${base}/{id}/disqualify`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Take a submission out of every ranking',
  body: z.strictObject({ reason: z.string().min(1).max(1000).meta({ description: 'Shown to its student.' }) }).meta({ examples: [{ reason: 'Trained on the test images.' }] }),
  answers: done,
});

export const reinstate = contract('POST', `${base}/{id}/reinstate`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Lift a disqualification',
  answers: done,
});

export const events = contract('GET', `${base}/{id}/events`, {
  tag: 'Submissions', auth: 'optional', standing: seen, params, refuses: [404],
  summary: 'Server-sent events while a submission changes',
  description: 'An event `progress` each time something changed; what changed is read from the submission itself.',
  answers: null, type: 'text/event-stream', answerDescription: 'The stream.',
});

export const receipt = contract('GET', `${base}/{id}/receipt`, {
  tag: 'Submissions', auth: 'optional', standing: seen, params, query: phaseAsked, refuses: [404, 409],
  summary: 'The signed receipt of a finished evaluation',
  description: 'What `npx gauntlet verify` takes. Seed and outcomes of single images are in it once the phase is revealed.',
  answers: z
    .object({
      receipt: z.record(z.string(), z.unknown()),
      signature: z.object({ algorithm: z.literal('Ed25519'), publicKey: z.string(), value: z.string() }).nullable(),
    })
    .meta({ id: 'Receipt' }),
});

const compared = z.object({ id, name: z.string(), userName: z.string(), baseline: z.boolean(), declaredTta: z.string().nullable() });

export const compare = contract('GET', '/api/v1/compare', {
  tag: 'Submissions', auth: 'optional', standing: seen, refuses: [404],
  summary: 'Two submissions beside each other, by paired tests',
  query: phaseAsked.extend({ first: idAsked, second: idAsked }),
  answers: z.object({ challenge: z.object({ slug, title: z.string() }), phase: phaseKind, first: compared, second: compared, ...comparison.shape }).meta({ id: 'Comparison' }),
});
