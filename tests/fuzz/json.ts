// Changes JSON at the level of its structure: values of other kinds, entries lost, doubled, nested and renamed, numbers beyond all bounds.
import type { Dice } from './dice.ts';
import { names } from './dice.ts';

type Container = Record<string, unknown> | unknown[];
type Place = { holder: Container; key: string | number };

/** Every place of a document that holds a value. */
function placesOf(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push({ holder: value as Container, key: Array.isArray(value) ? Number(key) : key });
    placesOf((value as Record<string, unknown>)[key], found);
  }
  return found;
}

const at = ({ holder, key }: Place) => (holder as Record<string | number, unknown>)[key];
const put = ({ holder, key }: Place, value: unknown) => Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** Written as they stand into the text: what JSON.stringify would never write. */
const raw: readonly string[] = [
  '1e999', '-1e999', '1e-400', `${'9'.repeat(400)}`, '-0', '0.1e1', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000),
  '{"__proto__":{"polluted":1}}', '{"a":1,"a":2}', '"\\ud800"', '"\\u0000"', `"${'x'.repeat(200_000)}"`, 'nan', 'None', '01', `[${'0,'.repeat(50_000)}0]`,
];
const plain: readonly unknown[] = [null, true, false, 0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, 1e12, 28, [], {}, [[]], '', ...names.slice(0, 19)];

const mark = '@raw@';

type Change = (document: unknown, places: readonly Place[], dice: Dice) => unknown;

const value: Change = (document, places, dice) => {
  put(dice.one(places), dice.one(plain));
  return document;
};
const number: Change = (document, places, dice) => {
  const numbers = places.filter((place) => typeof at(place) === 'number');
  if (numbers.length > 0) put(dice.one(numbers), dice.one([0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, 1e12, 1e5, 3, '3', null]));
  return document;
};
const text: Change = (document, places, dice) => {
  const texts = places.filter((place) => typeof at(place) === 'string');
  if (texts.length === 0) return document;
  const place = dice.one(texts);
  put(place, dice.once(2) ? dice.one(names) : at(dice.one(texts)));
  return document;
};
const lost: Change = (document, places, dice) => {
  const { holder, key } = dice.one(places);
  if (Array.isArray(holder)) holder.splice(Number(key), 1);
  else delete holder[key];
  return document;
};
const key: Change = (document, places, dice) => {
  const place = dice.one(places);
  if (!Array.isArray(place.holder)) put({ holder: place.holder, key: dice.once(2) ? dice.one(names) : String(dice.one(places).key) }, at(place));
  return document;
};
const swap: Change = (document, places, dice) => {
  const [a, b] = [dice.one(places), dice.one(places)];
  const [left, right] = [structuredClone(at(a)), structuredClone(at(b))];
  put(a, right);
  put(b, left);
  return document;
};
const nest: Change = (document, places, dice) => {
  const containers = places.filter((place) => typeof at(place) === 'object' && at(place) !== null);
  if (containers.length === 0) return document;
  const outer = dice.one(containers);
  const inner = placesOf(at(outer));
  if (inner.length > 0) put(dice.one(inner), structuredClone(at(outer)));
  return document;
};
const many: Change = (document, places, dice) => {
  const lists = places.filter((place) => Array.isArray(at(place)) && (at(place) as unknown[]).length > 0);
  if (lists.length === 0) return document;
  const list = at(dice.one(lists)) as unknown[];
  const one = dice.one(list);
  const count = JSON.stringify(one).length > 500 ? 50 : dice.one([2, 100, 3000]);
  for (let i = 0; i < count; i++) list.push(one);
  return document;
};
const rawValue: Change = (document, places, dice) => {
  put(dice.one(places), mark);
  return document;
};

export const jsonChanges = { value, number, text, lost, key, swap, nest, many, raw: rawValue } satisfies Record<string, Change>;

/**
 * The text of a document with one to three changes, and which. What is no JSON stays as it is, as does what is nested so deep (by an
 * earlier change) that the stack does not reach its bottom.
 */
export function changedJson(bytes: Uint8Array, dice: Dice): { bytes: Uint8Array; how: string } {
  try {
    let document: unknown = JSON.parse(Buffer.from(bytes).toString());
    const hows = Array.from({ length: 1 + dice.below(3) }, () => dice.one(Object.keys(jsonChanges) as (keyof typeof jsonChanges)[]));
    for (const how of hows) {
      const places = placesOf(document);
      if (places.length > 0) document = jsonChanges[how](document, places, dice);
    }
    const text = JSON.stringify(document).replaceAll(JSON.stringify(mark), () => dice.one(raw));
    return { bytes: new Uint8Array(Buffer.from(text)), how: `JSON ${hows[0]}` };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { bytes, how: 'unchanged' };
    throw error;
  }
}
