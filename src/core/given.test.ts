import { expect, it } from 'vitest';
import { given } from './given.ts';

it('leaves out what is undefined, and nothing else', () => {
  const threads: number | undefined = undefined;
  const fields: { threads?: number; seed?: number; rule?: string | null } = {
    ...given({ threads, seed: 0, rule: null }),
  };
  expect(Object.keys(fields)).toEqual(['seed', 'rule']);
  // @ts-expect-error a field of another type
  const wrong: { seed?: string } = given({ seed: 0 });
  expect(wrong).toEqual({ seed: 0 });
});
