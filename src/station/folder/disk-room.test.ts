/** What is sent to be kept beside the line takes neither all of a disk nor more than it may. */
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { partPng, startStation } from '../../../test/support/station.ts';
import { TinyDisk } from '../../../test/support/tiny-disk.ts';
import { Received } from './disk-room.ts';

const folder = temporaryFolders();
const disk = TinyDisk.make(60);
if (!disk) console.warn('No disk may be mounted here: that uploads leave the line its room is not tested.');
afterAll(() => disk?.end());

describe.skipIf(!disk)('on a disk with little left', () => {
  it('bundles and images of data sets are refused, and nothing of them stays', async () => {
    const own = await startStation(disk!.folder);
    await own.station.dataSets.create('set', { by: 'test', at: new Date() });
    const boundary = 'b';
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="model.onnx"; filename="f"\r\n\r\n`;
    const payload = Buffer.concat([Buffer.from(head), Buffer.alloc(61e6), Buffer.from(`\r\n--${boundary}--\r\n`)]);
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    const answer = await own.app.inject({ method: 'POST', url: '/api/recipes', payload, headers });
    expect([answer.statusCode, answer.json().code]).toEqual([507, 'DISK_FULL']);
    expect((await own.app.inject({ url: '/ready' })).json().reason).toBe('no recipe is active');
    await disk!.fill();
    const image = await own.app.inject({ method: 'POST', url: '/api/datasets/set/images', payload: await partPng(1), headers: { 'content-type': 'image/png' } }); // biome-ignore format: one line
    expect([image.statusCode, image.json().message]).toEqual([507, expect.stringContaining('kept for the line')]);
    await disk!.free();
    await own.close();
  });
});

it('a bundle has at most so many bytes in all its files', async () => {
  const received = new Received(await folder(), 10);
  const drain = async (...chunks: string[]): Promise<number> => {
    let bytes = 0;
    for await (const chunk of received.pass(Readable.from(chunks.map((one) => Buffer.from(one)))))
      bytes += chunk.length;
    return bytes;
  };
  expect(await drain('1234', '5678')).toBe(8);
  await expect(drain('90', '1')).rejects.toMatchObject({ code: 'REQUEST_TOO_LARGE' });
});
