/** An account that is guessed at is closed for a while, others are not. */
import { expect, it } from 'vitest';
import { Tries } from './tries.ts';

it('closes an account after ten failures, for ten minutes', () => {
  const tries = new Tries();
  for (let i = 0; i < 10; i++) {
    tries.require('ada', i);
    tries.fail('ada', i);
  }
  expect(() => tries.require('ada', 1000)).toThrow(expect.objectContaining({ code: 'RATE_EXCEEDED' }));
  tries.require('otto', 1000);
  tries.require('ada', 600_001);
  tries.fail('ada', 600_001);
  tries.require('ada', 600_002);
});

it('begins anew once somebody came in', () => {
  const tries = new Tries();
  for (let i = 0; i < 30; i++) {
    tries.require('ada', i);
    tries.fail('ada', i);
    if (i % 9 === 8) tries.succeed('ada');
  }
});
