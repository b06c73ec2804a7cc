// What a rule makes of a standing: steps, lines, places, lateness, rounding, and rules that are none.
import { expect, test } from 'vitest';
import { gradeOf, parseRule, type Standing } from '../../lib/grades/rule.ts';
import { ruleOfFields, stepsText } from '../../lib/grades/rule-form.ts';

const steps = [{ from: 60, grade: 50 }, { from: 85, grade: 100 }, { from: 10, grade: 0 }];
const line = parseRule({ scale: { kind: 'thresholds', between: 'line', steps } });
const step = parseRule({ scale: { kind: 'thresholds', between: 'step', steps } });
const curve = parseRule({ missing: 5, scale: { kind: 'curve', steps: [{ top: 50, grade: 80 }, { top: 10, grade: 100 }] } });
const at = (value: number | null, before = 0, daysLate = 0): Standing => ({ value, before, daysLate });

test.each([
  ['below the lowest step', line, at(0.05), 0],
  ['on a step', line, at(0.6), 50],
  ['halfway between two', line, at(0.725), 75],
  ['above the highest', line, at(0.99), 100],
  ['just under a step', step, at(0.8499), 50],
  ['on it, whatever binary fractions make of 0.85 × 100', step, at(0.85), 100],
  ['first of the class', curve, at(0.5, 0), 100],
  ['a tenth stands before', curve, at(0.5, 0.1), 80],
  ['behind the last step', curve, at(0.5, 0.5), 0],
  ['nothing that counts', curve, at(null), 5],
  ['nothing that counts, by score', line, at(null), 0],
])('%s', (_, rule, standing, grade) => {
  expect(gradeOf(rule, standing, 0)).toBe(grade);
});

test('lateness takes its share for each begun day, never more than all; then it is rounded', () => {
  expect(gradeOf(line, at(0.9, 0, 1), 10)).toBe(90);
  expect(gradeOf(line, at(0.9, 0, 30), 10)).toBe(0);
  expect(gradeOf({ ...line, decimals: 0 }, at(0.61), 0)).toBe(52);
  expect(gradeOf({ ...line, decimals: 2 }, at(0.61003), 0)).toBe(52.01);
});

test.each([
  [{ scale: { kind: 'thresholds', between: 'line', steps: [] } }, /steps/],
  [{ scale: { kind: 'thresholds', between: 'line', steps: [{ from: 101, grade: 1 }] } }, /100/],
  [{ scale: { kind: 'curve', steps: [{ top: 10, grade: 1 }, { top: 10, grade: 2 }] } }, /two are the same/],
  [{ maximum: 20, scale: { kind: 'curve', steps: [{ top: 10, grade: 21 }] } }, /full grade is 20/],
  [{ scale: { kind: 'lottery' } }, /kind/],
])('%j is no rule', (rule, says) => {
  expect(() => parseRule(rule)).toThrow(says);
});

test('a form says the same rule as its text', () => {
  const rule = ruleOfFields({ scale: 'thresholds step', steps: '85: 100\n\n 60 %: 50 ', phase: 'public', maximum: '100', missing: '', decimals: '0' });
  expect(rule).toMatchObject({ phase: 'public', decimals: 0, missing: 0, scale: { between: 'step', steps: [{ from: 85, grade: 100 }, { from: 60, grade: 50 }] } });
  expect(stepsText(rule)).toBe('85: 100\n60: 50');
  expect(() => ruleOfFields({ steps: '85: 100\n60 50' })).toThrow('Line 2 of the steps is "60 50"');
  expect(() => ruleOfFields({ steps: '85: 100', maximum: 'many' })).toThrow(/maximum/);
});
