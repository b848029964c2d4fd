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

  it('lends what pictures leave, and takes it back for the first that needs it', async () => {
    const memory = new ImageMemory(100e6);
    let recalled = 0;
    (await memory.take(60e6, 'line'))();
    expect(() => memory.lend(50e6, () => recalled++, 'the most so far')).toThrow(
      expect.objectContaining({ code: 'MEMORY_FULL', message: expect.stringContaining('50 MB of memory') }),
    );
    memory.lend(50e6, () => recalled++);
    const end = memory.lend(30e6, () => recalled++);
    expect(() => memory.lend(30e6, () => recalled++)).toThrow(expect.objectContaining({ code: 'MEMORY_FULL' }));
    end();
    const small = await memory.take(50e6, 'line');
    expect(recalled).toBe(0);
    // it never waits for what was lent, and is never refused for it
    const large = await memory.take(50e6, 'view');
    expect(recalled).toBe(1);
    for (const release of [small, large]) release();
    memory.lend(90e6, () => recalled++);
    memory.resize(80e6);
    expect(recalled).toBe(2);
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
