// The challenge's perturbed training set: what it is, its files, and the lines that load them.
import { Download } from 'lucide-react';
import type { Metadata } from 'next';
import { Breadcrumb } from '@/app/ui/breadcrumb';
import { button } from '@/app/ui/button';
import { CopyBlock } from '@/app/ui/copy-block';
import { FactList, type Fact } from '@/app/ui/fact-list';
import { bytes, whole } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { currentViewer } from '@/lib/auth/session';
import { trainingDataOf, type TrainingData, type TrainingFile } from '@/lib/challenges/training-data';
import { env } from '@/lib/env';
import { Lines } from './lines';
import { Samples } from './samples';

export const metadata: Metadata = { title: 'Training data' };

type Props = { params: Promise<{ slug: string }> };

export default async function DataPage({ params }: Props) {
  const { slug } = await params;
  const data = await orNotFound(trainingDataOf(await currentViewer(), slug), `/challenges/${slug}/data`);
  const { challenge, recipe, files } = data;
  return (
    <>
      <Breadcrumb challenge={challenge} />
      <h1 className="mt-1 text-display font-semibold">Training data</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        The {whole(recipe.images)} training images of FashionMNIST, each under one of the perturbations that this challenge measures. The
        images that are scored are perturbed in the same ways, independently: other images, other draws.
      </p>
      <Facts data={data} />
      <div className="mt-6 flex flex-wrap gap-3">
        <DownloadLink file={files.npz} text="NumPy, .npz" look={button.primary} />
        <DownloadLink file={files.idx} text="IDX, as MNIST’s files" look={button.plain} />
      </div>
      {!(files.npz.made && files.idx.made) && (
        <p className="mt-2 text-small text-muted">The first download of a file waits some seconds while it is made; then it is kept.</p>
      )}
      <div className="mt-10 grid grid-cols-1 items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <Lines />
        <div className="min-w-0 space-y-10">
          <Inside data={data} />
          <Again data={data} />
        </div>
      </div>
      <Samples recipe={recipe} sheet={files.sheet.url} />
    </>
  );
}

function Facts({ data: { recipe } }: { data: TrainingData }) {
  const { images, kinds, severities } = recipe;
  const facts: Fact[] = [
    ['Images', `${whole(images)} of 28×28`],
    ['Perturbations', `${kinds.length}, each as likely`],
    ['Severities', `${severities[0]} to ${severities.at(-1)}, each as likely`],
    ['Of a kind and severity', `about ${whole(Math.round(images / kinds.length / severities.length))} images`],
  ];
  return <FactList facts={facts} />;
}

function DownloadLink({ file, text, look }: { file: TrainingFile; text: string; look: string }) {
  return (
    <a href={file.url} download={file.name} className={look}>
      <Download size={16} aria-hidden />
      {text}
      <span className="figures text-small font-normal">{file.made ? bytes(file.made.bytes) : 'about 27 MB'}</span>
    </a>
  );
}

function Inside({ data: { recipe, files } }: { data: TrainingData }) {
  const arrays: [string, string][] = [
    ['images', `uint8 [${recipe.images}, 28, 28], levels 0 to 255`],
    ['labels', `uint8 [${recipe.images}], FashionMNIST’s own, in its order`],
    ['perturbation', `uint8 [${recipe.images}], an index into kinds`],
    ['severity', `uint8 [${recipe.images}], 1 to 5`],
    ['kinds', `the ${recipe.kinds.length} names`],
  ];
  return (
    <section aria-labelledby="inside">
      <h2 id="inside" className="text-title font-semibold">
        What is inside
      </h2>
      <dl className="mt-3 space-y-1.5">
        {arrays.map(([name, what]) => (
          <div key={name}>
            <dt className="inline">
              <code className="font-medium">{name}</code>
            </dt>{' '}
            <dd className="inline text-muted">– {what}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-3 text-muted">
        The IDX files hold the same, under MNIST’s names: <code className="text-small">train-images-idx3-ubyte</code> and{' '}
        <code className="text-small">train-labels-idx1-ubyte</code>, and two more for perturbation and severity.
      </p>
      {[files.npz, files.idx].map(
        ({ name, made }) =>
          made && (
            <p key={name} className="mt-3 text-small text-muted">
              SHA-256 of {name}: <code className="text-micro break-all">{made.sha256}</code>
            </p>
          ),
      )}
    </section>
  );
}

function Again({ data: { challenge, recipe } }: { data: TrainingData }) {
  const site = env().NEXTAUTH_URL;
  return (
    <section aria-labelledby="again" className="min-w-0">
      <h2 id="again" className="mb-3 text-title font-semibold">
        Make it yourself
      </h2>
      <CopyBlock label="Shell" text={`npx gauntlet dataset --challenge ${challenge.slug}${site ? ` --url ${site}` : ''}`} />
      <p className="mt-3 text-muted">
        Byte for byte the same file, on any machine. The set follows from the public seed <code className="text-small">{recipe.seed}</code>,
        which is made of this challenge’s name and tells nothing of the secret seeds.{' '}
        <code className="text-small whitespace-nowrap">--seed</code> gives other draws,{' '}
        <code className="text-small whitespace-nowrap">--kinds rotate,crop</code> and{' '}
        <code className="text-small whitespace-nowrap">--severities 4,5</code> only some.
      </p>
    </section>
  );
}
