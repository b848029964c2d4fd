import { describe, expect, it } from 'vitest';
import { ImageMemory } from './image-memory.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('memory for images', () => {
  it('is never exceeded, and goes to the line before those who look', async () => {
    const memory = new ImageMemory(100);
    const begun: string[] = [];
    const ends: Record<string, () => void> = {};
    const ask = (name: string, bytes: number, purpose: 'line' | 'view') =>
      void memory.take(bytes, purpose).then((end) => {
        begun.push(name);
        ends[name] = end;
      });
    ask('a', 60, 'view');
    ask('b', 60, 'view');
    ask('c', 70, 'line');
    ask('d', 10, 'line');
    ask('e', 10, 'view');
    await turn();
    expect([begun, memory.taken]).toEqual([['a'], 60]);
    ends['a']!();
    await turn();
    expect([begun, memory.taken]).toEqual([['a', 'c', 'd'], 80]);
    ends['c']!();
    await turn();
    expect([begun, memory.taken]).toEqual([['a', 'c', 'd', 'b', 'e'], 80]);
    for (const name of ['b', 'd', 'e']) ends[name]!();
    expect(memory.taken).toBe(0);
  });

  it('refuses an image that would never fit, and says what would', async () => {
    const memory = new ImageMemory(100e6);
    await expect(memory.take(101e6, 'line')).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: expect.stringContaining('101 MB of memory; 100 are for images'),
    });
    memory.resize(101e6);
    (await memory.take(101e6, 'line'))();
  });
});
