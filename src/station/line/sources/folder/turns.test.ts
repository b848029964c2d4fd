import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Room } from '../room.ts';
import type { FoundFile } from './scan.ts';
import { Turns } from './turns.ts';

const MIB = 2 ** 20;
const file = (name: string, size: number): FoundFile => ({ name, size, mtimeMs: 0, ino: 0 });

/** Files under way until they are ended, by a room that another source shares. */
function begun(most: number, room = new Room()) {
  const ends = new Map<string, (isTaken: boolean) => void>();
  const turns = new Turns({
    most: () => most,
    isOver: () => false,
    room: ({ size }) => room.take(size),
    take: ({ name }) => new Promise((resolve) => ends.set(name, resolve)),
  });
  return { turns, ends };
}

it('begins no more than may be under way, and the others as these end', async () => {
  const { turns, ends } = begun(2);
  turns.begin(['a', 'b', 'c'].map((name) => file(name, 1)));
  expect([...ends.keys()]).toEqual(['a', 'b']);
  ends.get('b')!(true);
  await turn();
  expect([...ends.keys()]).toEqual(['a', 'b', 'c']);
  expect([turns.has('a'), turns.has('b'), turns.has('c')]).toEqual([true, false, true]);
});

it('reads no more than there is room for, of all sources together, but two images', async () => {
  const room = new Room();
  const [one, other] = [begun(16, room), begun(16, room)];
  one.turns.begin(['a', 'b', 'c', 'd'].map((name) => file(name, 60 * MIB)));
  other.turns.begin([file('e', MIB), file('f', 60 * MIB)]);
  expect([...one.ends.keys(), ...other.ends.keys()]).toEqual(['a', 'b', 'e']);
  one.ends.get('a')!(true);
  await turn();
  expect([...one.ends.keys()]).toEqual(['a', 'b', 'c']);
  const [huge, more] = [begun(16, new Room()), 500 * MIB];
  huge.turns.begin(['g', 'h', 'i'].map((name) => file(name, more)));
  expect([...huge.ends.keys()]).toEqual(['g', 'h']);
});

it('asks a station that takes nothing again after a pause', async () => {
  const { turns, ends } = begun(1);
  turns.begin([file('a', 1), file('b', 1)]);
  ends.get('a')!(false);
  await turn();
  turns.begin([file('a', 1), file('b', 1)]);
  expect([...ends.keys()]).toEqual(['a']);
  expect(turns.has('a')).toBe(false);
  await expect
    .poll(() => {
      turns.begin([file('b', 1)]);
      return turns.has('b');
    })
    .toBe(true);
});
