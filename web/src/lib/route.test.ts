import { expect, test } from 'vitest';
import { parseRoute, routeTo } from './route.ts';

test('an address is read as it was written', () => {
  const { page, id, query } = parseRoute(routeTo('records', 'a/b c', { part: 'x&y', lot: '' }));
  expect({ page, id, query: [...query] }).toEqual({ page: 'records', id: 'a/b c', query: [['part', 'x&y']] });
});

test('what names no page leads to the live one', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#/nowhere/1?x=2']) expect(parseRoute(hash).page).toBe('live');
  expect(parseRoute('#/records/%E0%A4%A').id).toBe('%E0%A4%A');
});
