// The guide: every anchor and link leads somewhere, every table of the code is in it whole, and its pictures are what they say.
import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { about } from '../../app/guide/about-perturbations.ts';
import { anchorOf } from '../../app/guide/exporting.tsx';
import { sections } from '../../app/guide/contents.tsx';
import type { Drawn } from '../../app/guide/drawn.ts';
import drawnJson from '../../app/guide/drawn.json';
import { GuideBody } from '../../app/guide/guide.tsx';
import { GET } from '../../app/guide/pictures/[name]/route.ts';
import { modelContract } from '../../lib/challenges/contract.ts';
import { frequentProblems } from '../../lib/challenges/guide.ts';
import { findFashionMnist } from '../../lib/datasets/find.ts';
import { loadFashionMnist } from '../../lib/datasets/load.ts';
import { described } from '../../lib/evaluation/families.ts';
import { checks } from '../../lib/evaluation/masking.ts';
import { protocols } from '../../lib/evaluation/protocols.ts';
import { policyOf } from '../../lib/challenges/policy.ts';
import { surface } from '../authorisation/surface.ts';

const challenge = {
  id: 'x', slug: 'fashion', title: 'Fashion', description: '', rules: '', primaryMetric: 'robust' as const, policy: policyOf({ successesPerDay: 7 }),
  visibility: 'public' as const, timeZone: 'UTC', paused: null, archived: false, opensAt: '2026-01-01T00:00:00Z', closesAt: null, state: 'open' as const, phases: [],
};
const render = (name: keyof typeof protocols, withChallenge: boolean) => {
  const protocol = protocols[name];
  const guide = { protocol, challenge: withChallenge ? { ...challenge, protocol } : null };
  return renderToStaticMarkup(createElement(GuideBody, { guide, title: 'Guide', intro: 'About' }));
};
const all = (html: string, pattern: RegExp) => [...html.matchAll(pattern)].map(([, found]) => found);
const text = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
const unescaped = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&gt;', '>').replaceAll('&lt;', '<').replaceAll('&amp;', '&');

/** Whether a page or a route of the source tree answers at an address. */
function exists(address: string): boolean {
  return surface.some((one) => {
    const pattern = one.replace(/^(page|GET) /, '');
    return pattern !== one && new RegExp(`^${pattern.replaceAll(/\[[^\]]+\]/g, '[^/]+')}$`).test(address);
  });
}

