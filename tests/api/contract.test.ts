// The contract table and the routes are one and the same, and the OpenAPI document made of it is whole.
import { beforeAll, expect, test } from 'vitest';
import { contracts } from '../../lib/api/index.ts';
import { openApiDocument, refusalsOf } from '../../lib/api/openapi.ts';
import { allRoutes, type Found } from './routes.ts';

// Every route with all that it imports, on a machine that may be busy.
let routes: Found[];
beforeAll(async () => {
  routes = await allRoutes();
}, 180_000);

const named = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test('every route is in the table under its own address, and every entry of the table has its route', () => {
  expect(routes.map(named).toSorted()).toEqual(contracts.map(named).toSorted());
  for (const { method, path, route } of routes) {
    expect(route.contract, `${method} ${path} is no endpoint(contract, …)`).toBeDefined();
    expect(named(route.contract)).toBe(`${method} ${path}`);
    expect(contracts).toContain(route.contract);
  }
});

test.each(contracts.map((one) => [named(one), one] as const))('%s says what a reader needs', (_, one) => {
  const placed = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(Object.keys(one.params.shape).toSorted()).toEqual(placed.toSorted());
  expect(one.summary).toMatch(/^[A-Z].*[^.]$/);
  expect(one.summary.length).toBeLessThan(80);
  // Reading changes nothing, and what changes something takes more than the scope to read.
  expect(one.scope === 'read').toBe(one.method === 'GET');
  if (one.method !== 'GET') expect(one.auth).toBe('required');
  if (one.idempotent) expect(one.answer.schema, 'only JSON can be kept and given again').not.toBeNull();
});

test('the document is OpenAPI 3.1 whose references all lead somewhere and whose names are unique', () => {
  const document = openApiDocument('https://gauntlet.example.org');
  const text = JSON.stringify(document);
  expect(document.openapi).toBe('3.1.0');
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) expect(document.components?.schemas).toHaveProperty(name);
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item) as { operationId: string; responses: object }[]);
  expect(operations.length).toBe(contracts.length);
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const one of contracts) {
    const operation = document.paths![one.path][one.method.toLowerCase() as 'get']!;
    for (const status of [one.answer.status, ...refusalsOf(one)]) expect(operation.responses).toHaveProperty(String(status));
  }
});
