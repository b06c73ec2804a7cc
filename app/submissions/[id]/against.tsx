// What the heat map shows: accuracies, or the difference to the reference CNN, to one's previous best or to another of one's own.
import Link from 'next/link';
import { button } from '@/app/ui/button';
import { phaseQuery, type PhaseKind } from '@/app/ui/phase-switch';
import type { Rival, Rivals } from '@/lib/leaderboard/against';

type Props = { submissionId: string; phase: PhaseKind; rivals: Rivals; chosen: string | null };

export function AgainstSwitch({ submissionId, phase, rivals, chosen }: Props) {
  const { reference, previousBest } = rivals;
  const quick = [
    ...(reference ? [[reference, `vs ${reference.name}`] as const] : []),
    ...(previousBest ? [[previousBest, 'vs previous best'] as const] : []),
  ];
  const others = [...rivals.own, ...rivals.baselines].filter(({ id }) => !quick.some(([rival]) => rival.id === id));
  if (quick.length + others.length === 0) return null;
  const address = (id?: string) => `/submissions/${submissionId}${phaseQuery(phase, id ? { against: id } : {})}`;
  return (
    <nav aria-label="What the map shows" className="flex flex-wrap items-center gap-x-1 gap-y-2 print:hidden">
      <View href={address()} current={chosen === null}>
        Accuracy
      </View>
      {quick.map(([rival, label]) => (
        <View key={rival.id} href={address(rival.id)} current={chosen === rival.id} title={rival.name}>
          {label}
        </View>
      ))}
      {others.length > 0 && <Others action={`/submissions/${submissionId}#perturbations`} phase={phase} rivals={rivals} others={others} chosen={chosen} />}
    </nav>
  );
}

function View({ href, current, title, children }: { href: string; current: boolean; title?: string; children: React.ReactNode }) {
  return (
    <Link
      href={href}
      scroll={false}
      prefetch={false}
      title={title}
      aria-current={current ? 'true' : undefined}
      className={`rounded-base border px-2.5 py-1 text-small font-medium ${
        current ? 'border-line-strong bg-surface' : 'border-transparent text-muted hover:bg-sunken hover:text-ink'
      }`}
    >
      {children}
    </Link>
  );
}

type OthersProps = { action: string; phase: PhaseKind; rivals: Rivals; others: readonly Rival[]; chosen: string | null };

function Others({ action, phase, rivals, others, chosen }: OthersProps) {
  const own = others.filter(({ id }) => rivals.own.some((rival) => rival.id === id));
  const baselines = others.filter((rival) => !own.includes(rival));
  const picked = others.some(({ id }) => id === chosen);
  return (
    <form method="get" action={action} className="flex items-center gap-1">
      {phase === 'final' && <input type="hidden" name="phase" value="final" />}
      <select
        key={chosen}
        name="against"
        aria-label="vs another submission"
        defaultValue={picked ? chosen! : ''}
        className={`max-w-40 rounded-base border bg-surface px-2 py-1 text-small ${picked ? 'border-line-strong font-medium' : 'border-line'}`}
      >
        <option value="" disabled>
          vs another…
        </option>
        <Options label="Earlier and later" rivals={own} />
        <Options label="Baselines" rivals={baselines} />
      </select>
      <button type="submit" className={`${button.plain} !px-2.5 !py-1 text-small`}>
        Show
      </button>
    </form>
  );
}

function Options({ label, rivals }: { label: string; rivals: readonly Rival[] }) {
  if (rivals.length === 0) return null;
  return (
    <optgroup label={label}>
      {rivals.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  );
}
