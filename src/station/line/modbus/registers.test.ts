/** The registers of the line by Modbus. */
import { expect, it } from 'vitest';
import { controlBits, registerRows, statusBits } from './registers.ts';

it('has registers that do not overlap, and bits of their own', () => {
  const taken = registerRows.flatMap(({ address, words }) => Array.from({ length: words }, (_, i) => address + i));
  expect(new Set(taken).size).toBe(taken.length);
  for (const bits of [statusBits, controlBits]) {
    const places = Object.values(bits).map(([bit]) => bit);
    expect(places).toEqual(places.map((_, i) => i));
  }
});
