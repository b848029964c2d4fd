import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { commit, LocalHub } from '../../../../test/support/local-hub.ts';
import { type DownloadProgress, type DownloadRequest, download } from './download.ts';

const folder = temporaryFolders();
const bytes = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 8)) & 255));
const other = Buffer.from(bytes).reverse();
const patience = { stallSeconds: 0.3, tries: 3, pauseSeconds: 0.01, longestWaitSeconds: 2 };

let hub: LocalHub;
let part: string;
beforeEach(async () => {
  hub = await LocalHub.start(bytes);
  part = join(await folder(), 'file.part');
});
afterEach(() => hub.stop());

const ask = (more: Partial<DownloadRequest> = {}): ReturnType<typeof download> =>
  download({ address: new URL(`${hub.address}/file`), part, limitBytes: 1e6, patience, ...more });

/** Comparing whole buffers by the matcher takes seconds. */
const has = async (expected: Buffer): Promise<boolean> => expected.equals(await readFile(part));

/** How a first run is left that is cut off at once and gives up. */
async function cutAt(after: number): Promise<void> {
  hub.next.push({ kind: 'cut', after });
  await expect(ask({ patience: { ...patience, tries: 1 } })).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' });
  expect((await readFile(part)).length).toBe(after);
}

describe('a download', () => {
  it('brings the whole file and what the hub states of it', async () => {
    const shown: DownloadProgress[] = [];
    expect(await ask({ onProgress: (p) => shown.push(p) })).toEqual({
      sha256: hub.sha256,
      bytes: bytes.length,
      commit,
    });
    expect(await has(bytes)).toBe(true);
    expect(shown.at(-1)).toEqual({ done: bytes.length, total: bytes.length, fetched: bytes.length });
  });

  it('goes on by a range after cut-offs, as long as each try brings something', async () => {
    for (let i = 0; i < 6; i++) hub.next.push({ kind: 'cut', after: 40_000 });
    const faults: string[] = [];
    await ask({ onFault: (message) => faults.push(message) });
    expect(await has(bytes)).toBe(true);
    expect(hub.fetches.map(({ range }) => range)).toEqual([
      undefined,
      ...[1, 2, 3, 4, 5, 6].map((n) => `bytes=${n * 40_000}-`),
    ]);
    expect(faults).toHaveLength(6);
  });

  it('goes on after a stall', async () => {
    hub.next.push({ kind: 'stall', after: 100_000 });
    const faults: string[] = [];
    await ask({ onFault: (message) => faults.push(message) });
    expect(await has(bytes)).toBe(true);
    expect(faults).toEqual([expect.stringContaining('no byte came for 0.3 s')]);
    expect(hub.fetches[1]).toMatchObject({ range: 'bytes=100000-', status: 206 });
  });

  it('goes on in a later run, and counts only what came in it', async () => {
    await cutAt(120_000);
    const shown: DownloadProgress[] = [];
    await ask({ onProgress: (p) => shown.push(p) });
    expect(await has(bytes)).toBe(true);
    expect(shown.at(-1)).toEqual({ done: 300_000, total: 300_000, fetched: 180_000 });
    expect(hub.fetches.at(-1)).toMatchObject({ status: 206, ifRange: expect.stringMatching(/^"/) });
  });

  it('is done when all had come before', async () => {
    await ask();
    await ask();
    expect(hub.fetches.map(({ status }) => status)).toEqual([200, 416]);
    expect(await has(bytes)).toBe(true);
  });

  it.each(['strong', 'weak', 'none'] as const)('starts over when the file changed in between (%s tag)', async (tag) => {
    hub.tag = tag;
    await cutAt(120_000);
    hub.bytes = other;
    await ask();
    expect(await has(other)).toBe(true);
  });

  it('starts over when the file changed and is shorter than what had come', async () => {
    await cutAt(120_000);
    hub.bytes = other.subarray(0, 90_000);
    await ask();
    expect(await has(other.subarray(0, 90_000))).toBe(true);
  });

  it.each([
    ['that has neither tag nor hash', 'none', false],
    ['that has a weak tag alone', 'weak', false],
  ] as const)('starts over on a file %s', async (_, tag, states) => {
    Object.assign(hub, { tag, states });
    await cutAt(120_000);
    await ask();
    expect(hub.fetches.at(-1)).toMatchObject({ range: undefined, status: 200 });
    expect(await has(bytes)).toBe(true);
  });

  it('takes the whole file where ranges are not served', async () => {
    await cutAt(120_000);
    hub.next.push({ kind: 'no-ranges' });
    await ask();
    expect(await has(bytes)).toBe(true);
  });

  it('does not trust a part without its notes', async () => {
    await writeFile(part, other.subarray(0, 1000));
    await ask();
    expect(await has(bytes)).toBe(true);
  });

  it('gives up when the beginning comes again and again', async () => {
    hub.tag = 'none';
    hub.states = false;
    for (let i = 0; i < 9; i++) hub.next.push({ kind: 'cut', after: 50_000 });
    await expect(ask()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('tried 3 times'),
    });
    expect(hub.fetches).toHaveLength(3);
  });

  it.each([429, 503, 500, 408])('tries again after %i', async (status) => {
    hub.next.push({ kind: 'status', status });
    await ask();
    expect(hub.fetches.map((seen) => seen.status)).toEqual([status, 200]);
  });

  it('waits as long as the server asks', async () => {
    hub.next.push({ kind: 'status', status: 429, retryAfter: '1' });
    const faults: string[] = [];
    await ask({ onFault: (message) => faults.push(message) });
    expect(faults).toEqual(['the hub answered 429; trying again in 1 s']);
  });

  it('does not wait for hours', async () => {
    hub.next.push({ kind: 'status', status: 503, retryAfter: new Date(Date.now() + 3600_000).toUTCString() });
    await expect(ask()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/asks to wait 3\d{3} s/),
    });
    expect(hub.fetches).toHaveLength(1);
  });

  it.each([401, 403, 404, 410])('fails at once on %i', async (status) => {
    hub.next.push({ kind: 'status', status });
    await expect(ask()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(`${status}`),
    });
    expect(hub.fetches).toHaveLength(1);
  });

  it.each([
    ['plain http elsewhere', 'http://192.0.2.1/file'],
    ['another scheme', 'file:///etc/passwd'],
    ['an address that is none', 'http://:::'],
  ])('follows no redirect to %s', async (_, location) => {
    hub.location = location;
    await expect(ask()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('redirects'),
    });
  });

  it('does not run in circles', async () => {
    hub.location = '/file';
    await expect(ask()).rejects.toMatchObject({ message: expect.stringContaining('more than 5 redirects') });
  });

  it.each([true, false])('takes no more than the limit, stated or not (%s)', async (states) => {
    hub.states = states;
    await expect(ask({ limitBytes: 200_000 })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('more than the 200000'),
    });
  });

  it('fails after some tries when nobody answers, and says what to do', async () => {
    await hub.stop();
    await expect(ask()).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/ECONNREFUSED.* \(tried 3 times\).*HTTPS_PROXY.*--from/),
    });
    // for the hook after the test
    hub = await LocalHub.start(bytes);
  });

  it('stops when asked, keeping what came', async () => {
    hub.next.push({ kind: 'stall', after: 100_000 });
    const stop = new AbortController();
    const onProgress = ({ done }: DownloadProgress): void => {
      if (done === 100_000) stop.abort();
    };
    await expect(
      ask({ onProgress, signal: stop.signal, patience: { ...patience, stallSeconds: 60 } }),
    ).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    await ask();
    expect(await has(bytes)).toBe(true);
    expect(hub.fetches.at(-1)?.status).toBe(206);
  });

  it('stops when asked during a pause', async () => {
    hub.next.push({ kind: 'status', status: 503 });
    const stop = new AbortController();
    const asked = ask({
      signal: stop.signal,
      patience: { ...patience, pauseSeconds: 60 },
      onFault: () => setImmediate(() => stop.abort()),
    });
    await expect(asked).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
