// What the model is: its form, size, operators and files.
import type { ReactNode } from 'react';
import { bytes, short, whole } from '@/app/ui/format';
import { scalingText } from '@/app/ui/scaling-text';
import type { Submission } from '@/lib/submissions/read';

export function ModelCard({ submission: { report, files } }: { submission: Submission }) {
  const rows: [string, ReactNode][] = [
    ['Parameters', whole(report.parameters)],
    ['FLOPs per image', short(report.flopsPerImage)],
    ['Input', <code key="layout">[{report.layout}]</code>],
    ['Pixel values', scalingText(report.scaling)],
    ['Output', report.output],
    ['Batch', report.batch === null ? 'any' : `${report.batch} at a time`],
    ['Operators', operatorsText(report.operators)],
    ['Without a gradient', report.operatorsWithoutGradient.length > 0 ? report.operatorsWithoutGradient.join(', ') : 'none'],
  ];
  return (
    <section aria-labelledby="model" className="min-w-0">
      <h2 id="model" className="mb-3 text-title font-semibold">
        Model
      </h2>
      <dl className="figures grid grid-cols-[minmax(7rem,auto)_1fr] gap-x-6">
        {rows.map(([term, value]) => (
          <div key={term} className="col-span-2 grid grid-cols-subgrid border-b border-line/70 py-1.5">
            <dt className="text-muted">{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {files.map((file) => (
          <div key={file.name} className="col-span-2 grid grid-cols-subgrid border-b border-line/70 py-1.5">
            <dt className="text-muted">File</dt>
            <dd className="min-w-0">
              <span className="break-all">{file.name}</span>, {bytes(file.bytes)}
              <code className="block text-micro break-all text-muted">{file.sha256}</code>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function operatorsText(operators: Submission['report']['operators']): string {
  return Object.entries(operators)
    .map(([name, count]) => (count === 1 ? name : `${name} ×${count}`))
    .join(', ');
}