test.each([['gauntlet-v1', false], ['gauntlet-v1', true], ['quick', true]] as const)('%s (of a challenge: %s): anchors, links and headings', (name, withChallenge) => {
  const html = render(name, withChallenge);
  const ids = all(html, / id="([^"]+)"/g);
  expect(new Set(ids).size, 'an id stands there twice').toBe(ids.length);
  const links = all(html, /href="([^"]+)"/g);
  expect(links.filter((link) => link.startsWith('#') && !ids.includes(link.slice(1)))).toEqual([]);
  expect(links.filter((link) => !link.startsWith('#') && !exists(link.replace(/[?#].*/, '')))).toEqual([]);
  expect(all(html, /src="([^"]+)"/g).filter((src) => !exists(src))).toEqual([]);
  expect(ids).toEqual(expect.arrayContaining([...sections.map(([id]) => id), ...Object.keys(checks)]));
  expect(all(html, /<h([1-6])/g).filter((level, i, levels) => i > 0 && Number(level) > Number(levels[i - 1]) + 1)).toEqual([]);
});

test('every perturbation of the protocol with its sentence and its constants', () => {
  const html = text(render('gauntlet-v1', false));
  for (const { kind, strength } of described) {
    expect(html).toContain(`${about[kind].what} Think of ${about[kind].camera}.`);
    expect(html).toContain(`${strength.of} ${strength.values.join(' ')}`);
  }
  const quick = render('quick', true);
  expect(all(quick, /id="perturbation-(\w+)"/g)).toEqual(expect.arrayContaining(described.filter(({ core }) => core).map(({ kind }) => kind)));
  expect(quick).not.toContain('id="perturbation-fog"');
  expect(text(quick)).toContain('Measured at severity 3, 1,000 images each.');
});

test('a challenge’s own rules, and every check, export and refusal in the words of the code', () => {
  const html = unescaped(render('gauntlet-v1', true));
  expect(html).toContain('7 evaluations a day that may succeed');
  expect(html).toContain('ranked by <strong class="font-semibold">robust accuracy</strong>');
  for (const question of Object.values(checks)) expect(html).toContain(question);
  for (const [framework, { text: lines }] of Object.entries(modelContract.snippets)) {
    expect(html).toContain(lines);
    expect(html).toContain(`id="${anchorOf(framework)}"`);
  }
  expect(new Set(frequentProblems.map(({ title }) => title)).size).toBe(frequentProblems.length);
  for (const { problem } of frequentProblems) expect(html).toContain(problem.fix);
});

test('the README has the lines of the guide', async () => {
  const readme = await readFile('README.md', 'utf8');
  for (const name of ['PyTorch', 'PyTorch 2.9 and newer', 'scikit-learn'] as const) expect(readme, name).toContain(modelContract.snippets[name].text);
});

test('the sheets: four images, six columns, the first as it is, and nothing for another name', async () => {
  const get = (name: string) => GET(new Request('http://gauntlet.test'), { params: Promise.resolve({ name }) });
  const { train } = await loadFashionMnist(await findFashionMnist());
  for (const kind of [...described.map((one) => one.kind), 'mixed']) {
    const response = await get(`${kind}.png`);
    expect([response.status, response.headers.get('content-type')], kind).toEqual([200, 'image/png']);
    const { width, height, data } = decode(new Uint8Array(await response.arrayBuffer()));
    expect([width, height], kind).toEqual(kind === 'mixed' ? [336, 84] : [168, 112]);
    if (kind === 'mixed') continue;
    const original = Array.from({ length: 784 }, (_, p) => data[Math.floor(p / 28) * width + (p % 28)]);
    expect(original).toEqual([...train.images.subarray(0, 784)]);
  }
  for (const name of ['nothing.png', 'rotate', '../rotate.png']) expect((await get(name)).status).toBe(404);
}, 120_000);

test('the adversarial examples are of training images, inside their balls, and fewer stand at larger radii', async () => {
  const drawn = drawnJson as unknown as Drawn;
  const { data, width } = decode(await readFile('app/guide/drawn.png'));
  const tile = (place: number) =>
    Uint8Array.from({ length: 784 }, (_, p) => data[(Math.floor(place / drawn.columns) * 28 + Math.floor(p / 28)) * width + (place % drawn.columns) * 28 + (p % 28)]);
  const { train } = await loadFashionMnist(await findFashionMnist());
  drawn.images.forEach((image, i) => {
    expect(drawn.labels[i]).toBe(train.labels[image]);
    expect([...tile(drawn.originals[i])]).toEqual([...train.images.subarray(image * 784, (image + 1) * 784)]);
  });
  for (const { trial, images } of [...drawn.ladder, ...drawn.attacks]) {
    images.forEach(({ place }, i) => {
      const [original, found] = [tile(drawn.originals[i]), tile(place)];
      const far = Math.max(...found.map((value, p) => Math.abs(value - original[p])));
      expect(far, trial.attack).toBeGreaterThan(0);
      // Rounding to a level adds half of one.
      expect(far).toBeLessThanOrEqual(trial.epsilon * 255 + 0.5);
    });
  }
  const fallen = ({ images }: Drawn['ladder'][number]) => images.filter(({ prediction }, i) => prediction !== drawn.labels[i]).length;
  expect(drawn.ladder.map(fallen)).toEqual(drawn.ladder.map(fallen).toSorted((a, b) => a - b));
  expect(new Set(drawn.attacks.map(({ trial }) => trial.attack))).toEqual(new Set(['apgd-ce', 'apgd-dlr', 'apgd-t', ...protocols['gauntlet-v1'].trials.flatMap((trial) => (trial.kind === 'attack' ? [trial.attack] : []))]));
}, 60_000);
