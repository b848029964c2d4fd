import { expect, test } from 'vitest';
import { parseRoute, routeTo } from './route.ts';

test('an address is read as it was written', () => {
  const { page, id, query } = parseRoute(routeTo('records', 'a/b c', { part: 'x&y', lot: '' }));
  expect({ page, id, query: [...query] }).toEqual({ page: 'records', id: 'a/b c', query: [['part', 'x&y']] });
});

test('an address that somebody wrote by hand is read all the same', () => {
  expect(parseRoute('')).toMatchObject({ page: '', id: undefined });
  expect(parseRoute('#/nowhere/')).toMatchObject({ page: 'nowhere', id: undefined });
  expect(parseRoute('#/records/%E0%A4%A').id).toBe('%E0%A4%A');
});
