/** Who can reach a station is decided by address. */
import { describe, expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

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
