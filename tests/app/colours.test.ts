// The two colour maps and the tokens keep what they promise: order and sides in every colour blindness and in gray, text that can be read.
import { range } from 'd3-array';
import { describe, expect, test } from 'vitest';
import { contrast, distance, lightOf, oklabOf, seen, sights, type Light, type Oklch, type Sight } from '../../app/design/colour.ts';
import { tokensOf } from '../../app/design/tokens.ts';
import { divergeOf, heatOf } from '../../app/ui/heat.ts';
import { evaluate, globals, utilityOf } from './css-math.ts';

const schemes = ['light', 'dark'] as const;
type Scheme = (typeof schemes)[number];
const eyes = ['everybody', ...(Object.keys(sights) as Sight[])] as const;
const as = (eye: (typeof eyes)[number], light: Light) => (eye === 'everybody' ? light : seen(light, eye));

/** Ground and text of an element of the class, as the stylesheet makes them. */
function paint(utility: string, given: Record<string, number>, scheme: Scheme): { ground: Light; text: Light } {
  const declared = utilityOf(utility);
  const number = (expression: string) => evaluate(expression, declared, given);
  const [light, dark] = [...declared.get('color')!.matchAll(/oklch\((calc\(.*?\)) ([\d.]+) ([\d.]+)\)(?=,| \))/g)];
  const [, lightness, chroma, hue] = scheme === 'light' ? light : dark;
  const ground: Oklch = [number(`var(--${scheme}-ground)`), number('var(--chroma)'), number('var(--hue)')];
  return { ground: lightOf(ground), text: lightOf([number(lightness), Number(chroma), Number(hue)]) };
}

const steps = range(0, 1.0001, 0.01);
const heat = (t: number, scheme: Scheme) => paint('heat', { '--t': t }, scheme);
const diverge = (d: number, scheme: Scheme) => paint('diverge', { '--d': d }, scheme);

/** In the light a higher figure is darker, in the dark lighter. */
const sign = (scheme: Scheme) => (scheme === 'light' ? -1 : 1);

describe.each(schemes)('in the %s', (scheme) => {
  test.each(eyes)('the order of accuracies is an order of lightness, for %s', (eye) => {
    const lightness = steps.map((t) => sign(scheme) * oklabOf(as(eye, heat(t, scheme).ground))[0]);
    for (let i = 1; i < lightness.length; i++) expect(lightness[i], `at ${steps[i]}`).toBeGreaterThan(lightness[i - 1]);
  });

  test.each(eyes)('a larger difference is further from the middle on either side, for %s', (eye) => {
    for (const side of [-1, 1]) {
      const lightness = steps.map((d) => sign(scheme) * oklabOf(as(eye, diverge(side * d, scheme).ground))[0]);
      for (let i = 1; i < lightness.length; i++) expect(lightness[i], `at ${side * steps[i]}`).toBeGreaterThan(lightness[i - 1]);
    }
  });

  test.each(eyes.filter((eye) => eye !== 'gray print'))('better and worse are told apart, for %s', (eye) => {
    for (const d of steps.filter((step) => step >= 0.25)) {
      const apart = distance(as(eye, diverge(d, scheme).ground), as(eye, diverge(-d, scheme).ground));
      expect(apart, `at ±${d}`).toBeGreaterThan(0.04);
    }
  });

  test('text on every step of both maps can be read', () => {
    const painted = [...steps.map((t) => heat(t, scheme)), ...[...steps, ...steps.map((d) => -d)].map((d) => diverge(d, scheme))];
    expect(Math.min(...painted.map(({ ground, text }) => contrast(ground, text)))).toBeGreaterThanOrEqual(4.5);
  });
});

test('in print what is worse is hatched and nothing else', () => {
  const declared = utilityOf('diverge');
  expect(globals).toMatch(/@media print[^{]*\{\s*background-image: repeating-linear-gradient\([^;]*var\(--below\)/);
  expect([-1, -0.01, 0, 0.01, 1].map((d) => evaluate('var(--below)', declared, { '--d': d }))).toEqual([1, 1, 0, 0, 0]);
});

test('a difference’s share of its limit, cut at the ends', () => {
  expect([-9, -1, 0, 0.5, 2, 7, NaN].map((value) => divergeOf(value, 2))).toEqual(
    ['-1.000', '-0.500', '0.000', '0.250', '1.000', '1.000', '0.000'].map((share) => ({ '--d': share })),
  );
  expect([0, 0.1, 0.55, 1].map(heatOf)).toEqual(['0.000', '0.000', '0.500', '1.000'].map((share) => ({ '--t': share })));
});

describe('the tokens', () => {
  const { colours, type } = tokensOf(globals);
  const of = (name: string, scheme: Scheme) => lightOf(colours.find((colour) => colour.name === name)![scheme]);

  test('are all read', () => {
    expect(colours.length).toBe([...globals.matchAll(/^ {2}--color-[\w-]+: light-dark/gm)].length);
    expect(type.map(({ name }) => name)).toContain('base');
    expect(() => tokensOf('@theme {\n  --color-x: red;\n}')).toThrow('wanted light-dark');
  });

  const grounds = ['page', 'surface', 'sunken'];
  const texts: [text: string, grounds: string[]][] = [
    ['ink', [...grounds, 'mine', 'good-wash', 'bad-wash', 'warn-wash', 'accent-wash']],
    ['muted', [...grounds, 'mine', 'good-wash', 'bad-wash', 'warn-wash', 'accent-wash']],
    ['accent', [...grounds, 'accent-wash']],
    ['bad', [...grounds, 'bad-wash']],
    ['good', [...grounds, 'good-wash']],
    ['warn', [...grounds, 'warn-wash', 'mine']],
    ['on-accent', ['accent', 'accent-strong']],
  ];
  test.each(schemes.flatMap((scheme) => texts.map(([text, on]) => [scheme, text, on] as const)))('in the %s, %s can be read', (scheme, text, on) => {
    for (const ground of on) expect(contrast(of(text, scheme), of(ground, scheme)), `on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  test('have a unit of distance', () => expect(tokensOf(globals).spacing).toBe('0.25rem'));

  test.each(schemes)('in the %s, edges of fields and series of charts stand out', (scheme) => {
    for (const name of ['line-strong', 'mine-edge', 'series-1', 'series-2', 'series-3', 'series-4']) {
      expect(contrast(of(name, scheme), of('surface', scheme)), name).toBeGreaterThanOrEqual(3);
    }
  });

  test.each(schemes)('in the %s, series are told apart in every colour blindness', (scheme) => {
    const series = [1, 2, 3, 4].map((n) => of(`series-${n}`, scheme));
    for (const eye of eyes.filter((one) => one !== 'gray print')) {
      for (const [i, one] of series.entries()) {
        for (const other of series.slice(i + 1)) expect(distance(as(eye, one), as(eye, other)), eye).toBeGreaterThan(0.1);
      }
    }
  });
});
