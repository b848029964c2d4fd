/** Damaged files of every form that felfri reads: whatever a byte becomes, reading ends with pixels, labels or codes. */
import { describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { fuzzCases } from '../../test/support/fuzz-cases.ts';

const newFolder = temporaryFolders();

describe('damaged files', () => {
  it.each([...fuzzCases])('of %s end with what was read or with codes', async (_name, { open }) => {
    const read = await open(await newFolder());
    const ends: string[] = [];
    for (let i = 0; i < 60; i++) ends.push(...(await read(i)));
    expect(ends.filter((end) => end !== 'read').length).toBeGreaterThan(5);
  });
});
