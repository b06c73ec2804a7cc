// The headline figures of each submission in columns beside each other, each with its interval; and what can be set as reference.
import Link from 'next/link';
import type { ReactNode } from 'react';
import { interval, percent, whole } from '@/app/ui/format';
import { phaseQuery } from '@/app/ui/phase-switch';
import type { Estimate, Score } from '@/lib/evaluation/score';
import type { Gathered } from '@/lib/leaderboard/compare';
import { compareAddress, type Asked } from './asked';
import { Letter, type Named } from './letters';

type Props = { gathered: Gathered; named: readonly Named[]; reference: number; asked: Asked };

const figures: { label: string; of: (score: Score) => Estimate | null }[] = [
  { label: 'Mixed', of: ({ mixed }) => mixed },
  { label: 'Clean', of: ({ clean }) => clean },
  { label: 'Mean perturbation', of: ({ meanPerturbation }) => meanPerturbation },
  { label: 'Robust', of: ({ robust }) => robust },
];

export function SideBySide({ gathered: { submissions, corruption }, named, reference, asked }: Props) {
  const mce = corruption.map((one) => one?.mce ?? null);
  return (
    <div role="region" aria-label="Headline figures" tabIndex={0} className="mt-6 overflow-x-auto">
      <table className="figures w-full text-left" style={{ minWidth: `${6 + 7.5 * submissions.length}rem` }}>
        <caption className="sr-only">Headline figures side by side, accuracies in percent with 95 % intervals</caption>
        <thead>
          <tr className="border-y border-line align-top">
            <td className="w-24 py-2 sm:w-36" />
            {submissions.map(({ id, evaluation }, i) => (
              <th key={id} scope="col" className={`max-w-60 py-2 pr-6 font-normal ${i === reference ? 'bg-accent-wash pl-2' : ''}`}>
                <span className="flex items-start gap-2">
                  <Letter letter={named[i].letter} />
                  <span className="min-w-0">
                    <Link href={`/submissions/${id}${phaseQuery(asked.phase)}`} prefetch={false} className="link font-medium break-words">
                      {named[i].name}
                    </Link>
                    <span className="block text-small text-muted">
                      {named[i].baseline ? 'Baseline' : named[i].userName}
                      {evaluation.status !== 'finished' && `, ${evaluation.status}`}
                      {evaluation.tier === 'headline' && ', headline only'}
                    </span>
                    <span className="mt-1 flex flex-wrap gap-x-3 text-small">
                      {i === reference ? (
                        <span className="font-medium">the reference</span>
                      ) : (
                        <Link href={compareAddress({ ...asked, against: id, show: undefined, page: undefined })} scroll={false} prefetch={false} className="link">
                          set as reference
                        </Link>
                      )}
                      {submissions.length > 2 && (
                        <Link href={compareAddress({ ...asked, of: asked.of.filter((other) => other !== id), show: undefined, page: undefined })} scroll={false} prefetch={false} className="link">
                          leave out<span className="sr-only"> {named[i].name}</span>
                        </Link>
                      )}
                    </span>
                  </span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figures.map(({ label, of }) => (
            <FigureRow key={label} label={`${label} %`} reference={reference} values={submissions.map(({ evaluation: { score } }) => (score ? of(score) : null))} />
          ))}
          <FigureRow
            label="mCE"
            note="less is better"
            reference={reference}
            values={mce}
            text={({ value, low, high }) => [value.toFixed(1), `${low.toFixed(1)}–${high.toFixed(1)}`]}
          />
          <tr className="border-b border-line/70">
            <th scope="row" className="py-1.5 pr-4 font-medium">
              Parameters
            </th>
            {submissions.map(({ id, report }, i) => (
              <td key={id} className={`py-1.5 pr-6 ${i === reference ? 'bg-accent-wash pl-2' : ''}`}>
                {whole(report.parameters)}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

type RowProps = { label: string; note?: string; reference: number; values: readonly (Estimate | null)[]; text?: (estimate: Estimate) => [ReactNode, ReactNode] };

function FigureRow({ label, note, reference, values, text = (one) => [percent(one.value), interval(one)] }: RowProps) {
  return (
    <tr className="border-b border-line/70 align-baseline">
      <th scope="row" className="py-1.5 pr-4 font-medium">
        {label}
        {note && <span className="block text-small font-normal text-muted">{note}</span>}
      </th>
      {values.map((estimate, i) => {
        const [value, between] = estimate ? text(estimate) : [];
        return (
          <td key={i} className={`py-1.5 pr-6 whitespace-nowrap ${i === reference ? 'bg-accent-wash pl-2' : ''}`}>
            {estimate ? (
              <>
                <span className="text-lead font-semibold">{value}</span>{' '}
                <span className="text-small text-muted max-sm:block">
                  {between}
                  <span className="max-sm:hidden">, N {whole(estimate.images)}</span>
                </span>
              </>
            ) : (
              <span className="text-muted">–</span>
            )}
          </td>
        );
      })}
    </tr>
  );
}
