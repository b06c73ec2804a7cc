// What the staff of a challenge does over the API.
import { z } from 'zod';
import { contract } from '../contract.ts';
import { phase } from '../shapes/challenge.ts';
import { done, id, idAsked, phaseAsked, phaseKind, slug, time } from '../shapes/common.ts';

const instructor = 'an instructor of the challenge';
const staff = 'the staff of the challenge';
const base = '/api/v1/challenges/{slug}' as const;
const anyway = z
  .strictObject({ anyway: z.boolean().optional().meta({ description: 'Although the platform would rather wait.' }) })
  .meta({ examples: [{ anyway: true }] });
const params = z.object({ slug });
const ofPhase = z.object({ slug, kind: phaseKind });

export const reveal = contract('POST', `${base}/phases/{kind}/reveal`, {
  tag: 'Course', auth: 'required', standing: instructor, params: ofPhase, body: anyway, bodyOptional: true, refuses: [404, 409],
  summary: 'Publish the seed of a phase, for ever',
  answers: z.object({ challenge: slug, ...phase.shape }),
});

export const enterFinal = contract('POST', `${base}/phases/{kind}/enter`, {
  tag: 'Course', auth: 'required', standing: instructor, body: anyway, bodyOptional: true, refuses: [404, 409],
  params: z.object({ slug, kind: z.literal('final').meta({ description: 'Submissions enter the public phase by themselves.' }) }),
  summary: 'Enter what counts into the final phase',
  answers: z.object({ entered: z.number(), already: z.number(), failed: z.number().meta({ description: 'Left out because they failed without a score.' }) }),
});

export const setDeadline = contract('PUT', `${base}/deadline`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Move the deadline, or take it away',
  body: z.strictObject({ closesAt: z.iso.datetime({ offset: true }).nullable().meta({ description: 'With its zone; null for none.' }) })
    .meta({ examples: [{ closesAt: '2027-01-31T23:59:00+01:00' }] }),
  answers: z.object({ closesAt: time.nullable(), state: z.enum(['upcoming', 'open', 'closed']) }),
});

export const pause = contract('POST', `${base}/pause`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Take nothing in for a while',
  body: z.strictObject({ reason: z.string().min(1).max(500).meta({ description: 'Shown to whoever tries.' }) }).meta({ examples: [{ reason: 'We look into a fault.' }] }),
  answers: done,
});

export const resume = contract('POST', `${base}/resume`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Take submissions again',
  answers: done,
});

export const announce = contract('POST', `${base}/announcements`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Tell the class something',
  body: z.strictObject({ title: z.string().min(1).max(120), body: z.string().min(1).max(10_000).meta({ description: 'Markdown.' }) })
    .meta({ examples: [{ title: 'Deadline', body: 'It is **Sunday**.' }] }),
  status: 201,
  answers: z.object({ id }),
});

export const deleteAnnouncement = contract('DELETE', `${base}/announcements/{id}`, {
  tag: 'Course', auth: 'required', standing: instructor, params: params.extend({ id: idAsked }), refuses: [404, 409],
  summary: 'Take an announcement back',
  answers: done,
});

const person = z
  .object({
    userId: id.nullable().meta({ description: 'Null for a place on the roster that nobody has claimed.' }),
    placeId: id.nullable(),
    name: z.string(),
    accountName: z.string().nullable(),
    email: z.string(),
    studentNumber: z.string().nullable(),
    section: z.string().nullable(),
    role: z.enum(['student', 'assistant', 'instructor']).nullable(),
    pseudonym: z.string().nullable(),
    team: z.string().nullable(),
    submissions: z.number(),
    teamSubmissions: z.number().nullable(),
    lastAt: time.nullable().meta({ description: 'When they submitted last.' }),
    extendedUntil: time.nullable(),
    extraSuccesses: z.number(),
  })
  .meta({ id: 'Person' });

export const people = contract('GET', `${base}/people`, {
  tag: 'Course', auth: 'required', standing: staff, params, refuses: [404],
  summary: 'Members and the class list in one, a hundred a page',
  query: z.object({
    show: z.enum(['students', 'unsubmitted', 'unclaimed', 'off-roster', 'extended', 'staff', 'all']).default('students'),
    search: z.string().max(200).optional().meta({ description: 'Part of a name, pseudonym, e-mail address, student number or team.' }),
    section: z.string().max(100).optional(),
    page: z.coerce.number().int().min(1).max(10_000).default(1),
  }),
  answers: z.object({ people: z.array(person), total: z.number(), page: z.number(), pages: z.number() }),
});

