// What is looked at, as the page's address says it, so that a link shows the same thing.
import type { AttackName, AttackTta } from '@/lib/evaluation/trial';
import type { BaselineFile } from '@/lib/playground/baselines';
import type { Setting } from '@/lib/playground/setting';
import { attackNames, attacks, baselines, epsilons, modeNames, policies, policyNames, type PolicyName } from './choices';

export type View = {
  image: number;
  kind: string;
  /** 0 for the picture as it is. */
  severity: number;
  attack: AttackName | null;
  norm: 'linf' | 'l2';
  /** Place in `epsilons` of the norm. */
  radius: number;
  effort: number;
  policy: PolicyName | null;
  mode: AttackTta['mode'];
};

export type Asked = Readonly<Record<string, string | string[] | undefined>>;

/** Where everybody starts: the first image, as it is. */
export const plain: View = {
  image: 0, kind: 'rotate', severity: 0, attack: null, norm: 'linf', radius: 2, effort: 40, policy: null, mode: 'transfer',
};

const text = (asked: Asked, name: string) => [asked[name]].flat()[0];

function integer(asked: Asked, name: string, least: number, most: number, usual: number): number {
  const value = Number(text(asked, name) ?? Number.NaN);
  return Number.isInteger(value) && value >= least && value <= most ? value : usual;
}

const oneOf = <T extends string>(value: string | undefined, list: readonly T[]) => list.find((each) => each === value) ?? null;

/** The view of an address; whatever it does not say, or says wrongly, is as usual. `kinds` are the perturbations there are. */
export function viewOf(asked: Asked, kinds: readonly string[]): View {
  const attack = oneOf(text(asked, 'attack'), attackNames);
  const { effort, l2 } = attack ? attacks[attack] : {};
  const norm = l2 && text(asked, 'norm') === 'l2' ? 'l2' : 'linf';
  const ladder: readonly number[] = epsilons[norm];
  const radius = ladder.findIndex((each) => String(Number(each.toPrecision(6))) === text(asked, 'epsilon'));
  return {
    image: integer(asked, 'image', 0, 255, plain.image),
    kind: oneOf(text(asked, 'kind'), kinds) ?? plain.kind,
    severity: integer(asked, 'severity', 0, 5, plain.severity),
    attack,
    norm,
    radius: radius < 0 ? plain.radius : radius,
    effort: effort ? integer(asked, 'effort', effort.least, effort.most, effort.usual) : plain.effort,
    policy: oneOf(text(asked, 'policy'), policyNames),
    mode: oneOf(text(asked, 'mode'), modeNames) ?? plain.mode,
  };
}

/** The baseline that an address names: the only models that a link can carry. */
export const baselineOf = (asked: Asked): BaselineFile | null =>
  baselines.find(({ file }) => file === `${text(asked, 'model')}.onnx`)?.file ?? null;

/** The address of a view, without the page's path. Nothing is said twice, and nothing of a model of one's own. */
export function addressOf(view: View, baseline: BaselineFile | null): string {
  const { image, kind, severity, attack, norm, radius, effort, policy, mode } = view;
  const said = new URLSearchParams();
  if (baseline) said.set('model', baseline.replace(/\.onnx$/, ''));
  said.set('image', String(image));
  if (severity > 0) {
    said.set('kind', kind);
    said.set('severity', String(severity));
  }
  if (attack) {
    said.set('attack', attack);
    if (attacks[attack].l2 && norm === 'l2') said.set('norm', norm);
    said.set('epsilon', String(Number(epsilons[norm][radius].toPrecision(6))));
    if (attacks[attack].effort) said.set('effort', String(effort));
  }
  if (policy) said.set('policy', policy);
  if (policy && attack) said.set('mode', mode);
  return `?${said}`;
}

/** The view as the playground takes it. */
export function settingOf({ image, kind, severity, attack, norm, radius, effort, policy, mode }: View): Setting {
  return {
    picture: { index: image },
    perturbation: severity > 0 ? { kind, severity } : null,
    attack: attack && { attack, norm, epsilon: epsilons[norm][radius], steps: effort },
    tta: policy && policies[policy].tta,
    mode,
  };
}
