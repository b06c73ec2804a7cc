// What the platform makes of an uploaded model, before anything is evaluated.
import type { ReactNode } from 'react';
import { duration, short, whole } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import { scalingText } from '@/app/ui/scaling-text';
import type { Report } from '@/lib/evaluation/report';
import type { Estimate } from '@/lib/submissions/estimate';

/** `total`: trials of the protocol. */
type Props = { report: Report; estimate: Estimate; total: number };

export function ReportCard({ report, estimate, total }: Props) {
  const facts: [string, string][] = [
    ['Parameters', whole(report.parameters)],
    ['FLOPs per image', short(report.flopsPerImage)],
    ['Input', `[${report.layout}]`],
    ['Pixel values', scalingText(report.scaling)],
    ['Output', report.output],
    ['Batch', report.batch === null ? 'any' : `${report.batch} at a time`],
  ];
  const without = new Set(report.operatorsWithoutGradient);
  // What is missing a gradient has a warning of its own here.
  const notes = report.notes.filter((note) => !note.startsWith('No gradient is known'));
  const masking = report.maskingOperators.filter((name) => !without.has(name));
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
      <Cost estimate={estimate} />
      <p className="eyebrow mt-4">Operators</p>
      <ul className="mt-1 flex flex-wrap gap-1.5">
        {Object.entries(report.operators).map(([name, count]) => (
          <li key={name} className={`figures rounded-small px-1.5 py-0.5 text-small ${without.has(name) ? 'bg-warn-wash text-warn' : 'bg-sunken'}`}>
            {name}
            {count > 1 && <span className="text-muted"> ×{count}</span>}
            {without.has(name) && <span className="font-medium"> no gradient</span>}
          </li>
        ))}
      </ul>
      <div className="mt-4 space-y-3 empty:hidden">
        {without.size > 0 && (
          <Warning title={`${[...without].join(', ')}: no gradient`}>
            Between the image and the answer {without.size === 1 ? 'this operator jumps' : 'these operators jump'} instead of changing smoothly, so
            the direction in which a pixel must change to fool the model is not known. {estimate.leftOut} of the {total} trials need it and are not
            run; attacks that only ask for answers are. The robust accuracy that remains is not ranked among those of models that were attacked in
            full. For a network this is mostly a rounding or an argmax left in the export: leave it out, unless you mean it.
          </Warning>
        )}
        {masking.length > 0 && (
          <Warning title={`${masking.join(', ')}: may hide the gradient`}>
            {masking.length === 1 ? 'This operator rounds, chooses or draws' : 'These operators round, choose or draw'} random numbers. That is allowed,
            and shown beside the score as a flag: such a model often looks more robust under attack than it is.
          </Warning>
        )}
      </div>
      {notes.length > 0 && (
        <ul className="mt-4 list-disc space-y-1 pl-5 text-small text-muted">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Warning({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Notice tone="warn" role="note" title={title}>
      <p className="text-small">{children}</p>
    </Notice>
  );
}

function Cost({ estimate: { headlineSeconds, seconds, trials, images, slots, queuedSeconds } }: Pick<Props, 'estimate'>) {
  const ahead = slots > 0 ? queuedSeconds / slots : 0;
  return (
    <>
      <p className="eyebrow mt-4">Evaluation, estimated</p>
      <p className="figures max-w-[70ch]">
        {headlineSeconds !== null && (
          <>
            <span className="font-medium">{duration(headlineSeconds)}</span> of computing to the first score, on clean and mixed images;{' '}
          </>
        )}
        <span className="font-medium">{duration(seconds)}</span> for all {whole(trials)} trials on {short(images)} images, on one core.{' '}
        {slots === 0
          ? 'No worker runs just now: your submission would wait for one, and nothing of it is lost.'
          : `${slots === 1 ? 'One core works' : `${slots} cores work`} here now, ${ahead < 5 ? 'with nothing ahead of yours' : `with ${duration(ahead)} of work ahead; first scores go before the rest of others`}.`}
      </p>
    </>
  );
}
