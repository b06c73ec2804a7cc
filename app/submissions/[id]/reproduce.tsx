// The command that makes the same figures at home, as far as the seed is known.
import Link from 'next/link';
import { CopyBlock } from '@/app/ui/copy-block';
import { phaseQuery } from '@/app/ui/phase-switch';
import { findChallenge } from '@/lib/challenges/challenges';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';

export async function Reproduce({ submission, results }: { submission: Submission; results: Results }) {
  const { phase } = submission.evaluation;
  const challenge = await findChallenge(submission.challenge.slug);
  const revealed = challenge?.phases.find(({ kind }) => kind === phase)?.revealed;
  const files = submission.files.map(({ name }) => quoted(name)).join(' ');
  const command = revealed
    ? `npx gauntlet verify receipt-${phase}-${submission.id.slice(0, 8)}.json --model ${files}`
    : `npx gauntlet evaluate ${files} --protocol ${quoted(results.protocol.name)} --seed mine`;
  const engines = [...new Set(results.cells.map(({ engine, device }) => `${engine} on ${device}`))];
  return (
    <section aria-labelledby="reproduce" className="min-w-0">
      <h2 id="reproduce" className="mb-3 text-title font-semibold">
        Measure it yourself
      </h2>
      <CopyBlock label="Shell" text={command} />
      <p className="mt-3 text-muted">
        {revealed
          ? 'The seed of this phase is published: the command makes the same images and holds every outcome against the receipt.'
          : 'The seed of this phase is secret until the phase ends. With a seed of your own you get other images of the same kind.'}
      </p>
      {results.status === 'finished' && (
        <p className="mt-2">
          <a href={`/api/v1/submissions/${submission.id}/receipt${phaseQuery(phase)}`} download className="link">
            Receipt of this evaluation
          </a>
          <span className="text-muted">, {revealed ? 'with' : 'which will then hold'} the seed and every outcome; </span>
          <Link href={`/challenges/${submission.challenge.slug}/verify`} className="link">
            how to verify it
          </Link>
        </p>
      )}
      {engines.length > 0 && <p className="mt-2 text-small text-muted">Measured with {engines.join('; ')}.</p>}
    </section>
  );
}

/** A word for a shell: names are the student's own text. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
