// The lines that make the same figures at home: fetch the receipt, verify it, and evaluate with the same protocol.
import Link from 'next/link';
import { CopyBlock } from '@/app/ui/copy-block';
import { phaseQuery } from '@/app/ui/phase-switch';
import type { ChallengeView } from '@/lib/challenges/challenges';
import { env } from '@/lib/env';
import { protocolFacts } from '@/lib/evaluations/protocol-facts';
import type { Results } from '@/lib/evaluations/results';
import type { Submission } from '@/lib/submissions/read';
import { Head } from './head';

type Props = { submission: Submission; results: Results; challenge: ChallengeView };

export function Reproduce({ submission, results, challenge }: Props) {
  const { phase } = submission.evaluation;
  const { slug } = submission.challenge;
  const revealed = Boolean(challenge.phases.find(({ kind }) => kind === phase)?.revealed);
  const files = submission.files.map(({ name }) => quoted(name)).join(' ');
  const site = env().NEXTAUTH_URL ?? '';
  const receipt = `receipt-${phase}-${submission.id.slice(0, 8)}.json`;
  const address = `/api/v1/submissions/${submission.id}/receipt${phaseQuery(phase)}`;
  const finished = results.status === 'finished';
  const { builtIn, sha256 } = protocolFacts(results.protocol);
  const evaluate = [
    ...(builtIn ? [] : [`curl -H "Authorization: Bearer $GAUNTLET_TOKEN" ${quoted(`${site}/api/v1/challenges/${slug}`)} | jq .protocol > protocol.json`]),
    `npx gauntlet evaluate ${files} --protocol ${builtIn ? quoted(results.protocol.name) : 'protocol.json'} --seed mine`,
  ];
  const engines = [...new Set(results.cells.map(({ engine, device }) => `${engine} on ${device}`))];
  return (
    <section aria-labelledby="reproduce" className="min-w-0">
      <Head id="reproduce">Measure it yourself</Head>
      <div className="mt-3 grid grid-cols-1 gap-x-14 gap-y-6 lg:grid-cols-2">
        <div className="min-w-0 space-y-3">
          <h3 className="font-semibold">{revealed ? 'The very same images' : 'Images of the same kind'}</h3>
          <p className="text-small text-muted">
            {revealed
              ? 'The seed of this phase is published: this makes the same images and holds every outcome against the receipt.'
              : 'The seed of this phase is secret until the phase ends. With a seed of your own you get other images of the same kind, and figures that agree within their intervals.'}
          </p>
          {revealed && finished ? (
            <CopyBlock label="Verify" text={`npx gauntlet verify ${receipt} --model ${files}`} />
          ) : (
            <CopyBlock label="Evaluate at home" text={evaluate.join('\n')} />
          )}
        </div>
        <div className="min-w-0 space-y-3">
          <h3 className="font-semibold">The receipt</h3>
          {finished ? (
            <>
              <p className="text-small text-muted">
                <a href={address} download={receipt} className="link">
                  Download the receipt
                </a>
                : model, protocol and every total, signed by this site where it has a key
                {revealed ? ', with the seed and every outcome.' : '; after the reveal it also holds the seed and every outcome.'}{' '}
                <Link href={`/challenges/${slug}/verify`} className="link">
                  How to verify it
                </Link>
              </p>
              <CopyBlock label="The same from a script" text={`curl -H "Authorization: Bearer $GAUNTLET_TOKEN" -o ${receipt} ${quoted(site + address)}`} />
            </>
          ) : (
            <p className="text-small text-muted">
              {results.status === 'failed' || results.status === 'cancelled' ? 'There is none: not everything was measured.' : 'There is one once everything has been measured.'}
            </p>
          )}
        </div>
      </div>
      <dl className="figures mt-5 grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1 text-small">
        <dt className="text-muted">Protocol</dt>
        <dd>
          {results.protocol.name}
          <span className="block text-micro text-muted">
            SHA-256 <code className="break-all">{sha256}</code>
          </span>
        </dd>
        {engines.length > 0 && (
          <>
            <dt className="text-muted">Measured with</dt>
            <dd>{engines.join('; ')}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** A word for a shell: names are the student's own text. */
function quoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
