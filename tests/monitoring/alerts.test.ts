// The alerts that come with the containers name metrics and labels that the site has.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { metricsText } from '../../lib/monitoring/metrics.ts';
import { taskNames } from '../../lib/queue/jobs.ts';
import { freshDatabase, type FreshDatabase } from '../database.ts';

type Alert = { alert: string; expr: string; annotations: { summary: string } };
const { groups } = parse(await readFile('lib/bootstrap/container/alerts.yaml', 'utf8')) as { groups: { name: string; rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);

let fresh: FreshDatabase;
beforeAll(async () => {
  fresh = await freshDatabase();
});
afterAll(() => fresh.drop());

test('every metric of an alert is one of the site’s', async () => {
  const text = await metricsText();
  const there = new Set([...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
  const asked = alerts.flatMap(({ expr }) => [...expr.matchAll(/\bgauntlet_\w+/g)].map(([name]) => name.replace(/_bucket$/, '')));
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((name) => !there.has(name))).toEqual([]);
});

test('every task of an alert is one of the queue’s, and the runbook says what to do', async () => {
  const patterns = alerts.flatMap(({ expr }) => [...expr.matchAll(/task=~?"([^"]+)"/g)].flatMap(([, tasks]) => tasks.split('|')));
  const known = Object.values(taskNames);
  expect(patterns.filter((pattern) => !known.some((name) => new RegExp(`^${pattern}$`).test(name)))).toEqual([]);
  const runbook = await readFile('docs/operations.md', 'utf8');
  for (const { alert, annotations } of alerts) {
    expect(annotations.summary).toMatch(/\w/);
    expect(runbook, alert).toContain(`| ${alert} |`);
  }
});

test('what fills the disk is counted', async () => {
  const text = await metricsText();
  const value = (name: string) => Number(text.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ')[1]);
  expect(value('gauntlet_database_bytes')).toBeGreaterThan(1_000_000);
  expect(value('gauntlet_database_connections')).toBeGreaterThan(0);
  expect(value('gauntlet_database_connections')).toBeLessThan(value('gauntlet_database_connections_most'));
  expect(value('gauntlet_table_bytes{table="artifact_chunks"}')).toBeGreaterThan(0);
});
