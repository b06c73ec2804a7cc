// Grades: the rule, what it makes of everybody, and the files that grade books import.
import type { Metadata } from 'next';
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { FactList } from '@/app/ui/fact-list';
import { percent } from '@/app/ui/format';
import { Notice } from '@/app/ui/notice';
import { orNotFound } from '@/app/ui/or-not-found';
import { Table, Td, Th } from '@/app/ui/table';
import { currentViewer } from '@/lib/auth/session';
import { atLeast, standingIn } from '@/lib/challenges/standing';
import { RequestError } from '@/lib/errors';
import { gradesOf, type GradeRow } from '@/lib/grades/grades';
import { ruleOfFields, type RuleFields } from '@/lib/grades/rule-form';
import type { GradingRule } from '@/lib/grades/rule';
import { distributionOf } from '@/lib/grades/distribution';
import { RuleForm } from './rule-form';

export const metadata: Metadata = { title: 'Grades' };

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<RuleFields> };

export default async function GradesPage({ params, searchParams }: Props) {
  const [{ slug }, asked, viewer] = await Promise.all([params, searchParams, currentViewer()]);
  const typed = asked.steps === undefined ? null : asked;
  const preview = typed && tried(typed);
  const here = `/challenges/${slug}/grades`;
  const grades = await orNotFound(gradesOf(viewer, slug, preview && 'rule' in preview ? preview.rule : undefined), here);
  const { challenge, rule, saved, rows } = grades;
  const instructor = atLeast(await standingIn(viewer, challenge.id), 'instructor');
  return (
    <>
      <h1 className="text-display font-semibold">Grades</h1>
      <p className="mt-1 max-w-[78ch] text-muted">
        A grade is made of what counts for a student in the {rule?.phase ?? 'final'} phase, by a rule that you try out before you keep it.
      </p>
      <div className="mt-6 grid grid-cols-1 items-start gap-x-12 gap-y-8 lg:grid-cols-[22rem_minmax(0,1fr)]">
        <section aria-labelledby="rule" className="space-y-4">
          <h2 id="rule" className="text-title font-semibold">
            The rule
          </h2>
          {instructor ? (
            <RuleForm key={JSON.stringify(typed ?? saved)} slug={slug} rule={saved} typed={typed} />
          ) : (
            <p className="text-muted">{saved ? 'Instructors change it.' : 'No instructor has made one yet.'}</p>
          )}
        </section>
        <div className="min-w-0 space-y-5">
          {preview && 'failed' in preview && (
            <Notice tone="bad" role="alert">
              {preview.failed}
            </Notice>
          )}
          {preview && 'rule' in preview && (
            <Notice tone="info" role="note" title="Tried out, not saved">
              What you see here is what the rule would give.
            </Notice>
          )}
          {rule && <Distribution rows={rows} rule={rule} />}
          <Downloads slug={slug} saved={saved} phase={rule?.phase ?? 'final'} />
          <GradeTable rows={rows} />
        </div>
      </div>
    </>
  );
}

function tried(typed: RuleFields): { rule: GradingRule } | { failed: string } {
  try {
    return { rule: ruleOfFields(typed) };
  } catch (error) {
    if (error instanceof RequestError) return { failed: error.message };
    throw error;
  }
}

function Distribution({ rows, rule }: { rows: GradeRow[]; rule: GradingRule }) {
  const { mean, median, quartiles, without } = distributionOf(rows);
  const grade = (value: number | null) => (value === null ? '–' : value.toFixed(rule.decimals));
  return (
    <FactList
      facts={[
        ['Students', rows.length],
        ['Nothing that counts', without],
        ['Mean', grade(mean)],
        ['Median', grade(median)],
        ['Quartiles', `${grade(quartiles[0])} and ${grade(quartiles[1])}`],
        ['Full grade', rule.maximum],
      ]}
    />
  );
}

function Downloads({ slug, saved, phase }: { slug: string; saved: GradingRule | null; phase: string }) {
  const base = `/api/v1/challenges/${slug}`;
  const formats = saved ? ([['Moodle', 'moodle'], ['Canvas', 'canvas'], ['CSV', 'csv'], ['JSON', 'json']] as const) : [];
  return (
    <section aria-labelledby="downloads">
      <h2 id="downloads" className="mb-2 text-title font-semibold">
        Files
      </h2>
      <p className="flex flex-wrap items-center gap-3">
        {formats.map(([label, as]) => (
          <a key={as} href={`${base}/grades?as=${as}`} download className={button.plain}>
            Grades, {label}
          </a>
        ))}
        {(['csv', 'json'] as const).map((as) => (
          <a key={as} href={`${base}/export?phase=${phase}&as=${as}`} download className={button.plain}>
            Leaderboard, {as.toUpperCase()}
          </a>
        ))}
      </p>
      {!saved && <p className="mt-2 text-small text-muted">Grades can be exported when a rule is saved.</p>}
    </section>
  );
}

function GradeTable({ rows }: { rows: GradeRow[] }) {
  const heads = ['Student', 'Number', { number: 'Grade' }, { number: 'Score %' }, { number: 'Rank' }, { number: 'Days late' }, 'Submission'];
  return (
    <Table caption="Students" heads={heads} empty="Nobody has joined yet.">
      {rows.map((row) => (
        <tr key={row.email}>
          <Th>
            {row.name}
            <span className="block text-small font-normal text-muted">{row.email}</span>
          </Th>
          <Td>{row.studentNumber}</Td>
          <Td number>
            <span className="figures font-semibold">{row.grade ?? '–'}</span>
          </Td>
          <Td number>{row.value === null ? '–' : percent(row.value, 2)}</Td>
          <Td number>{row.rank ?? '–'}</Td>
          <Td number>{row.daysLate || ''}</Td>
          <Td>
            {row.submission ? (
              <Link href={`/submissions/${row.submission.id}`} prefetch={false} className="link">
                {row.submission.name}
              </Link>
            ) : (
              <span className="text-muted">{row.userId ? 'none' : 'has no account yet'}</span>
            )}
          </Td>
        </tr>
      ))}
    </Table>
  );
}
