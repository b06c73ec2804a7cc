// Where Keras keeps a layer's weights: by number in a .keras file, by name in a .h5 file.
import type { Hdf5Group } from './keras-hdf5.ts';
import { flatStore, namedWeight, pick } from './layers/named.ts';
import { shortened } from './layers/problem.ts';
import { wrongWeights, type WeightStore } from './layers/weights.ts';

/** Keras 3: `layers/conv2d_1/vars/0`, layers counted by class, variables in the order in which the layer made them. */
export function numberedStore(network: Hdf5Group | null): WeightStore {
  // Keras 2.12 to 2.15 wrote the same files under another word.
  const layers = network?.group('layers') ?? network?.group('_layer_checkpoint_dependencies') ?? null;
  return {
    of: (place, roles) => {
      const variables = layers?.group(place.slot)?.group('vars') ?? null;
      const count = variables?.names().length ?? 0;
      const written = variables?.text('name');
      if (written !== undefined && written !== place.name) {
        throw wrongWeights(place, `would get the weights of the layer "${shortened(written)}": the file's weights are in another order`);
      }
      if (count !== roles.length) {
        throw wrongWeights(place, `has ${count} weights in the file; it needs ${roles.length}: ${roles.join(', ')}`);
      }
      return roles.map((role, i) => {
        const stored = variables!.tensor(String(i));
        if (!stored) throw wrongWeights(place, `has no weight number ${i} (${role}) in the file`);
        return stored;
      });
    },
    inside: (place) => numberedStore(layers?.group(place.slot) ?? null),
  };
}

/** Keras 2 and `.h5` files of Keras 3: one group per layer of the outermost network, which lists its weights' names. */
export function groupedStore(weights: Hdf5Group): WeightStore {
  const listed = (name: string) => {
    const group = weights.group(name);
    return (group?.texts('weight_names') ?? []).flatMap((path) => {
      const stored = find(group!, path.split('/'));
      return stored ? [namedWeight(path, stored)] : [];
    });
  };
  return {
    of: (place, roles) => pick(place, roles, listed(place.name)),
    inside: (place) => flatStore(listed(place.name)),
  };
}

function find(group: Hdf5Group, path: readonly string[]) {
  const parts = path.filter((part) => part !== '');
  if (parts.length > 16) return null;
  const folder = parts.slice(0, -1).reduce<Hdf5Group | null>((at, part) => at?.group(part) ?? null, group);
  return folder?.tensor(parts.at(-1)!) ?? null;
}
