// Score distributions: for every perturbation how the class's accuracies are spread, small and side by side; as a table below.
import type { Metadata } from 'next';
import Link from 'next/link';
import { EmptyState } from '@/app/ui/empty-state';
import { percent, whole, words } from '@/app/ui/format';
import { orNotFound } from '@/app/ui/or-not-found';
import { phaseOf, phaseQuery, PhaseSwitch } from '@/app/ui/phase-switch';
import { Table, Td, Th } from '@/app/ui/table';
import { currentViewer } from '@/lib/auth/session';
import { classView } from '@/lib/monitoring/class';
import { spreadOf, studentsOn } from '@/lib/monitoring/spread';
import { Histogram } from './histogram';

export const metadata: Metadata = { title: 'Distributions' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<{ phase?: string }> };

export default async function DistributionsPage({ params, searchParams }: Props) {
  const [{ slug }, asked] = await Promise.all([params, searchParams]);
  const phase = phaseOf(asked.phase);
  const here = `/challenges/${slug}/desk/distributions`;
  const { challenge, columns, rows } = await orNotFound(classView(await currentViewer(), slug, phase), here);
  const measured = columns.flatMap((column) => {
    const spread = spreadOf(studentsOn(column, rows));
    return spread ? [{ column, spread, href: `/challenges/${slug}/desk/class${phaseQuery(phase, { sort: column.key })}` }] : [];
  });
  const groups = [...new Set(measured.map(({ column }) => column.group))];
  return (
    <>
      <h1 className="text-display font-semibold">Distributions</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        How the students’ accuracies are spread, all on one scale from 0 to 100 %. The line below spans least to most, its bar the middle
        half, its tick the median. Each figure leads to the class, sorted by it.
      </p>
      {challenge.state === 'closed' && <PhaseSwitch phase={phase} path={here} />}
      {measured.length === 0 && (
        <div className="mt-6">
          <EmptyState title="Nothing to spread yet">
            Nobody has a submission that counts in this phase. As soon as the first is evaluated, its figures stand here.
          </EmptyState>
        </div>
      )}
      {groups.map((group) => (
        <section key={group} aria-labelledby={`group-${group}`} className="mt-7">
          <h2 id={`group-${group}`} className="text-title font-semibold">
            {group === 'headline' ? 'Headline' : group === 'attack' ? 'Under attack, the worst case at every radius' : `Perturbations: ${words(group)}`}
          </h2>
          <ul className="mt-3 grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-3 lg:grid-cols-5">
            {measured
              .filter(({ column }) => column.group === group)
              .map(({ column, spread, href }) => (
                <li key={column.key}>
                  <Link href={href} prefetch={false} className="block rounded-small hover:bg-sunken">
                    <Histogram label={column.label} spread={spread} />
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
      {measured.length > 0 && (
        <div className="mt-10">
          <Table
            caption="The same in figures"
            empty="None."
            heads={['Column', ...['Students', 'Least', 'Lower quartile', 'Median', 'Upper quartile', 'Most', 'Mean'].map((number) => ({ number }))]}
          >
            {measured.map(({ column, spread: { students, least, quartiles, most, mean }, href }) => (
              <tr key={column.key}>
                <Th>
                  <Link href={href} prefetch={false} className="link">
                    {column.label}
                  </Link>
                </Th>
                <Td number>{whole(students)}</Td>
                {[least, ...quartiles, most, mean].map((value, i) => (
                  <Td key={i} number>
                    {percent(value)}
                  </Td>
                ))}
              </tr>
            ))}
          </Table>
        </div>
      )}
    </>
  );
}
