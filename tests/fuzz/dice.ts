// The chance of a fuzzing run: everything it draws comes from one stream, so that a seed makes the same run again.
import { Stream } from '../../lib/random.ts';

export class Dice {
  private readonly stream: Stream;

  constructor(seed: number, image = 0) {
    this.stream = new Stream([seed >>> 0, 0xf022], { image });
  }

  /** An integer in [0, count); 0 where there is nothing to choose from. */
  below(count: number): number {
    return count > 1 ? this.stream.integer(count) : 0;
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)];
  }
}

/** What a hostile hand writes where a size, an index, an offset or a count is wanted. */
export const integers: readonly bigint[] = [
  0n, 1n, -1n, 2n, 3n, 7n, 10n, 28n, 100n, 784n, 65_536n, 1_000_000n, 2n ** 31n - 1n, 2n ** 31n, 2n ** 32n, 10n ** 12n, 2n ** 53n, 2n ** 53n + 1n,
  2n ** 60n, 2n ** 63n - 1n, -(2n ** 31n), -(2n ** 63n),
];

export const floats: readonly number[] = [
  0, -0, 1, -1, 1e-45, 1e-30, 1e30, 3.4e38, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY,
];

/** What it writes where a name is wanted. */
export const names: readonly string[] = [
  '', ' ', 'x', 'logits', 'image', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length',
  '../../etc/passwd', '/etc/passwd', 'C:\\secret', 'a\0b', 'a\nb', '\u001b[31mred', '\u202egnp.exe', '%s%n${1}', '<script>alert(1)</script>',
  '"quoted"', 'é'.repeat(50), 'n'.repeat(100_000), 'gauntlet.image', 'gauntlet.shape',
];
