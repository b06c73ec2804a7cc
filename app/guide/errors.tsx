// The refusals that are met most, in the words of the code that refuses; and a model that is taken but answers like a die.
import { CopyBlock } from '@/app/ui/copy-block';
import { frequentProblems } from '@/lib/challenges/guide';
import { preflightNote } from '@/lib/evaluations/preflight';
import { Part, Sub, Text } from './part';

/** Confusions of a hundred images that show what each note is about. */
const hundred = (predicted: (label: number) => number): number[] => {
  const confusion = new Array<number>(100).fill(0);
  for (let label = 0; label < 10; label++) confusion[10 * label + predicted(label)] += 10;
  return confusion;
};
const noteOf = (confusion: number[]) => preflightNote({ confusion, predictions: new Uint8Array(100), diagnostics: {} });

const notes: [title: string, note: string | null][] = [
  ['Everything is one class', noteOf(hundred(() => 8))],
  ['Right, under the wrong numbers', noteOf(hundred((label) => (label + 1) % 10))],
];

export function Errors() {
  return (
    <Part id="errors">
      <Sub id="refused">Refused at the upload</Sub>
      <Text muted>A refused upload costs no quota. Below is what the site says to such files, word by word.</Text>
      <div className="max-w-[72ch] space-y-1">
        {frequentProblems.map(({ title, problem: { found, fix, snippet } }) => (
          <details key={title} className="border-b border-line/70 py-1.5">
            <summary className="font-medium">{title}</summary>
            <p className="mt-1 text-muted">{found}</p>
            <p className="mt-1">{fix}</p>
            {snippet && (
              <div className="mt-2">
                <CopyBlock label={`Lines for: ${title}`} text={snippet} />
              </div>
            )}
          </details>
        ))}
      </div>
      <Sub id="near-chance">Taken, and near chance</Sub>
      <Text muted>After the first images the evaluator looks whether the model does better than guessing. If not, it says why that may be:</Text>
      <dl className="max-w-[72ch] space-y-3">
        {notes.map(([title, note]) => (
          <div key={title}>
            <dt className="font-medium">{title}</dt>
            <dd className="text-muted">{note}</dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}
