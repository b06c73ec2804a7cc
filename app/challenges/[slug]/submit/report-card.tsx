// What the platform makes of an uploaded model, before anything is evaluated.
import { short, whole } from '@/app/ui/format';
import { scalingText } from '@/app/ui/scaling-text';
import type { Report } from '@/lib/evaluation/report';

export function ReportCard({ report }: { report: Report }) {
  const facts: [string, string][] = [
    ['Parameters', whole(report.parameters)],
    ['FLOPs per image', short(report.flopsPerImage)],
    ['Input', `[${report.layout}]`],
    ['Pixel values', scalingText(report.scaling)],
    ['Output', report.output],
    ['Batch', report.batch === null ? 'any' : `${report.batch} at a time`],
  ];
  const without = new Set(report.operatorsWithoutGradient);
  return (
    <section aria-labelledby="report" className="rounded-base border border-line bg-surface px-5 py-4">
      <h2 id="report" className="text-lead font-semibold">
        The model can be evaluated
      </h2>
      <dl className="figures mt-3 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt className="eyebrow">{term}</dt>
            <dd className="font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="eyebrow mt-4">Operators</p>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {Object.entries(report.operators).map(([name, count]) => (
          <li
            key={name}
            className={`figures rounded-small px-1.5 py-0.5 text-small ${without.has(name) ? 'bg-warn-wash text-warn' : 'bg-sunken'}`}
          >
            {name}
            {count > 1 && <span className="text-muted"> ×{count}</span>}
            {without.has(name) && <span className="font-medium"> no gradient</span>}
          </li>
        ))}
      </ul>
      {report.notes.length > 0 && (
        <ul className="mt-4 list-disc space-y-1 pl-5 text-small text-muted">
          {report.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
