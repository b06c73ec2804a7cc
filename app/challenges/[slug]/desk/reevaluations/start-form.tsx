// The form that starts a re-evaluation: which submissions, why, and under which protocol.
import { ActionForm } from '@/app/ui/action-form';
import { Check, Select, TextArea } from '@/app/ui/inputs';
import { Section } from '@/app/ui/section';
import { start } from './actions';

type Props = { slug: string; present: string; others: readonly string[]; chosen: string };

export function StartForm({ slug, present, others, chosen }: Props) {
  return (
    <div className="mt-10">
      <Section
        id="start"
        title="Start one"
        about={
          <p>
            It only asks workers for work: old results, ranks and quotas stay as they are. Cancelling leaves no trace on any board.
          </p>
        }
      >
        <ActionForm action={start.bind(null, slug)} label="Start the re-evaluation" className="space-y-5">
          <div className="grid gap-5 sm:grid-cols-2">
            <Select
              label="Submissions"
              name="which"
              defaultValue={chosen ? 'chosen' : 'all'}
              options={[
                ['all', 'All of the phase'],
                ['failed', 'Those that failed by the platform’s fault'],
                ['chosen', 'The ones named below'],
              ]}
            />
            <Select label="Phase" name="phase" options={[['public', 'Public'], ['final', 'Final']]} />
          </div>
          <TextArea
            label="Named submissions"
            name="chosen"
            rows={2}
            defaultValue={chosen}
            hint="Their addresses or ids, one a line. Read only where the named ones are to run."
          />
          <TextArea label="Reason" name="reason" rows={2} required maxLength={500} hint="Students whose submissions run again read it." />
          <details className="rounded-base border border-line bg-surface px-4 py-3">
            <summary className="cursor-pointer font-medium">Another protocol or kind of worker</summary>
            <div className="mt-4 space-y-5">
              <Select
                label="Protocol"
                name="protocol"
                defaultValue="present"
                options={[['present', `The present one (${present})`], ...others.map((name) => [name, name] as const), ['own', 'A new version, given below']]}
                hint="Under another version, old and new are compared on the columns that both measure. It is applied for the whole board or not at all, and then it is the challenge’s."
              />
              <TextArea label="New version, as JSON" name="own" rows={3} spellCheck={false} hint="With a name of its own. Try it first with: npx gauntlet protocol FILE" />
              <Check
                name="new-class"
                label="On another kind of worker"
                hint="The attacks leave the engine, version and device of the phase for those of whichever worker takes the first. Applied for the whole board or not at all."
              />
            </div>
          </details>
        </ActionForm>
      </Section>
    </div>
  );
}
