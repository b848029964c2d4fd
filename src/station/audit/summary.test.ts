/** Entries that this version did not write: of a later one, and of what was never an action. */
import { expect, it } from 'vitest';
import { toldEntry } from './summary.ts';

const entry = (action: string, detail: unknown) => ({
  number: 7,
  at: '2026-01-02T03:04:05.006Z',
  by: 'Kim',
  action,
  subject: 'x',
  detail,
  previous: '0'.repeat(64),
  hash: '1'.repeat(64),
});

it.each(['moon.painted', 'constructor', '__proto__'])('of the action %s are told by name', (action) => {
  expect(toldEntry(entry(action, { colour: 'red' }), new Map())).toEqual({
    ...entry(action, { colour: 'red' }),
    about: null,
    summary: `Kim: ${action}, x.`,
  });
});

it('say what they are about', () => {
  expect(toldEntry(entry('recipe.created', { name: 'rings' }), new Map())).toMatchObject({
    about: 'recipe',
    summary: 'Kim added the recipe "rings".',
  });
});
