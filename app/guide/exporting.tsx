// How to save a model so that it is taken: the contract, the limits, and lines for each framework from where the refusals have them.
import Link from 'next/link';
import { CopyBlock } from '@/app/ui/copy-block';
import { whole } from '@/app/ui/format';
import { modelContract } from '@/lib/challenges/contract';
import { classNames } from '@/lib/evaluation/classes';
import { childLimits } from '@/lib/child-limits';
import { limits } from '@/lib/limits';
import { Part, Sub, Text } from './part';

/** What stands under the lines of a framework. */
const hints: Record<keyof typeof modelContract.snippets, string> = {
  PyTorch: 'model.eval() matters: without it dropout and batch norm go on as in training.',
  'PyTorch 2.9 and newer': 'Without external_data=False the weights go to model.onnx.data: then upload both files, or a zip of both.',
  Keras: 'Sequential and functional models of standard layers, submodels too. No export is needed.',
  'Keras, with layers of your own': 'Lambda layers and layers of your own hold code that is not in the file, so such a model goes by way of ONNX.',
  'TensorFlow.js': 'Upload model.json and its .bin files together, or a zip of them.',
  'scikit-learn': 'Estimators and pipelines. Trees and neighbors have no input gradient: they are attacked by asking for answers alone, and are not ranked by the robust column.',
};

const rows: [string, string][] = [
  ['An upload', `${limits.uploadBytes / 1024 / 1024} MB in at most ${limits.uploadFiles} files`],
  ['Nodes of the graph', whole(limits.graphNodes)],
  ['Work per image', `${limits.flopsPerImage / 1e9} GFLOP`],
  ...Object.values(childLimits).map(({ called, allowed }): [string, string] => [`${called[0].toUpperCase()}${called.slice(1)}`, allowed(limits)]),
  ['An upload that is not submitted is kept', `${limits.draftHours} h`],
];

export const anchorOf = (framework: string) => `export-${framework.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;

export function Exporting({ slug }: { slug?: string }) {
  return (
    <Part id="export">
      <Text>{modelContract.file}</Text>
      <Text>
        {modelContract.model} Pixels come in [0, 1] unless you say on the upload form that your model wants 0–255, or a mean and a deviation.
        Logits, probabilities and log-probabilities are recognised; a final softmax is cut off.
      </Text>
      <p className="max-w-[72ch] text-small text-muted">
        The ten outputs in their order:{' '}
        {classNames.map((name, i) => (
          <span key={name}>
            {i > 0 && ', '}
            <span className="figures">{i}</span> {name}
          </span>
        ))}
        .
      </p>
      {Object.entries(modelContract.snippets).map(([framework, { language, text }]) => (
        <div key={framework} className="max-w-[56rem] break-inside-avoid space-y-1.5">
          <Sub id={anchorOf(framework)}>{framework}</Sub>
          <CopyBlock label={`${framework}: ${language}`} text={text} />
          <p className="text-small text-muted">{hints[framework as keyof typeof hints]}</p>
        </div>
      ))}
      <Sub id="check-first">Before you upload</Sub>
      <Text>The same evaluation runs on your own machine, with a seed of your own:</Text>
      <div className="max-w-[56rem]">
        <CopyBlock label="Shell" text={'npx gauntlet evaluate model.onnx --protocol quick --seed anything'} />
      </div>
      <Sub id="limits">Limits</Sub>
      <dl className="grid max-w-[40rem] grid-cols-[1fr_auto] gap-x-6 gap-y-1">
        {rows.map(([what, most]) => (
          <div key={what} className="col-span-2 grid grid-cols-subgrid border-b border-line/70 py-1">
            <dt>{what}</dt>
            <dd className="figures text-right">{most}</dd>
          </div>
        ))}
      </dl>
      {slug && (
        <p>
          <Link href={`/challenges/${slug}/submit`} className="link">
            Submit a model
          </Link>
          <span className="text-muted">: what the site makes of it is shown before it costs anything.</span>
        </p>
      )}
    </Part>
  );
}
