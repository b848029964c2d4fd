/** Databases that cannot be opened. */
import { describe, expect, it } from 'vitest';
import { openRecords } from './open-records.ts';

describe('openRecords', () => {
  it('says when a database cannot be opened', async () => {
    const place = { url: 'postgres://nobody@127.0.0.1:1/none' };
    await expect(openRecords(place)).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' });
    await expect(openRecords({ folder: '/dev/null/x' })).rejects.toMatchObject({ code: 'RECORDS_UNAVAILABLE' });
  });
});
