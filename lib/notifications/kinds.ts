// What people can be told of: one entry a kind, with the facts it carries and the words it is told in.
import { z } from 'zod';
import { momentIn } from './moment.ts';

const challenge = z.object({ slug: z.string(), title: z.string() });
const submission = z.object({ id: z.uuid(), name: z.string() });

/** What a notification says. `path` is where one reads more, from the site's address on. */
export type Told = { subject: string; text: string; path: string };

type Kind<P extends z.ZodType> = {
  /** On the page of preferences. */
  label: string;
  hint: string;
  /** Whether it is e-mailed to whoever has said nothing. */
  email: boolean;
  payload: P;
  tell: (facts: z.infer<P>) => Told;
};

// Infers the payload's type for `tell`.
const kind = <P extends z.ZodType>(one: Kind<P>): Kind<P> => one;

export const kinds = {
  'evaluation-finished': kind({
    label: 'An evaluation has finished',
    hint: 'With the score of your submission, or of your team’s.',
    email: false,
    payload: z.object({ challenge, submission, metric: z.string(), score: z.number().nullable() }),
    tell: ({ challenge: { title }, submission: { id, name }, metric, score }) => ({
      subject: `${name}: evaluated`,
      text: `Your submission "${name}" to ${title} has been evaluated.${score === null ? '' : ` ${metric}: ${percent(score)}.`}`,
      path: `/submissions/${id}`,
    }),
  }),
  'evaluation-failed': kind({
    label: 'An evaluation has failed',
    hint: 'Whose fault it was, and what to do.',
    email: true,
    payload: z.object({ challenge, submission, blame: z.enum(['student', 'platform']), reason: z.string(), fix: z.string().optional() }),
    tell: ({ challenge: { title }, submission: { id, name }, blame, reason, fix }) => ({
      subject: `${name}: the evaluation failed`,
      text: [
        `The evaluation of your submission "${name}" to ${title} failed.`,
        blame === 'student'
          ? `The model could not be evaluated. ${reason}${fix ? `\n\nWhat to do: ${fix}` : ''}`
          : `It was our fault, not your model's: ${reason}\n\n${refunded}`,
      ].join('\n\n'),
      path: `/submissions/${id}`,
    }),
  }),
  'deadline-near': kind({
    label: 'A deadline is near',
    hint: '24 hours before your own deadline, an extension included.',
    email: true,
    payload: z.object({ challenge, deadline: z.iso.datetime(), timeZone: z.string(), submitted: z.boolean() }),
    tell: ({ challenge: { slug, title }, deadline, timeZone, submitted }) => ({
      subject: `${title} closes ${momentIn(deadline, timeZone)}`,
      text: [
        `${title} closes for you on ${momentIn(deadline, timeZone)}.`,
        submitted
          ? 'A submission of yours has been evaluated and counts. You may still submit a better one.'
          : 'You have no evaluated submission yet.',
      ].join('\n\n'),
      path: `/challenges/${slug}`,
    }),
  }),
  announcement: kind({
    label: 'An announcement is made',
    hint: 'By the staff of a challenge that you take part in.',
    email: true,
    payload: z.object({ challenge, title: z.string(), body: z.string(), author: z.string() }),
    tell: ({ challenge: { slug, title: of }, title, body, author }) => ({
      subject: `${of}: ${title}`,
      text: `${author} writes to everybody in ${of}:\n\n${title}\n\n${body}`,
      path: `/challenges/${slug}`,
    }),
  }),
  'regrade-answered': kind({
    label: 'A regrade request is answered',
    hint: '',
    email: true,
    payload: z.object({ challenge, submission, accepted: z.boolean(), answer: z.string() }),
    tell: ({ challenge: { title }, submission: { id, name }, accepted, answer }) => ({
      subject: `${name}: your regrade request was ${accepted ? 'accepted' : 'declined'}`,
      text: `Your regrade request for "${name}" in ${title} was ${accepted ? 'accepted' : 'declined'}.\n\n${answer}`,
      path: `/submissions/${id}`,
    }),
  }),
  'final-results': kind({
    label: 'Final results are published',
    hint: 'When the final phase of a challenge is over and its seed is revealed.',
    email: true,
    payload: z.object({ challenge }),
    tell: ({ challenge: { slug, title } }) => ({
      subject: `${title}: the final results are out`,
      text: `The final results of ${title} are published, with the secret seed: everybody can verify a score from now on.`,
      path: `/challenges/${slug}?phase=final`,
    }),
  }),
  'team-invitation': kind({
    label: 'A team invites you',
    hint: '',
    email: true,
    payload: z.object({ challenge, team: z.string(), by: z.string() }),
    tell: ({ challenge: { slug, title }, team, by }) => ({
      subject: `${by} invites you to the team ${team}`,
      text: `${by} invites you to join the team "${team}" in ${title}. A team shares its submissions and its quota.`,
      path: `/challenges/${slug}/team`,
    }),
  }),
} as const;

export type KindName = keyof typeof kinds;
export const kindNames = Object.keys(kinds) as KindName[];
export type Payload<K extends KindName> = z.infer<(typeof kinds)[K]['payload']>;

export const isKind = (name: string): name is KindName => Object.hasOwn(kinds, name);

/** What a stored notification says. Throws ZodError on a payload that is not its kind's. */
export function tell(name: KindName, payload: unknown): Told {
  const { payload: schema, tell: words } = kinds[name] as Kind<z.ZodType>;
  const told = words(schema.parse(payload));
  // A name may hold anything; a subject is one line.
  return { ...told, subject: told.subject.replace(/\s+/g, ' ').trim().slice(0, 200) };
}

const refunded = 'It costs you nothing of your quota. Submit the model again; if that fails too, tell your instructor.';

const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
