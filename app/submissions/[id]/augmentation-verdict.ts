// What a TTA policy did for a model, in sentences: what helped, and what only seemed to. Pure.
import { epsilon as epsilonText, points, pointsInterval } from '@/app/ui/format';
import { throughPolicy, type GainRung } from '@/lib/evaluation/policy-gains';
import type { Estimate } from '@/lib/evaluation/score';

export type Verdict = { tone: 'good' | 'bad' | 'warn' | 'muted'; title: string; text: string };

const size = (value: number) => points(Math.abs(value)).replace('+', '');

export function onMixed(gain: Estimate | undefined): Verdict | null {
  if (!gain) return null;
  const range = `${pointsInterval(gain)} points`;
  if (gain.low > 0) return { tone: 'good', title: 'Helps on perturbed images', text: `It gains ${size(gain.value)} points of mixed accuracy (${range}).` };
  if (gain.high < 0) return { tone: 'bad', title: 'Costs accuracy on perturbed images', text: `It loses ${size(gain.value)} points of mixed accuracy (${range}).` };
  return { tone: 'muted', title: 'No difference to see on perturbed images', text: `The interval holds zero: ${range}.` };
}

/** At the largest radius where both a transferred attack and one through the policy have landed. */
export function underAttack(rungs: readonly GainRung[]): Verdict | null {
  const rung = rungs.findLast(({ modes }) => modes.transfer && (modes.eot || modes.known));
  if (!rung) return null;
  const [seeming, real] = [rung.modes.transfer!.gain, throughPolicy(rung)!.gain];
  const at = `At radius ${epsilonText(rung.epsilon)}`;
  const seems = `${at}, attacks made on the bare model make it look ${size(seeming.value)} points more robust`;
  if (real.low > 0) {
    const rest = seeming.value - real.value;
    const illusion = rest > 0.02 ? ` The other ${size(rest)} were an illusion.` : '';
    return { tone: 'good', title: 'A real gain under attack', text: `${seems}, and ${size(real.value)} of them (${pointsInterval(real)}) stay when the attack goes through the policy.${illusion}` };
  }
  if (seeming.low > 0) {
    return { tone: 'warn', title: 'An illusion under attack', text: `${seems}. Attacked through the policy, no gain is left to see (${pointsInterval(real)} points): the attacks were aimed at another model.` };
  }
  if (real.high < 0) return { tone: 'bad', title: 'Weaker under attack', text: `${at} and attacked through the policy, it loses ${size(real.value)} points (${pointsInterval(real)}).` };
  return { tone: 'muted', title: 'No difference to see under attack', text: `${at}, the interval holds zero whatever the attack knows: ${pointsInterval(real)} points.` };
}
