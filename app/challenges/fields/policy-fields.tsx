// The rules of a challenge that are numbers and choices.
import type { ReactNode } from 'react';
import { Field } from '@/app/ui/field';
import { Check, Select } from '@/app/ui/inputs';
import type { Policy } from '@/lib/challenges/policy';

type Props = {
  policy: Policy;
  /** What the tiers would cost, where it is known. */
  capacity?: ReactNode;
};

export function PolicyFields({ policy, capacity }: Props) {
  const number = (name: keyof Policy, label: string, min: number, max: number, hint: string) => {
    const step = name === 'latePenaltyPerDay' ? 'any' : 1;
    return <Field type="number" {...{ name, label, min, max, step, hint }} required defaultValue={String(policy[name])} />;
  };
  const days = (name: 'keepFilesDays' | 'keepPeopleDays', label: string, hint: string) => (
    <Field
      type="number"
      {...{ name, label, hint }}
      min={1}
      max={3650}
      placeholder="for ever"
      defaultValue={policy[name] === null ? '' : String(policy[name])}
    />
  );
  return (
    <>
      <Group name="Quotas of a student, or of a team together">
        {number('successesPerDay', 'Evaluations a day', 1, 1000, 'That succeed. One that fails or is cancelled gives its place back.')}
        {number('attemptsPerDay', 'Attempts a day', 1, 1000, 'Whatever becomes of them, but for those that the platform failed.')}
        {number('concurrent', 'At once', 1, 100, 'Submissions under evaluation at the same time.')}
      </Group>
      <Group name="Around the deadline">
        {number('graceMinutes', 'Grace, in minutes', 0, 1440, 'How long after the deadline an upload begun before it is taken.')}
        {number('lateHours', 'Late hours', 0, 1440, 'How long after the deadline late submissions are taken; 0 takes none.')}
        {number('latePenaltyPerDay', 'Late penalty, in percent', 0, 100, 'Of the grade, for each begun day of lateness.')}
      </Group>
      <Group name="Teams and names">
        {number('teamSize', 'Members of a team', 1, 20, '1: everybody for themselves.')}
        <Select
          label="Which submission counts"
          name="counted"
          defaultValue={policy.counted}
          options={[
            ['best', 'The best by the primary metric'],
            ['chosen', 'The one its student chose; the best until then'],
          ]}
        />
        <Check
          label="Pseudonyms"
          name="pseudonyms"
          defaultChecked={policy.pseudonyms}
          hint="Members may stand on the board under a name of their choice. Staff see who it is."
          className="sm:pt-6"
        />
      </Group>
      <Group name="What runs the whole protocol">
        <Select
          label="Full protocol"
          name="fullProtocol"
          defaultValue={policy.fullProtocol}
          hint="All others run clean and mixed, which take a second or two."
          options={[
            ['every', 'Every submission'],
            ['per-day', 'So many a day of each student'],
            ['counted', 'Only the counted submission'],
          ]}
        />
        {number('fullPerDay', 'Full evaluations a day', 1, 1000, 'Under “so many a day” alone.')}
        {capacity && <div className="sm:col-span-3">{capacity}</div>}
      </Group>
      <Group name="How long an archived challenge keeps its data">
        {days('keepFilesDays', 'Files and models, in days', 'Of students; deleted afterwards. Scores, ranks, receipts and baselines stay.')}
        {days('keepPeopleDays', 'Class list, in days', 'With staff notes, regrade requests and comments; deleted afterwards. The audit log stays.')}
      </Group>
    </>
  );
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 font-semibold">{name}</legend>
      <div className="grid grid-cols-1 items-start gap-4 sm:grid-cols-3">{children}</div>
    </fieldset>
  );
}