const ofMember = params.extend({ userId: idAsked.meta({ description: 'The member’s account.' }) });

export const setExtension = contract('PUT', `${base}/members/{userId}/extension`, {
  tag: 'Course', auth: 'required', standing: instructor, params: ofMember, refuses: [404, 409],
  summary: 'Give a student a later deadline, or more evaluations a day',
  description: 'What the body does not name stays as it is.',
  body: z
    .strictObject({
      until: z.iso.datetime({ offset: true }).nullable().optional().meta({ description: 'Later than the challenge’s deadline; null takes it away.' }),
      extraSuccesses: z.number().int().min(0).max(1000).optional().meta({ description: 'Added to the quota of successes a day.' }),
    })
    .meta({ examples: [{ until: '2027-02-03T23:59:00+01:00', extraSuccesses: 5 }] }),
  answers: done,
});

export const setRole = contract('PUT', `${base}/members/{userId}/role`, {
  tag: 'Course', auth: 'required', standing: instructor, params: ofMember, refuses: [404, 409],
  summary: 'Make a member a student, an assistant or an instructor',
  body: z.strictObject({ role: z.enum(['student', 'assistant', 'instructor']) }).meta({ examples: [{ role: 'assistant' }] }),
  answers: done,
});

export const removeMember = contract('DELETE', `${base}/members/{userId}`, {
  tag: 'Course', auth: 'required', standing: instructor, params: ofMember, refuses: [404, 409],
  summary: 'Take a member out of the challenge',
  answers: done,
});

const place = z.object({ email: z.string(), name: z.string(), studentNumber: z.string().nullable(), section: z.string().nullable() });
const list = z.string().min(1).max(500_000).meta({ description: 'CSV whose first line names its columns: an e-mail address, and a name, a student number and a section where there are any.', examples: ['email,name\nada@university.example,Ada Lovelace\n'] });

export const previewRoster = contract('POST', `${base}/roster/preview`, {
  tag: 'Course', auth: 'required', standing: instructor, params, idempotent: false, refuses: [404],
  summary: 'What importing a class list would change',
  body: z.strictObject({ csv: list }).meta({ examples: [{ csv: 'email,name\nada@university.example,Ada Lovelace\n' }] }),
  answers: z.object({
    added: z.array(place),
    changed: z.array(z.object({ place, row: place, columns: z.array(z.string()) })),
    unchanged: z.number(),
    missing: z.array(place).meta({ description: 'On the roster and not in the list.' }),
    problems: z.array(z.string()).meta({ description: 'Lines that could not be read, and why.' }),
    digest: z.string().meta({ description: 'Names this very change: give it to the import.' }),
  }),
});

export const importRoster = contract('POST', `${base}/roster`, {
  tag: 'Course', auth: 'required', standing: instructor, params, refuses: [404, 409],
  summary: 'Import a class list, as its preview showed it',
  body: z
    .strictObject({ csv: list, digest: z.string().max(200), removeMissing: z.boolean().optional().meta({ description: 'Also take away the free places that are not in the list.' }) })
    .meta({ examples: [{ csv: 'email,name\nada@university.example,Ada Lovelace\n', digest: '…' }] }),
  answers: z.object({ added: z.number(), changed: z.number(), removed: z.number(), claimed: z.number().meta({ description: 'Accounts that had proved an address before it came on the list.' }) }),
});

export const teams = contract('GET', `${base}/teams`, {
  tag: 'Course', auth: 'required', standing: staff, params, refuses: [404],
  summary: 'Every team with its members',
  answers: z.object({
    teams: z.array(z.object({ id, name: z.string(), members: z.array(z.object({ userId: id, name: z.string(), leader: z.boolean() })), submissions: z.number() })),
  }),
});

export const exportBoard = contract('GET', `${base}/export`, {
  tag: 'Course', auth: 'required', standing: staff, params, refuses: [404],
  summary: 'Every number of the board with its interval, as a file',
  query: phaseAsked.extend({ as: z.enum(['csv', 'json']).default('csv') }),
  answers: null, type: ['text/csv', 'application/json'], answerDescription: 'The file.',
});

export const exportGrades = contract('GET', `${base}/grades`, {
  tag: 'Course', auth: 'required', standing: staff, params, refuses: [404, 409],
  summary: 'Grades under the saved rule, as a file',
  query: z.object({ as: z.enum(['csv', 'json', 'moodle', 'canvas']).default('csv').meta({ description: '`moodle` and `canvas`: as those grade books import it.' }) }),
  answers: null, type: ['text/csv', 'application/json'], answerDescription: 'The file.',
});
