// Canonical JSON: the examples of RFC 8785, and what JSON cannot hold.
import { expect, test } from 'vitest';
import { canonicalJson } from '../../lib/receipts/canonical.ts';

test('the example of RFC 8785, section 3.2.2 and 3.2.3', () => {
  const value = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  expect(canonicalJson(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('members are sorted by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
  const value = JSON.parse(String.raw`{
    "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
  }`);
  const order = ['Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh'];
  expect(Object.values(JSON.parse(canonicalJson(value)) as object).toSorted()).toEqual(order.toSorted());
  const places = order.map((name) => canonicalJson(value).indexOf(name));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
});

test('neither the order of members nor white space matters', () => {
  expect(canonicalJson({ b: [1, { d: -0, c: '' }], a: null })).toBe('{"a":null,"b":[1,{"c":"","d":0}]}');
  expect(canonicalJson(JSON.parse('{ "a": 1.0, "b": 2 }'))).toBe(canonicalJson({ b: 2, a: 1 }));
});

test.each([[NaN], [Infinity], [undefined], ['\ud800'], [{ a: undefined }], [10n], [[() => 1]], [{ '\udc00': 1 }]])('%o has no text', (value) => {
  expect(() => canonicalJson(value)).toThrow(TypeError);
});
