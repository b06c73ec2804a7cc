// The command that makes the same figures at home, as far as the seed is known.
import { CopyBlock } from '@/app/ui/copy-block';
import { findChallenge } from '@/lib/challenges/challenges';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';

export async function Reproduce({ submission, results }: { submission: Submission; results: Results }) {
  const challenge = await findChallenge(submission.challenge.slug);
  const revealed = challenge?.phases.find(({ kind }) => kind === 'public')?.revealed;
  const file = (submission.files.find(({ name }) => /\.(onnx|keras|h5)$/.test(name)) ?? submission.files[0])?.name ?? 'model.onnx';
  const command = `npx gauntlet evaluate ${quoted(file)} --protocol ${quoted(results.protocol.name)} --seed ${revealed?.seed ?? 'mine'}`;
  const engines = [...new Set(results.cells.map(({ engine, device }) => `${engine} on ${device}`))];
  return (
    <section aria-labelledby="reproduce" className="min-w-0">
      <h2 id="reproduce" className="mb-3 text-title font-semibold">
        Measure it yourself
      </h2>
      <CopyBlock label="Shell" text={command} />
      <p className="mt-3 text-muted">
        {revealed
          ? 'The seed of this phase is published: the command makes the same images and the same figures.'
          : 'The seed of this phase is secret until the phase ends. With a seed of your own you get other images of the same kind.'}
      </p>
      {engines.length > 0 && <p className="mt-2 text-small text-muted">Measured with {engines.join('; ')}.</p>}
    </section>
  );
}

/** A word for a shell: names are the student's own text. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
