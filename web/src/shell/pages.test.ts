import { expect, test } from 'vitest';
import { parseRoute, routeTo } from '../lib/route.ts';
import { pages, shownAt } from './pages.ts';

const shown = (hash: string) => shownAt(parseRoute(hash));

test('every page has an address, a name and a key of its own, the keys in the order of a keyboard', () => {
  expect(pages.map(({ key }) => key)).toEqual(pages.map((_, i) => String((i + 1) % 10)));
  expect(new Set(pages.map(({ page }) => page)).size).toBe(pages.length);
  expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
});

test.each(pages.map((row) => [row.page, row] as const))('%s is shown at its address', (page, row) => {
  const { component, least, name } = row;
  expect(shown(routeTo(page))).toEqual({ page, name, least, component });
});

test('an id leads to the detail of a page that has one, and leaves the others as they are', () => {
  for (const row of pages) {
    const there = shown(routeTo(row.page, 'a/b'));
    if ('detail' in row) expect(there).toMatchObject({ detail: row.detail, id: 'a/b', least: row.least });
    else expect(there).toMatchObject({ component: row.component });
    expect('detail' in there).toBe('detail' in row);
  }
});

test('a part with a word of its own has its own role, whatever the ids of recipes are', () => {
  expect(shown('#/recipes').least).toBe('operator');
  expect(shown('#/recipes/in-browser').least).toBe('operator');
  expect(shown('#/recipes/side-by-side?replay=1').least).toBe('engineer');
  expect('detail' in shown('#/recipes/side-by-side')).toBe(false);
  expect(shown('#/recipes/constructor')).toMatchObject({ id: 'constructor' });
});

test('what names no page leads to the live one, without its id', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#/nowhere/1?x=2']) expect(shown(hash)).toEqual(shown('#/live'));
});
