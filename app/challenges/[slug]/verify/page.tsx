// How anyone checks a score: the promised seeds, the key of the site, and the lines that do it.
import type { Metadata } from 'next';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { CopyBlock } from '@/app/ui/copy-block';
import { orNotFound } from '@/app/ui/or-not-found';
import { Time } from '@/app/ui/time';
import { currentViewer } from '@/lib/auth/session';
import type { PhaseView } from '@/lib/challenges/challenges';
import { admitted } from '@/lib/challenges/standing';
import { env } from '@/lib/env';
import { sitePublicKey } from '@/lib/evaluations/signing-key';

export const metadata: Metadata = { title: 'Verify a score' };

type Props = { params: Promise<{ slug: string }> };

export default async function VerifyPage({ params }: Props) {
  const { slug } = await params;
  const { challenge } = await orNotFound(admitted(await currentViewer(), slug), `/challenges/${slug}/verify`);
  const key = sitePublicKey();
  return (
    <>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Verify a score</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        The images of a phase follow from a secret seed. What the seed would be was fixed when the challenge opened, by publishing its
        SHA-256; after the phase the seed itself is published. With it, anyone makes the same images, runs the model, and compares every
        image’s outcome with the receipt of the evaluation.
      </p>
      <div className="mt-10 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <Lines signed={key !== null} />
        <div className="min-w-0 space-y-10">
          <section aria-labelledby="seeds" className="min-w-0 space-y-5">
            <h2 id="seeds" className="text-title font-semibold">
              The seeds
            </h2>
            {challenge.phases.map((phase) => (
              <Promised key={phase.kind} phase={phase} />
            ))}
          </section>
          <section aria-labelledby="key" className="min-w-0">
            <h2 id="key" className="mb-3 text-title font-semibold">
              The key
            </h2>
            {key ? (
              <>
                <CopyBlock label="Public key, Ed25519" text={key.pem.trim()} />
                <p className="mt-3 text-small text-muted">
                  Its SHA-256: <code className="text-micro break-all">{key.fingerprint}</code>
                </p>
              </>
            ) : (
              <p className="text-muted">
                This site has no signing key, so its receipts are not signed. Seed, model and outcomes can be checked all the same.
              </p>
            )}
          </section>
        </div>
      </div>
    </>
  );
}

function Lines({ signed }: { signed: boolean }) {
  const site = env().NEXTAUTH_URL ?? '';
  const own = 'SUBMISSION';
  const fetched = [
    ...(signed ? [`curl -o site.pem ${site}/api/v1/public-key`] : []),
    `curl -H "Authorization: Bearer $GAUNTLET_TOKEN" -o receipt.json ${site}/api/v1/submissions/${own}/receipt`,
  ];
  const key = signed ? ' --public-key site.pem' : '';
  return (
    <section aria-labelledby="lines" className="min-w-0 space-y-5">
      <h2 id="lines" className="text-title font-semibold">
        The lines
      </h2>
      <div>
        <CopyBlock label="1. Receipt and key" text={fetched.join('\n')} />
        <p className="mt-2 text-small text-muted">
          The submission’s page offers the same receipt; <code>{own}</code> is the last part of its address, and{' '}
          <code>?phase=final</code> asks for the final phase. Tokens are made on your account page.
        </p>
      </div>
      <div>
        <CopyBlock label="2. Everything" text={`npx gauntlet verify receipt.json --model model.onnx${key}`} />
        <p className="mt-2 text-small text-muted">
          Signature, seed, data set and model are checked first, then every trial is run again. The model is the file that was uploaded.
        </p>
      </div>
      <div>
        <CopyBlock label="Or a sample" text={`npx gauntlet verify receipt.json --model model.onnx${key} --sample 200`} />
        <p className="mt-2 text-small text-muted">
          About 200 images of each trial, drawn by chance; <code>--trials mixed rotate</code> takes only some trials. On another engine or
          device than the site’s, attacks may differ by up to 0.2 points, which is said.
        </p>
      </div>
    </section>
  );
}

function Promised({ phase: { kind, seedCommitment, revealed } }: { phase: PhaseView }) {
  return (
    <div className="min-w-0">
      <h3 className="font-medium">{kind === 'public' ? 'Public phase' : 'Final phase'}</h3>
      <dl className="mt-1 space-y-1 text-small">
        <div>
          <dt className="text-muted">Commitment</dt>
          <dd>
            <code className="text-micro break-all">{seedCommitment}</code>
          </dd>
        </div>
        <div>
          <dt className="text-muted">Seed</dt>
          <dd>
            {revealed ? (
              <>
                <code className="text-micro break-all">{revealed.seed}</code>, published <Time at={revealed.at} />
              </>
            ) : (
              'secret until the phase has ended'
            )}
          </dd>
        </div>
      </dl>
      {revealed && (
        <div className="mt-3">
          <CopyBlock
            label="The commitment, made again"
            text={`{ printf 'gauntlet-commit|'; printf ${revealed.seed} | xxd -r -p; } | sha256sum`}
          />
        </div>
      )}
    </div>
  );
}
