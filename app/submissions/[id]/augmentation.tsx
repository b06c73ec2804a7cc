// What test-time augmentation does, per policy: on perturbed images, and under attacks that know nothing, something or all of it.
import { DotPlot, type DotGroup, type DotRow } from '@/app/ui/dot-plot';
import { epsilon as epsilonText, interval, percent, points, pointsInterval, whole } from '@/app/ui/format';
import { policyNames } from '@/app/ui/policy-name';
import { attackName, modeNames, normName } from '@/app/ui/trial-name';
import { throughPolicy, type Gained, type GainRung, type Mode } from '@/lib/evaluation/policy-gains';
import type { Estimate, Score } from '@/lib/evaluation/score';
import { policiesOf } from '@/lib/evaluation/trial-id';
import type { Results } from '@/lib/evaluations/results';
import { onMixed, underAttack, type Verdict } from './augmentation-verdict';
import { Head } from './head';

type Props = { results: Results; gains: ReadonlyMap<string, GainRung[]> };

export function Augmentation({ results: { protocol, score, status }, gains }: Props) {
  const labels = policiesOf(protocol);
  if (labels.length === 0) return null;
  const named = policyNames(protocol);
  const scale = scaleOf(labels, score, gains);
  return (
    <section aria-labelledby="augmentation">
      <Head id="augmentation">With test-time augmentation</Head>
      <p className="mt-1 max-w-[78ch] text-small text-muted">
        The platform averages the model’s answers over changed copies of each image. Every dot is a gain over the bare model on the same
        images, in points with its 95 % interval: right of the line it helps.
        {score?.declared && ' The ranked columns are those of the declared policy.'}
      </p>
      <div className="mt-4 grid grid-cols-1 gap-x-14 gap-y-10 lg:grid-cols-2">
        {labels.map((label) => (
          <Policy
            key={label}
            name={named.get(label)!}
            declared={score?.declared === label}
            gain={score?.ttaGain[label]}
            policy={score?.policies[label]}
            rungs={gains.get(label) ?? []}
            scale={scale}
            waiting={status === 'queued' || status === 'running'}
          />
        ))}
      </div>
      <p className="mt-4 max-w-[78ch] text-small text-muted">
        <b className="font-medium text-ink">Transferred</b> examples were made on the bare model: no claim of robustness rests on them, and what
        they seem to gain beyond the strongest attack through the policy is shaded. <b className="font-medium text-ink">Fresh draws</b>: the attack goes through the policy
        with draws of its own. <b className="font-medium text-ink">Known draws</b>: it even knows the draws that will be made. <b className="font-medium text-ink">Right under all</b> counts
        several attempts against the one on the bare model, so that gain errs low.
      </p>
    </section>
  );
}

type PolicyProps = {
  name: string;
  declared: boolean;
  gain: Estimate | undefined;
  policy: Score['policies'][string] | undefined;
  rungs: readonly GainRung[];
  scale: Scale;
  waiting: boolean;
};

function Policy({ name, declared, gain, policy, rungs, scale, waiting }: PolicyProps) {
  const verdicts = [onMixed(gain), underAttack(rungs)].filter((one) => one !== null);
  const groups: DotGroup[] = [
    ...(gain ? [{ rows: [mixedRow(gain, policy)] }] : []),
    ...rungs.map((rung) => ({ heading: <RungHead rung={rung} />, rows: rowsOf(rung) })),
  ];
  return (
    <div className="min-w-0">
      <h3 className="font-semibold">
        {name}
        {declared && <span className="ml-2 rounded-small bg-accent-wash px-1.5 py-0.5 text-micro font-medium">declared</span>}
      </h3>
      {verdicts.length > 0 ? (
        <ul className="mt-2 mb-3 space-y-1.5">
          {verdicts.map((verdict) => (
            <Said key={verdict.title} {...verdict} />
          ))}
        </ul>
      ) : (
        <p className="mt-2 text-small text-muted">{waiting ? 'To come, after perturbations and attacks.' : 'Not measured.'}</p>
      )}
      {groups.length > 0 && (
        <DotPlot caption={`Gains of ${name}, in points`} heads={['Attack', 'points']} groups={groups} {...scale} format={(tick) => points(tick, 0)} zero={0} />
      )}
    </div>
  );
}

