/** The token of a station must not be guessed. */
import { describe, expect, it } from 'vitest';
import { requireStrong } from './reachable.ts';

describe('a token', () => {
  it.each(['short', 'aaaaaaaaaaaaaaaaaaaaaaaa', '1212121212121212121212', ''])('"%s" is refused', (token) => {
    expect(() => requireStrong(token)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('of many letters is taken, and none is none', () => {
    expect(requireStrong('0f9c2b7e55aa31d4')).toBe('0f9c2b7e55aa31d4');
    expect(requireStrong(undefined)).toBeNull();
  });
});
