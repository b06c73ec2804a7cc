// Plasma clouds by the diamond-square algorithm on a torus, as ImageNet-C's fog draws them (Hendrycks and Dietterich 2019).

export const plasmaSide = 32;
const wrap = plasmaSide - 1;
const map = new Float64Array(plasmaSide * plasmaSide);

/**
 * Heights [32, 32] scaled to [0, 1], valid until the next call. Cell q gets the mean of its four neighbours plus
 * wobble^2 (2u - 1) with u of word q; wobble starts at 100 and is divided by `decay` after each halving of the step.
 * Cell 0 stays 0. Neighbours are added in the order written below.
 */
export function plasma(words: Uint32Array, decay: number): Float64Array {
  map[0] = 0;
  let wobble = 100;
  const set = (row: number, column: number, sum: number) => {
    const cell = row * plasmaSide + column;
    const u = words[cell] * 2 ** -32;
    map[cell] = sum / 4 + wobble * wobble * (2 * u - 1);
  };
  const at = (row: number, column: number) => map[(row & wrap) * plasmaSide + (column & wrap)];
  for (let step = plasmaSide; step >= 2; step /= 2) {
    const half = step / 2;
    for (let i = half; i < plasmaSide; i += step) {
      for (let j = half; j < plasmaSide; j += step) {
        set(i, j, at(i - half, j - half) + at(i - half, j + half) + at(i + half, j - half) + at(i + half, j + half));
      }
    }
    const diamond = (i: number, j: number) => set(i, j, at(i - half, j) + at(i + half, j) + at(i, j - half) + at(i, j + half));
    for (let i = 0; i < plasmaSide; i += step) for (let j = half; j < plasmaSide; j += step) diamond(i, j);
    for (let i = half; i < plasmaSide; i += step) for (let j = 0; j < plasmaSide; j += step) diamond(i, j);
    wobble /= decay;
  }
  let lowest = map[0];
  let highest = map[0];
  for (const height of map) {
    lowest = Math.min(lowest, height);
    highest = Math.max(highest, height);
  }
  for (let cell = 0; cell < map.length; cell++) map[cell] = (map[cell] - lowest) / (highest - lowest);
  return map;
}
