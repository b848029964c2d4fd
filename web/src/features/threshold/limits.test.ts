import { describe, expect, test } from 'vitest';
import { dragged, sameLimits, toggledReview, typed } from './limits.ts';

const both = { ng: 9, review: 3 };
const alone = { ng: 9, review: null };

describe('typed', () => {
  test('changes the limit that was typed, to what is shown', () => {
    expect(typed(both, 'ng', '12.345678')).toEqual({ limits: { ng: 12.35, review: 3 } });
    expect(typed(both, 'review', ' 1e-3 ')).toEqual({ limits: { ng: 9, review: 0.001 } });
    expect(typed(alone, 'ng', '-4')).toEqual({ limits: { ng: -4, review: null } });
    expect(typed(both, 'review', '9')).toEqual({ limits: { ng: 9, review: 9 } });
  });

  test('never moves the other: REVIEW above NG, or NG below REVIEW, is refused with what holds', () => {
    expect(typed(both, 'review', '9000')).toEqual({
      refused: 'REVIEW must not begin above NG, which is from 9.000. Move NG first.',
    });
    expect(typed(both, 'ng', '2')).toEqual({
      refused: 'NG must not begin below REVIEW, which is from 3.000. Move REVIEW first.',
    });
  });

  test.each(['', '  ', 'x', '1e999', 'NaN'])('refuses "%s", and says what still holds', (text) => {
    expect(typed(both, 'ng', text)).toEqual({ refused: 'Give a number. NG from 9.000 still holds.' });
    expect(typed(both, 'review', text)).toEqual({ refused: 'Give a number. REVIEW from 3.000 still holds.' });
  });
});

describe('dragged', () => {
  test('is rounded to what is shown, and stops at the other limit', () => {
    expect(dragged(both, 'ng', 5.123456)).toEqual({ ng: 5.123, review: 3 });
    expect(dragged(both, 'ng', 1)).toEqual({ ng: 3, review: 3 });
    expect(dragged(both, 'review', 50)).toEqual({ ng: 9, review: 9 });
    expect(dragged(alone, 'ng', -7)).toEqual({ ng: -7, review: null });
  });
});

test('REVIEW is switched on below NG, and off', () => {
  expect(toggledReview(alone, 8.51234)).toEqual({ ng: 9, review: 8.512 });
  expect(toggledReview(alone, 20)).toEqual({ ng: 9, review: 9 });
  expect(toggledReview(both, 1)).toEqual(alone);
});

test('limits are the same where both are', () => {
  expect(sameLimits(both, { ng: 9, review: 3 })).toBe(true);
  expect(sameLimits(both, { ng: 9, review: null })).toBe(false);
  expect(sameLimits(alone, { ng: null, review: null })).toBe(false);
});