const tones = { good: 'border-good', bad: 'border-bad', warn: 'border-mine-edge', muted: 'border-line-strong' } as const;

function Said({ tone, title, text }: Verdict) {
  return (
    <li className={`border-l-[3px] pl-3 text-small ${tones[tone]}`}>
      <span className="font-semibold">{title}.</span> <span className="figures">{text}</span>
    </li>
  );
}

function RungHead({ rung: { norm, epsilon, bare, bareAttack, modes } }: { rung: GainRung }) {
  const images = Object.values(modes)[0]?.accuracy.images;
  return (
    <>
      Attacked at ε {epsilonText(epsilon)} ({normName(norm)})
      <span className="figures font-normal text-muted">
        {images && `, ${whole(images)} images`}; the bare model under {attackName(bareAttack)}: {percent(bare.value)} %
      </span>
    </>
  );
}

const modes: Mode[] = ['transfer', 'eot', 'known'];

function rowsOf(rung: GainRung): DotRow[] {
  const { modes: found, worst } = rung;
  const real = throughPolicy(rung);
  const seeming = found.transfer?.gain.value;
  const rows = modes.flatMap((mode): DotRow[] => {
    const one = found[mode];
    if (!one) return [];
    const shade = mode === 'transfer' && real && seeming! > real.gain.value ? { from: Math.max(0, real.gain.value), to: Math.max(0, seeming!) } : undefined;
    const look = mode === 'transfer' ? 'hollow' : 'solid';
    return [{ name: modeNames[mode], marks: [{ ...one.gain, look, ...(one === real && { colour: toneOf(one.gain) }) }], figure: <Figure {...one} bold={one === real} />, shade }];
  });
  return worst ? [...rows, { name: 'right under all', marks: [worst.gain], figure: <Figure {...worst} /> }] : rows;
}

const toneOf = ({ low, high }: Estimate) => (low > 0 ? 'var(--color-good)' : high < 0 ? 'var(--color-bad)' : 'var(--color-ink)');

function mixedRow(gain: Estimate, policy: PolicyProps['policy']): DotRow {
  const accuracy = policy?.mixed;
  const spread = policy?.spread && `± ${percent(policy.spread.sd, 2)} over ${policy.spread.draws} sets of draws`;
  return {
    name: 'mixed, no attack',
    marks: [{ ...gain, colour: toneOf(gain) }],
    figure: (
      <span title={[accuracy && `${percent(accuracy.value)} % (${interval(accuracy)}) with the policy`, spread].filter(Boolean).join('; ')}>
        <b className="font-semibold">{points(gain.value)}</b> <span className="text-micro text-muted max-sm:hidden">{pointsInterval(gain)}</span>
      </span>
    ),
  };
}

function Figure({ gain, accuracy, bold = false }: Gained & { bold?: boolean }) {
  return (
    <span title={`${percent(accuracy.value)} % (${interval(accuracy)}) with the policy`}>
      <span className={bold ? 'font-semibold' : ''}>{points(gain.value)}</span> <span className="text-micro text-muted max-sm:hidden">{pointsInterval(gain)}</span>
    </span>
  );
}

type Scale = { domain: readonly [number, number]; ticks: number[] };

/** One for all policies, so that they can be held side by side. */
function scaleOf(labels: readonly string[], score: Score | null, gains: Props['gains']): Scale {
  const all = labels.flatMap((label) => [
    ...(score?.ttaGain[label] ? [score.ttaGain[label]] : []),
    ...(gains.get(label) ?? []).flatMap(({ modes, worst }) => [...Object.values(modes).map(({ gain }) => gain), ...(worst ? [worst.gain] : [])]),
  ]);
  const [low, high] = [Math.min(-0.02, ...all.map((one) => one.low)), Math.max(0.02, ...all.map((one) => one.high))];
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((one) => (high - low) / one <= 6) ?? 0.5;
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)];
  return { domain: [first * step, last * step], ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step) };
}
