// Which of the committed baseline models a challenge has, or is to have.
import { Check } from '@/app/ui/inputs';
import { offeredBaselines } from '@/lib/submissions/baselines';

/** `entered` are names of those that are there already and stay. */
export function BaselineFields({ entered = [] }: { entered?: readonly string[] }) {
  return (
    <fieldset className="space-y-3">
      <legend className="sr-only">Baselines</legend>
      {offeredBaselines.map(({ file, name, description, reference }) => {
        const there = entered.includes(name);
        return (
          <Check
            key={file}
            label={there ? `${name} (entered)` : name}
            name="baseline"
            value={file}
            defaultChecked
            disabled={there}
            hint={reference ? `${description} Without it the board has no mCE.` : description}
          />
        );
      })}
    </fieldset>
  );
}
