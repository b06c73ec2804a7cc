// What test-time augmentation gains on the mixed set, per policy, and what is left of it under attacks that know of it.
import { epsilon as epsilonText, interval, percent, points, pointsInterval, whole } from '@/app/ui/format';
import { policyNames } from '@/app/ui/policy-name';
import type { PolicyScore } from '@/lib/evaluation/policies';
import type { Estimate, Score } from '@/lib/evaluation/score';
import { policiesOf } from '@/lib/evaluation/trial-id';
import type { Results } from '@/lib/evaluations/results';

export function TtaTable({ results: { protocol, score } }: { results: Results }) {
  const labels = policiesOf(protocol);
  if (labels.length === 0) return null;
  const named = policyNames(protocol);
  const attacked = labels.filter((label) => (score?.policies[label]?.attacks.length ?? 0) > 0);
  return (
    <section aria-labelledby="tta">
      <h2 id="tta" className="text-title font-semibold">
        With test-time augmentation
      </h2>
      <p className="mt-1 mb-3 text-small text-muted">
        Mixed accuracy when the platform averages the model over changed copies of each image
        {score?.declared ? <>; the ranked columns are those of the declared policy</> : null}.
      </p>
      <Gains labels={labels} named={named} score={score} />
      {attacked.map((label) => (
        <UnderAttack key={label} name={named.get(label)!} policy={score!.policies[label]} ladder={score!.ladder} />
      ))}
    </section>
  );
}

type GainsProps = { labels: string[]; named: ReadonlyMap<string, string>; score: Score | null };

function Gains({ labels, named, score }: GainsProps) {
  return (
    <table className="w-full text-right text-small">
      <caption className="sr-only">Gain of each test-time augmentation policy on the mixed set</caption>
      <thead className="text-muted">
        <tr className="border-b border-line">
          <th scope="col" className="py-1 text-left font-medium">
            Policy
          </th>
          <th scope="col" className="py-1 pl-3 font-medium">
            Accuracy %
          </th>
          <th scope="col" className="py-1 pl-3 font-medium">
            Gain, points
          </th>
        </tr>
      </thead>
      <tbody>
        {labels.map((label) => {
          const policy = score?.policies[label];
          const gain = score?.ttaGain[label];
          return (
            <tr key={label} className="border-b border-line/70 align-top">
              <th scope="row" className="py-1.5 text-left font-normal">
                {named.get(label)}
                {score?.declared === label && <span className="ml-2 rounded-small bg-accent-wash px-1 text-micro">declared</span>}
              </th>
              <td className="py-1.5 pl-3">
                <Value estimate={policy?.mixed} />
                {policy?.spread && <Spread spread={policy.spread} />}
              </td>
              <td className="py-1.5 pl-3">
                <span className={gain && gain.low > 0 ? 'font-semibold text-good' : gain && gain.high < 0 ? 'font-semibold text-bad' : ''}>
                  {gain ? points(gain.value) : <span className="text-muted">·</span>}
                </span>
                {gain && <span className="block text-micro text-muted">{pointsInterval(gain)}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Spread({ spread: { draws, sd } }: { spread: NonNullable<PolicyScore['spread']> }) {
  const says = `Standard deviation over ${draws} independent sets of the policy's own draws`;
  return (
    <span className="block text-micro text-muted" title={says}>
      ± {percent(sd, 2)} over draws
    </span>
  );
}

function Value({ estimate }: { estimate: Estimate | null | undefined }) {
  if (!estimate) return <span className="text-muted">·</span>;
  return (
    <>
      {percent(estimate.value)}
      <span className="block text-micro text-muted">{interval(estimate)}</span>
    </>
  );
}

const modes = [
  ['transfer', 'transferred', 'Examples made on the bare model: no claim of robustness rests on it'],
  ['eot', 'fresh draws', 'Attacked through the policy with draws of its own (expectation over transformation)'],
  ['known', 'known draws', "Attacked through the policy with the evaluation's own draws"],
] as const;

function UnderAttack({ name, policy, ladder }: { name: string; policy: PolicyScore; ladder: Score['ladder'] }) {
  const used = modes.filter(([mode]) => policy.attacks.some((rung) => mode in rung.modes));
  const images = policy.attacks.find(({ worst }) => worst)?.worst?.images;
  return (
    <div role="region" aria-label={`${name}, under attack`} tabIndex={0} className="relative mt-5 overflow-x-auto">
      <table className="w-full min-w-[24rem] text-right text-small">
        <caption className="pb-1 text-left text-small text-muted">
          {name}, under attack{images ? `, ${whole(images)} images` : ''}: accuracy in percent by what the attack knows of the policy
        </caption>
        <thead className="text-muted">
          <tr className="border-b border-line">
            <th scope="col" className="py-1 text-left font-medium">
              ε
            </th>
            <th scope="col" className="py-1 pl-3 font-medium" title="The bare model's worst case over all attacks at this radius">
              without
            </th>
            {used.map(([mode, label, says]) => (
              <th key={mode} scope="col" className="py-1 pl-3 font-medium" title={says}>
                {label}
              </th>
            ))}
            <th scope="col" className="py-1 pl-3 font-medium" title="Right under every one of them, image by image">
              all of them
            </th>
          </tr>
        </thead>
        <tbody>
          {policy.attacks.map(({ norm, epsilon, modes: found, worst }) => (
            <tr key={`${norm} ${epsilon}`} className="border-b border-line/70 align-top">
              <th scope="row" className="py-1 text-left font-normal">
                {epsilonText(epsilon)}
              </th>
              <td className="py-1 pl-3">
                <Value estimate={ladder.find((rung) => rung.norm === norm && rung.epsilon === epsilon)?.worst} />
              </td>
              {used.map(([mode]) => (
                <td key={mode} className="py-1 pl-3">
                  <Value estimate={found[mode]} />
                </td>
              ))}
              <td className="py-1 pl-3 font-semibold">
                <Value estimate={worst} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
