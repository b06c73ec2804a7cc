// What the model is: its form and files, and its layers from image to logits.
import type { ReactNode } from 'react';
import { bytes, short, whole } from '@/app/ui/format';
import { scalingText } from '@/app/ui/scaling-text';
import { Time } from '@/app/ui/time';
import type { Report } from '@/lib/evaluation/report';
import type { Submission } from '@/lib/submissions/read';
import { Head } from './head';

export function ModelCard({ submission: { report, files, modelSha256, filesDeletedAt, declaredTta } }: { submission: Submission }) {
  const { origin } = report;
  const rows: [string, ReactNode][] = [
    ['Parameters', whole(report.parameters)],
    ['FLOPs per image', <span key="flops" title={whole(report.flopsPerImage)}>{short(report.flopsPerImage)}</span>],
    ['Input', <code key="layout">[{report.layout}]</code>],
    ['Pixel values', scalingText(report.scaling)],
    ['Output', report.output],
    ['Batch', report.batch === null ? 'any' : `${report.batch} at a time`],
    ...(origin ? [['Format', formatText(origin)] as [string, string]] : []),
    ...(origin?.producer ? [['Made by', origin.producer] as [string, string]] : []),
    ['Operators', operatorsText(report.operators)],
    ['Without a gradient', report.operatorsWithoutGradient.length > 0 ? report.operatorsWithoutGradient.join(', ') : 'none'],
    ...(declaredTta ? [['Declared TTA', declaredTta] as [string, string]] : []),
    [filesDeletedAt ? 'What ran' : 'What runs', <Hash key="hash" text={modelSha256} />],
  ];
  return (
    <section aria-labelledby="model" className="min-w-0">
      <Head id="model">Model</Head>
      <div className="mt-3 grid grid-cols-1 gap-x-14 gap-y-8 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <dl className="figures grid grid-cols-[minmax(7rem,auto)_1fr] content-start gap-x-6">
          {rows.map(([term, value]) => (
            <Fact key={term} term={term}>
              {value}
            </Fact>
          ))}
          {files.map((file) => (
            <Fact key={file.name} term="File">
              <span className="break-all">{file.name}</span>, {bytes(file.bytes)}
              <Hash text={file.sha256} />
            </Fact>
          ))}
          {filesDeletedAt && (
            <Fact term="Deleted">
              <Time at={filesDeletedAt} />, as the rules of the archived challenge say: files and model are gone, their hashes stay.
            </Fact>
          )}
        </dl>
        <Layers report={report} />
      </div>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid border-b border-line/70 py-1.5">
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

function Hash({ text }: { text: string }) {
  return (
    <span className="block text-micro text-muted">
      SHA-256 <code className="break-all">{text}</code>
    </span>
  );
}

function formatText({ format, opset, irVersion }: NonNullable<Report['origin']>): string {
  return [format, opset !== undefined && `opset ${opset}`, irVersion !== undefined && `IR ${irVersion}`].filter(Boolean).join(', ');
}

function operatorsText(operators: Report['operators']): string {
  return Object.entries(operators)
    .map(([name, count]) => (count === 1 ? name : `${name} ×${count}`))
    .join(', ');
}

/** Reports of before layers were told have none. */
function Layers({ report: { layers, parameters, flopsPerImage } }: { report: Report }) {
  if (!layers) return <p className="text-small text-muted">Its layers were not noted when it was submitted; a new upload shows them.</p>;
  const [most, rest] = [Math.max(1, ...layers.shown.map(({ flops }) => flops)), layers.count - layers.shown.length];
  return (
    <div role="region" aria-label="Layers" tabIndex={0} className="max-h-[36rem] overflow-auto">
      <table className="figures w-full min-w-[26rem] text-small">
        <caption className="sr-only">Layers from image to logits, in order</caption>
        <thead className="text-muted">
          <tr>
            {['#', 'Layer', 'Output', 'Parameters', 'FLOPs'].map((head, i) => (
              <th key={head} scope="col" className={`sticky top-0 border-b border-line bg-page py-1 pr-3 font-medium ${i > 2 ? 'text-right' : 'text-left'}`}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {layers.shown.map(({ name, operator, output, parameters: own, flops }, i) => (
            <tr key={i} className="align-top odd:bg-sunken/50">
              <td className="py-1 pr-3 pl-1 text-muted">{i + 1}</td>
              <th scope="row" className="py-1 pr-3 text-left font-medium">
                {operator}
                {name !== '' && name !== operator && <span className="ml-2 text-micro font-normal break-all text-muted">{name}</span>}
              </th>
              <td className="py-1 pr-3 whitespace-nowrap">{output.join(' × ') || '1'}</td>
              <td className="py-1 pr-3 text-right">{own > 0 ? whole(own) : <span className="text-muted">–</span>}</td>
              <td className="relative py-1 pr-3 text-right whitespace-nowrap">
                {flops > 0 ? short(flops) : <span className="text-muted">–</span>}
                <span aria-hidden className="absolute right-3 bottom-0 h-0.5 bg-accent" style={{ width: `calc(${((100 * flops) / most).toFixed(1)}% - 0.75rem)` }} />
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="border-t border-line font-semibold">
            <td />
            <th scope="row" className="py-1 text-left font-semibold" colSpan={2}>
              {whole(layers.count)} {layers.count === 1 ? 'layer' : 'layers'}{rest > 0 && `, the first ${whole(layers.shown.length)} of them shown`}
            </th>
            <td className="py-1 pr-3 text-right">{whole(parameters)}</td>
            <td className="py-1 pr-3 text-right">{short(flopsPerImage)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}
