/** Who can reach a station is decided by address, and its token must not be guessed. */
import { describe, expect, it } from 'vitest';
import { isLoopback, requireStrong } from './reachable.ts';

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.0.2.7', false],
    ['127.plant.invalid', false],
  ])('of %s is %s', async (host, expected) => {
    expect(await isLoopback(host)).toBe(expected);
  });
});

describe('a token', () => {
  it.each(['short', 'aaaaaaaaaaaaaaaaaaaaaaaa', '1212121212121212121212', ''])('"%s" is refused', (token) => {
    expect(() => requireStrong(token)).toThrow(expect.objectContaining({ code: 'OPTION_INVALID' }));
  });

  it('of many letters is taken, and none is none', () => {
    expect(requireStrong('0f9c2b7e55aa31d4')).toBe('0f9c2b7e55aa31d4');
    expect(requireStrong(undefined)).toBeNull();
  });
});
