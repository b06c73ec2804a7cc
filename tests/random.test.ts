// The random streams: Philox against its known answers, exact conversions, and addresses that depend on nothing else.
import { describe, expect, it } from 'vitest';
import { deriveKey, keysFromSeed, mulhi, philox, purposes, sample, seedHexOf, Stream, words, type Key } from '../lib/random.ts';

const seed = seedHexOf('test');

/** Words that look random without the code under test: a 32-bit xorshift. */
function* noise(): Generator<number, never> {
  for (let word = 2463534242; ; ) {
    word = (word ^ (word << 13)) >>> 0;
    word = (word ^ (word >>> 17)) >>> 0;
    word = (word ^ (word << 5)) >>> 0;
    yield word;
  }
}

describe('philox', () => {
  const knownAnswers: [counter: string, key: string, output: string][] = [
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
    ['00000000 0000002a 00030500 00000001', '00000001 00000002', '1db282b5 7bfd6ca5 bdbf38fb bd65f361'],
  ];
  const parse = (text: string) => text.split(' ').map((word) => Number.parseInt(word, 16));

  it.each(knownAnswers)('of counter %s under key %s is %s', (counter, key, output) => {
    const [c0, c1, c2, c3] = parse(counter);
    const [k0, k1] = parse(key);
    const out = new Uint32Array(6);
    philox([k0, k1], c0, c1, c2, c3, out, 1);
    expect([...out]).toEqual([0, ...parse(output), 0]);
  });

  it('multiplies exactly', () => {
    const source = noise();
    const edges = [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
    const pairs = edges.flatMap((a) => edges.map((b) => [a, b]));
    for (let i = 0; i < 20_000; i++) pairs.push([source.next().value, source.next().value]);
    const wrong = pairs.filter(([a, b]) => mulhi(a, b) !== Number((BigInt(a) * BigInt(b)) >> 32n));
    expect(wrong).toEqual([]);
  });
});

describe('streams', () => {
  const key: Key = [1, 2];

  it('give the words of consecutive blocks, one by one or all at once', () => {
    const address = { image: 42, restart: 3, step: 0x500, slot: 1 };
    const all = new Uint32Array(16);
    words(key, address, all);
    expect(all[0]).toBe(0x1db282b5);
    const stream = new Stream(key, address);
    expect(Array.from(all, () => stream.next())).toEqual([...all]);
  });

  it('differ in every part of the address and of the key', () => {
    const base = { image: 5, restart: 1, step: 2, repetition: 3, slot: 4 };
    const firsts = [
      new Stream(key, base),
      ...Object.keys(base).map((name) => new Stream(key, { ...base, [name]: 9 })),
      new Stream([1, 3], base),
      new Stream([2, 2], base),
    ].map((stream) => stream.next());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('give uniforms in [0, 1) and both signs', () => {
    const stream = new Stream(key, { image: 0 });
    const uniforms = Array.from({ length: 20_000 }, () => stream.uniform());
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    expect(uniforms.reduce((sum, u) => sum + u) / uniforms.length).toBeCloseTo(0.5, 2);
    const signs = Array.from({ length: 10_000 }, () => stream.sign());
    expect(new Set(signs)).toEqual(new Set([1, -1]));
    expect(Math.abs(signs.reduce<number>((sum, sign) => sum + sign, 0))).toBeLessThan(400);
  });

  it.each([1, 2, 3, 18, 91, 60_000, 2 ** 31 + 1, 2 ** 32 - 1])('draw integers below %d, evenly', (n) => {
    const stream = new Stream(key, { image: n % 1000 });
    let sum = 0;
    for (let i = 0; i < 10_000; i++) {
      const value = stream.integer(n);
      if (!(Number.isInteger(value) && value >= 0 && value < n)) throw new Error(`${value} is not in [0, ${n})`);
      sum += value;
    }
    // Mean (n-1)/2 with a standard error of n/sqrt(12 * 10,000); five of them.
    expect(Math.abs(sum / 10_000 - (n - 1) / 2)).toBeLessThanOrEqual((5 * n) / Math.sqrt(120_000));
  });

  it.each([0, -1, Number.NaN, 2 ** 32])('refuse to draw below %d', (n) => {
    expect(() => new Stream(key, { image: 0 }).integer(n)).toThrow(RangeError);
  });
});

describe('sample', () => {
  const items = Array.from({ length: 500 }, (_, i) => i);
  const draw = (count: number) => sample(items, count, new Stream([7, 8], { image: 0 }));

  it('draws without repetition, and a shorter draw is the prefix of a longer one', () => {
    expect(draw(500).toSorted((a, b) => a - b)).toEqual(items);
    expect(draw(500).slice(0, 20)).toEqual(draw(20));
    expect(draw(20)).not.toEqual(items.slice(0, 20));
  });

  it('refuses to draw more than there is', () => {
    expect(() => draw(501)).toThrow(RangeError);
  });
});

describe('keys', () => {
  it('are the first eight bytes of the canonical string’s SHA-256', () => {
    // printf 'gauntlet-v1|00|pixels|mixed|evaluate' | sha256sum
    expect(deriveKey('00', 'pixels', 'mixed', 'evaluate')).toEqual([0xf2220088, 0x7c081163]);
  });

  it('differ by seed, purpose, trial and role', () => {
    const keys = keysFromSeed(seed);
    const all = [
      ...purposes.map((purpose) => keys(purpose, 'mixed', 'evaluate')),
      keys('pixels', 'rotate/1', 'evaluate'),
      keys('pixels', 'mixed', 'attack'),
      keysFromSeed(seedHexOf('other'))('pixels', 'mixed', 'evaluate'),
    ];
    expect(new Set(all.map(String)).size).toBe(all.length);
    expect(keys('tta', 'mixed', 'attack')).toEqual(deriveKey(seed, 'tta', 'mixed', 'attack'));
  });

  it('take a seed as 64 hex digits or as any text', () => {
    expect(seedHexOf('ab'.repeat(32))).toBe('ab'.repeat(32));
    expect(seedHexOf('test')).toBe('9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08');
  });
});
