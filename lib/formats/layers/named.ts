// Weights that carry names, as TensorFlow.js and Keras's .h5 files keep them: "dense_1/kernel:0".
import { shortened } from './problem.ts';
import { wrongWeights, type Place, type Stored, type WeightStore } from './weights.ts';

export type NamedWeight = { owner: string | undefined; role: string; stored: Stored };

/** What goes by another name in some version of Keras. */
const otherNames: Readonly<Record<string, string>> = { depthwise_kernel: 'kernel', negative_slope: 'alpha' };

/** State that layers keep for training alone. */
const trainingState = /^(seed_generator_state|iteration)/;

/** A weight by its full name: what it is, and the layer it belongs to. */
export function namedWeight(name: string, stored: Stored): NamedWeight {
  const parts = name.replace(/:\d+$/, '').split('/');
  return { owner: parts.at(-2), role: parts.at(-1)!, stored };
}

/** The weights of one layer, picked from a list of just its own. */
export function pick(place: Place, roles: readonly string[], own: readonly NamedWeight[]): Stored[] {
  const left = own.filter(({ role }) => !trainingState.test(role));
  const found = roles.map((role) => {
    const at = [role, otherNames[role]].map((name) => left.findIndex((each) => each.role === name)).find((index) => index >= 0);
    if (at !== undefined) return left.splice(at, 1)[0].stored;
    const has = own.length > 0 ? `there are ${own.map((each) => shortened(each.role)).slice(0, 8).join(', ')}` : 'there are none';
    throw wrongWeights(place, `has no ${role} among its weights (${has})`);
  });
  if (left.length > 0) throw wrongWeights(place, `has no use for the weight ${shortened(left[0].role)} that is in the file`);
  return found;
}

/** A store over one flat list, where each weight names its layer. */
export function flatStore(all: readonly NamedWeight[]): WeightStore {
  const owners = new Map<string | undefined, NamedWeight[]>();
  for (const each of all) owners.set(each.owner, [...(owners.get(each.owner) ?? []), each]);
  const store: WeightStore = { of: (place, roles) => pick(place, roles, owners.get(place.name) ?? []), inside: () => store };
  return store;
}
