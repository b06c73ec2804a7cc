// What a student reads of a challenge's settings: each rule as it is enforced. And the address suggested for a title.
import { expect, test } from 'vitest';
import { suggestedSlug } from '../../app/challenges/fields/slug.ts';
import { baselinesIn, datesIn, policyIn, protocolIn, aboutIn } from '../../app/challenges/fields/parse.ts';
import { sentences } from '../../app/challenges/[slug]/rules/sentences.ts';
import { policyOf, policySchema } from '../../lib/challenges/policy.ts';

function said(policy: Record<string, unknown>, closesAt: string | null = '2027-01-31T22:59:00Z'): Record<string, string> {
  const rules = sentences({ policy: policyOf(policy), timeZone: 'America/New_York', closesAt }, 'mixed');
  return Object.fromEntries(rules.map(({ about, says }) => [about, says.join(' ')]));
}

test('quotas, teams and the day they are of', () => {
  expect(said({ successesPerDay: 1, attemptsPerDay: 4, concurrent: 2 }).Quotas).toMatch(
    /^A student has 1 evaluation a day that may succeed, in at most 4 attempts, and 2 under evaluation at once\..*midnight in America\/New York\.$/,
  );
  const teams = said({ teamSize: 3 });
  expect(teams.Quotas).toMatch(/^A team, or a student without one, has 20 evaluations/);
  expect(teams.Teams).toBe('Teams of up to 3 share a quota and a row on the board.');
  expect(said({}).Teams).toBe('Everybody takes part for themselves.');
});

test('what counts and what is run', () => {
  expect(said({})['What counts']).toMatch(/^Of several submissions the best by mixed/);
  expect(said({ counted: 'chosen' })['What counts']).toMatch(/you choose .* until you choose, the best by mixed/);
  expect(said({})['What is run']).toMatch(/^Every submission runs the whole protocol/);
  expect(said({ fullProtocol: 'per-day', fullPerDay: 2, teamSize: 2 })['What is run']).toMatch(/for 2 a day of each team\.$/);
  expect(said({ fullProtocol: 'counted' })['What is run']).toMatch(/for the one that counts\.$/);
});

test('the deadline, its grace and what lateness costs', () => {
  expect(said({})['The deadline']).toMatch(/until 15 minutes after it\. Nothing is taken later\.$/);
  expect(said({ graceMinutes: 0 })['The deadline']).toMatch(/^What is not submitted before the deadline is late/);
  const late = said({ lateHours: 48, latePenaltyPerDay: 12.5 })['The deadline'];
  expect(late).toMatch(/for 48 hours after the deadline; each begun day takes 12\.5 % of the grade\.$/);
  expect(said({ lateHours: 1 })['The deadline']).toMatch(/for 1 hour after the deadline; each begun day takes nothing of the grade\.$/);
  expect(said({}, null)).not.toHaveProperty('The deadline');
});

test('names', () => {
  expect(said({}).Names).toMatch(/pseudonym/);
  expect(said({ pseudonyms: false }).Names).toBe('The board shows names.');
});

test.each([
  ['Robust Vision 2027', 'robust-vision-2027'],
  ['  Größe & Maß: Übung №1 ', 'grosse-mass-ubung-no1'],
  ['深層学習', ''],
  ['a'.repeat(70), 'a'.repeat(64)],
])('the address suggested for %j is %j', (title, slug) => expect(suggestedSlug(title)).toBe(slug));

test('a form of every field is read as the verbs take it', () => {
  const form = new FormData();
  const policy = policyOf({ latePenaltyPerDay: 2.5, teamSize: 4, counted: 'chosen', fullProtocol: 'per-day', keepFilesDays: 90 });
  for (const [name, value] of Object.entries(policy)) if (typeof value !== 'boolean') form.set(name, String(value ?? ''));
  form.set('pseudonyms', 'on');
  expect(policySchema.parse(policyIn(form))).toEqual(policy);
  form.delete('pseudonyms');
  form.set('graceMinutes', ' ');
  expect(policySchema.parse(policyIn(form))).toEqual({ ...policy, pseudonyms: false });
  form.set('teamSize', 'many');
  expect(policySchema.safeParse(policyIn(form)).success).toBe(false);

  form.set('rules', '# One\r\ntwo');
  expect(aboutIn(form).rules).toBe('# One\ntwo');
  form.append('baseline', 'a.onnx');
  form.append('baseline', 'b.onnx');
  expect(baselinesIn(form)).toEqual(['a.onnx', 'b.onnx']);
  expect(datesIn(form)).toEqual({ timeZone: '', opens: '', closes: '' });
  expect(protocolIn(form)).toEqual({ name: '', own: '' });
});
