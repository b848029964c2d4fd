import { expect, it } from 'vitest';
import { Paged } from './paged.svelte.ts';

/** Numbers from `newest` down to 1, three a page. */
function numbers() {
  const source = { newest: 7, broken: false, asked: [] as (number | undefined)[] };
  const load = async (before: number | undefined) => {
    source.asked.push(before);
    if (source.broken) throw new Error('gone');
    const first = (before ?? source.newest + 1) - 1;
    const items = [first, first - 1, first - 2].filter((n) => n > 0);
    return { items, next: items.at(-1) === 1 ? undefined : items.at(-1) };
  };
  return { source, list: new Paged(load) };
}

it('adds older pages to what is shown, until there are none', async () => {
  const { list, source } = numbers();
  expect([list.items, list.hasMore]).toEqual([undefined, false]);
  await list.reload();
  expect([list.items, list.hasMore]).toEqual([[7, 6, 5], true]);
  await list.more();
  await list.more();
  expect([list.items, list.hasMore]).toEqual([[7, 6, 5, 4, 3, 2, 1], false]);
  expect(source.asked).toEqual([undefined, 5, 2]);
});

it('begins anew from the newest', async () => {
  const { list, source } = numbers();
  await list.reload();
  await list.more();
  source.newest = 8;
  await list.reload();
  expect(list.items).toEqual([8, 7, 6]);
});

it('keeps what is shown when a page fails, and asks for the same page again', async () => {
  const { list, source } = numbers();
  await list.reload();
  source.broken = true;
  await list.more();
  expect([list.items, list.problem?.message]).toEqual([[7, 6, 5], 'gone']);
  source.broken = false;
  await list.again();
  expect([list.items, list.problem]).toEqual([[7, 6, 5, 4, 3, 2], undefined]);
});
