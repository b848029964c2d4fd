/** A full disk: what cannot be kept is refused, nothing is half done, and with space again it goes on. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../test/support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation } from '../../test/support/station.ts';
import { TinyDisk } from '../../test/support/tiny-disk.ts';
import { knownError, statusOf } from './http/failure.ts';

const folder = temporaryFolders();
const stores = ['all', 'none'] as const;
const disks = stores.map(() => TinyDisk.make(16));
const mountable = disks.every((disk) => disk !== undefined);
if (!mountable) console.warn('No disk may be mounted here: that a station survives a full one is not tested.');
afterAll(() => {
  for (const disk of disks) disk?.end();
});

it.each(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', '53100'])('%s is a full disk', (code) => {
  const known = knownError(Object.assign(new Error('full'), { code }));
  expect([known.code, statusOf(known)]).toEqual(['DISK_FULL', 507]);
});

describe.each(mountable ? stores.map((store, i) => [store, disks[i]!] as const) : [])(
  'a full disk, with --store %s',
  (store, disk) => {
    let bundle: string;
    let image: Buffer;
    beforeAll(async () => {
      bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
      image = await partPng(1, 384, 256);
    });

    it('gives 507 to images and changes, keeps no half of them, and recovers', async () => {
      const own = await startStation(disk.folder, { store });
      const recipe = await activeRecipe(own, bundle);
      const inspect = (resultId: string) =>
        own.app.inject({
          method: 'POST',
          url: `/api/inspections?resultId=${resultId}`,
          payload: image,
          headers: { 'content-type': 'image/png' },
        });
      const setThreshold = (ng: number) =>
        own.app.inject({ method: 'PATCH', url: `/api/recipes/${recipe}`, payload: { ng } });
      expect((await inspect('before')).statusCode).toBe(201);

      await disk.fill();
      // the write-ahead log has some room of its own, which changes use up
      const changed: number[] = [];
      for (let i = 0; i < 400 && changed.at(-1) !== 507; i++) changed.push((await setThreshold(i)).statusCode);
      expect(new Set(changed.slice(0, -1))).toEqual(changed.length > 1 ? new Set([200]) : new Set());
      expect(changed.at(-1)).toBe(507);
      for (let i = 0; i < 3; i++) {
        // an image that is there already needs no room, so each is another one
        image = await partPng(10 + i, 384, 256);
        const answer = await inspect(`full-${i}`);
        expect([answer.statusCode, answer.json().code]).toEqual([507, 'DISK_FULL']);
      }
      expect((await own.app.inject({ url: '/health' })).statusCode).toBe(200);
      expect((await own.app.inject({ url: '/ready' })).statusCode).toBe(503);
      expect((await own.app.inject({ url: '/api/inspections' })).json().inspections).toHaveLength(1);
      expect(own.station.queue.length).toBe(0);

      await disk.free();
      expect((await inspect('full-2')).statusCode).toBe(201);
      expect((await own.app.inject({ url: '/ready' })).statusCode).toBe(200);
      expect((await setThreshold(9999)).statusCode).toBe(200);
      expect((await own.station.records.verifyAudit()).entries).toBe(changed.length - 1 + 3);
      await own.close();

      const again = await startStation(disk.folder, { store });
      const { inspections } = await again.station.records.inspections({});
      expect(inspections.map(({ resultId }) => resultId)).toEqual(['full-2', 'before']);
      const files = (await readdir(disk.folder, { recursive: true })).filter((name) => name.endsWith('.tmp'));
      expect(files).toEqual([]);
      await again.close();
    });
  },
);
