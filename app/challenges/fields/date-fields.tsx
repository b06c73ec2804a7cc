// Opening and deadline as wall-clock time of one zone, and what is meant where the clocks change.
import { Field } from '@/app/ui/field';
import { timeZones } from '@/lib/challenges/zoned';
import { ZoneField } from './zone-field';

type Props = {
  /** The browser's own for a challenge that has none yet. */
  zone?: string;
  /** Of a challenge that is there already. */
  dates?: { opens: string; closes: string };
};

export function DateFields({ zone, dates }: Props) {
  const hint = dates ? undefined : 'Empty: at once.';
  return (
    <>
      <ZoneField zones={timeZones} zone={zone} />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Opens" name="opens" type="datetime-local" defaultValue={dates?.opens} required={Boolean(dates)} hint={hint} />
        <Field
          label="Closes"
          name="closes"
          type="datetime-local"
          defaultValue={dates?.closes}
          hint="Empty: no deadline. What is sent at that minute is too late."
        />
      </div>
      <p className="max-w-[78ch] text-small text-muted">
        Both are times on the clocks of that zone. A time that the clocks skip in spring is refused; of an hour that comes twice in
        autumn, an opening means the first and a deadline the second. Students see every time in their own zone, named.
      </p>
    </>
  );
}
