// Test-time augmentation: which policies there are, the copies that they average over, and the three ways they are attacked.
import { policyName, policyNames } from '@/app/ui/policy-name';
import type { Protocol } from '@/lib/evaluation/trial';
import { ttaLabel } from '@/lib/evaluation/trial-id';
import type { Drawn } from './drawn';
import data from './drawn.json';
import { sprite } from './attacks';
import { Part, Sub, Text, Tile } from './part';

const drawn = data as unknown as Drawn;

const ways: [id: string, name: string, says: string][] = [
  ['transfer', 'Transferred', 'The attack is made on the bare model and tried under the policy. Surviving it proves little: the attacker did not know of the policy.'],
  ['eot', 'Fresh draws', 'The attack climbs the average itself, with draws of its own that are new at every step (expectation over transformation).'],
  ['known', 'Known draws', 'The attack knows the very draws that will judge it. The strongest of the three; a policy without draws is attacked so alone.'],
];

export function Tta({ protocol }: { protocol: Protocol }) {
  const measured = policyNames(protocol);
  const shown = measured.size > 0 ? drawn.policies.filter(({ tta }) => [...measured.keys()].some((label) => label.split('-')[0] === ttaLabel(tta).split('-')[0])) : drawn.policies;
  return (
    <Part id="tta">
      <Text>
        A policy asks your model about several changed copies of each image and averages its probabilities. You upload the bare model;
        the site applies the policies. {measured.size > 0 ? 'These are measured for every submission' : 'This protocol measures none; these exist'}
        {measured.size > 0 && `: ${[...measured.values()].join('; ')}`}.
      </Text>
      {measured.size > 0 && (
        <Text>
          When you submit you may <strong className="font-semibold">declare one of them</strong>: then its results make your ranked columns, attacks included,
          and the bare model’s stand beside. Declare it if its gain exceeds what the attacks on it cost.
        </Text>
      )}
      <ul className="space-y-4">
        {shown.map(({ name, tta, places }) => (
          <li key={name} className="break-inside-avoid">
            <p className="font-medium">{[...measured].find(([label]) => label === ttaLabel(tta))?.[1] ?? policyName(tta)}</p>
            <div role="img" aria-label={`An ankle boot and ${places.length} copies that the policy averages over`} className="mt-1 flex flex-wrap items-center gap-1">
              <Tile sprite={sprite} place={drawn.originals[0]} />
              <span aria-hidden className="px-1 text-muted">
                →
              </span>
              {places.map((place) => (
                <Tile key={place} sprite={sprite} place={place} />
              ))}
            </div>
          </li>
        ))}
      </ul>
      <Sub id="tta-three-ways">Attacked three ways</Sub>
      <dl className="grid grid-cols-1 gap-x-8 gap-y-3 md:grid-cols-3">
        {ways.map(([id, name, says]) => (
          <div key={id}>
            <dt id={`tta-${id}`} className="scroll-mt-16 font-medium">
              {name}
            </dt>
            <dd className="text-small text-muted">{says}</dd>
          </div>
        ))}
      </dl>
      <Text muted>An image counts as robust under the policy only when it stood in all of the ways that the protocol measures.</Text>
    </Part>
  );
}
