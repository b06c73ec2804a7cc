// Reads the options of one layer and remembers which: what nobody read and is not known to be harmless is refused.
import { limits } from '../../limits.ts';
import { shown } from '../../plain-text.ts';
import { entry, type Json } from './json.ts';
import { unsupportedLayer, wrongLayer, type LayerName } from './problem.ts';

/** Options that say how a layer is trained, made or named, never what it computes. */
const harmless = new RegExp(
  [
    '^(name|trainable|dtype|seed|rate|noise_shape|stddev|momentum|sparse|ragged|optional|autocast|implementation)$',
    '^(synchronized|renorm_momentum|fused|data_format|dynamic|training|input_dim|(batch_|build_)?(input_)?shape)$',
    '_(initializer|regularizer|constraint)$',
  ].join('|'),
);

export class Options {
  readonly layer: LayerName;
  private readonly config: Json;
  private readonly read = new Set<string>();

  constructor(layer: LayerName, config: Json) {
    this.layer = layer;
    this.config = config;
  }

  /** The value as it is, undefined when absent or null. */
  any(key: string): unknown {
    this.read.add(key);
    return entry(this.config, key) ?? undefined;
  }

  number(key: string, fallback?: number): number {
    const value = this.any(key) ?? fallback;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.wrong(key, 'a number');
  }

  /** A number that may be absent, as ReLU's max_value is. */
  maybeNumber(key: string): number | undefined {
    return this.any(key) === undefined ? undefined : this.number(key);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.any(key) ?? fallback;
    if (typeof value === 'boolean') return value;
    throw this.wrong(key, 'true or false');
  }

  choice<T extends string>(key: string, choices: readonly T[], fallback?: T): T {
    const value = this.any(key) ?? fallback;
    if (choices.includes(value as T)) return value as T;
    throw this.wrong(key, choices.map((each) => `"${each}"`).join(' or '));
  }

  /** A whole number from `least` up. */
  integer(key: string, least: number, fallback?: number): number {
    const value = this.any(key) ?? fallback;
    if (isInteger(value) && value >= least) return value;
    throw this.wrong(key, `a whole number from ${least}`);
  }

  integers(key: string): number[] {
    const value = this.any(key);
    if (Array.isArray(value) && value.length <= 8 && value.every(isInteger)) return value;
    throw this.wrong(key, 'a short list of whole numbers');
  }

  /** [height, width], given as two numbers or as one for both. */
  pair(key: string, least: number, fallback?: number): [number, number] {
    const value = this.any(key) ?? fallback;
    const two = Array.isArray(value) ? value : [value, value];
    if (two.length === 2 && two.every((each) => isInteger(each) && each >= least)) return [two[0], two[1]];
    throw this.wrong(key, `one or two whole numbers from ${least}`);
  }

  /** [[top, bottom], [left, right]], in any of the ways Keras lets one write it. */
  borders(key: string): [[number, number], [number, number]] {
    const value = this.any(key);
    const rows = Array.isArray(value) ? value : [value, value];
    const both = rows.map((row) => (Array.isArray(row) ? row : [row, row]));
    if (both.length === 2 && both.every((row) => row.length === 2 && row.every((each) => isInteger(each) && each >= 0))) {
      return [
        [both[0][0], both[0][1]],
        [both[1][0], both[1][1]],
      ];
    }
    throw this.wrong(key, '[[top, bottom], [left, right]]');
  }

  /** Called after the layer took what it knows. Throws when something is left that may change what it computes. */
  finish(): void {
    if ((entry(this.config, 'data_format') ?? 'channels_last') !== 'channels_last') throw this.channelsFirst();
    for (const [key, value] of Object.entries(this.config)) {
      const empty = value === null || value === false || (Array.isArray(value) && value.length === 0);
      if (this.read.has(key) || empty || harmless.test(key)) continue;
      throw unsupportedLayer(this.layer, 'layer-option', `has the option ${key}=${shown(value)}, which Gauntlet does not know`);
    }
  }

  wrong(key: string, wanted: string) {
    const what = `has ${key}=${shown(entry(this.config, key))}; wanted ${wanted}`;
    return unsupportedLayer(this.layer, 'layer-option', what, 'Change the layer');
  }

  private channelsFirst() {
    const fix = 'Build the model with data_format="channels_last" (Keras\'s default) and train it again.';
    return wrongLayer(this.layer, 'channels-first', `has data_format=${shown(entry(this.config, 'data_format'))}`, fix);
  }
}

function isInteger(value: unknown): value is number {
  return Number.isInteger(value) && Math.abs(value as number) <= limits.tensorElements;
}
