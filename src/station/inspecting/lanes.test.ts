/** Processes that inspect, killed and frozen: the line goes on, and a bundle that ends them again and again is not tried for ever. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { smallUnet } from '../../../test/detectors.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { partPng, smallBundle } from '../../../test/support/station.ts';
import { until } from '../../../test/support/until.ts';
import { readContent } from '../../bundle/content.ts';
import { Attempt } from './attempt.ts';
import { Lanes } from './lanes.ts';
import type { RecordedBundle } from './messages.ts';

const folder = temporaryFolders();
let bundle: RecordedBundle;
let bytes: Uint8Array<ArrayBuffer>;
let lanes: Lanes;

beforeAll(async () => {
  const directory = await smallBundle(join(await folder(), 'bundle'), 0.5);
  bundle = { directory, hash: (await readContent(directory)).hash };
  bytes = new Uint8Array(await partPng(5));
});

afterEach(() => lanes.abandon());

const LIMIT_MILLIS = 4000;

async function begun(count = 1): Promise<void> {
  lanes = new Lanes({ threads: 1 }, count, LIMIT_MILLIS);
  await lanes.prepare(bundle);
}

const inspect = (by = bundle) =>
  lanes.inspect({ bundle: by, bytes, maxPixels: 1e6, limits: { threshold: 0.5, review: null } }, new Attempt());

const signal = (name: NodeJS.Signals): void => {
  const { pid } = process;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  for (const child of children) process.kill(Number(child), name);
};

const untilUntroubled = () => until(() => lanes.trouble === null, 'no trouble');

describe.skipIf(process.platform !== 'linux')('a process that inspects', () => {
  it('that is killed is replaced, and who waited behind its image is inspected', async () => {
    await begun();
    const [first, second] = [inspect(), inspect()];
    signal('SIGKILL');
    await expect(first).rejects.toMatchObject({ code: 'PROCESS_ENDED' });
    expect((await second).decision).toMatch(/OK|NG/);
    await untilUntroubled();
    await expect(lanes.trial()).resolves.toBeUndefined();
  });

  it('that is killed while nobody needs it is replaced before it is said to be there', async () => {
    await begun();
    signal('SIGKILL');
    await expect
      .poll(() => lanes.trouble, { interval: 5 })
      .toBe('the inspecting process failed, and another one starts');
    await untilUntroubled();
    expect((await inspect()).decision).toMatch(/OK|NG/);
  });

  it('that hangs is not counted on, and ended after its limit', async () => {
    await begun();
    signal('SIGSTOP');
    const refused = expect(inspect()).rejects.toMatchObject({ code: 'PROCESS_ENDED' });
    await until(() => /no inspection has ended for \d seconds/.test(lanes.trouble ?? ''), 'it is not counted on');
    await refused;
    await untilUntroubled();
    expect((await inspect()).decision).toMatch(/OK|NG/);
  });

  it('that ends thrice in succession by a bundle has it refused, until it is prepared again', async () => {
    await begun();
    const codes: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      await untilUntroubled();
      const work = inspect().catch(({ code }) => codes.push(code));
      if (i !== 1) signal('SIGKILL');
      await work;
    }
    // a success in between forgives the first
    expect(codes).toEqual(['PROCESS_ENDED', 'PROCESS_ENDED', 'PROCESS_ENDED', 'BUNDLE_FAILS']);
    await lanes.prepare(bundle);
    expect((await inspect()).decision).toMatch(/OK|NG/);
  });

  it('opens another recipe than the active one beside the images of the line, however long that takes', async () => {
    await begun();
    const directory = await smallBundle(join(await folder(), 'large'), 0.5, smallUnet(48));
    const large = { directory, hash: (await readContent(directory)).hash };
    const ended: string[] = [];
    const by = async (which: RecordedBundle, name: string): Promise<void> => {
      await inspect(which);
      ended.push(name);
    };
    const slow = [by(large, 'large'), by(large, 'large')];
    await sleep(20);
    for (let i = 0; i < 3; i++) await by(bundle, 'line');
    await Promise.all(slow);
    expect(ended).toEqual(['line', 'line', 'line', 'large', 'large']);
  });

  it('that another recipe ends thrice is given to that no more, and goes on for the line', async () => {
    await begun();
    const directory = await smallBundle(join(await folder(), 'other'), 0.5);
    const other = { directory, hash: (await readContent(directory)).hash };
    const codes: unknown[] = [];
    for (let i = 0; i < 4; i++) {
      await untilUntroubled();
      const work = inspect(other).catch(({ code }) => codes.push(code));
      if (i < 3) signal('SIGKILL');
      await work;
    }
    expect(codes).toEqual(['PROCESS_ENDED', 'PROCESS_ENDED', 'BUNDLE_FAILS', 'BUNDLE_FAILS']);
    expect(lanes.trouble).toBeNull();
    expect((await inspect()).decision).toMatch(/OK|NG/);
    await lanes.prepare(other);
    expect((await inspect(other)).decision).toMatch(/OK|NG/);
  });

  it('that hangs leaves the images to another', async () => {
    await begun(2);
    const { pid } = process;
    const [child] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    process.kill(Number(child), 'SIGSTOP');
    const stuck = inspect().catch(() => undefined);
    await sleep(LIMIT_MILLIS / 2);
    expect(lanes.trouble).toBeNull();
    for (let i = 0; i < 3; i++) expect((await inspect()).decision).toMatch(/OK|NG/);
    await stuck;
  });
});
