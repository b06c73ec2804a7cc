// What the forms of a challenge send, as its verbs take it. Nothing is checked here: the verbs do.
import type { Dates } from '@/lib/challenges/details';
import type { ProtocolChoice } from '@/lib/challenges/protocol-choice';

const text = (form: FormData, name: string): string => String(form.get(name) ?? '');

export const aboutIn = (form: FormData) => ({
  title: text(form, 'title'),
  description: text(form, 'description'),
  // A form sends the line ends of old terminals.
  rules: text(form, 'rules').replaceAll('\r\n', '\n'),
  visibility: text(form, 'visibility'),
});

export const datesIn = (form: FormData): Dates => ({
  timeZone: text(form, 'timeZone'),
  opens: text(form, 'opens'),
  closes: text(form, 'closes'),
});

export const protocolIn = (form: FormData): ProtocolChoice => ({ name: text(form, 'protocol'), own: text(form, 'own') });

const numbers = [
  'successesPerDay', 'attemptsPerDay', 'concurrent', 'graceMinutes', 'lateHours', 'latePenaltyPerDay', 'teamSize', 'fullPerDay',
  'keepFilesDays', 'keepPeopleDays',
] as const;

/** An empty field is left as it comes. */
export const policyIn = (form: FormData): Record<string, unknown> => ({
  ...Object.fromEntries(numbers.flatMap((name) => (text(form, name).trim() === '' ? [] : [[name, Number(text(form, name))]]))),
  counted: text(form, 'counted'),
  fullProtocol: text(form, 'fullProtocol'),
  pseudonyms: form.get('pseudonyms') !== null,
});

export const baselinesIn = (form: FormData): string[] => form.getAll('baseline').map(String);
