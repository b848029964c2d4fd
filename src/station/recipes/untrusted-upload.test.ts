/** Bundles that somebody uploads: refused with a reason, or on the disk before they count. */
import { fstatSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { weight } from '../../../test/onnx-file.ts';
import { type Alteration, alteredBundle } from '../../../test/support/altered-bundle.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { hostile, made, numbers, outputs, tensorOutside } from '../../../test/support/hostile-model.ts';
import { bundleParts, form, smallBundle, startStation, type TestStation } from '../../../test/support/station.ts';
import { sha256File } from '../../core/files.ts';
import { unfinishedIn } from '../folder/unfinished.ts';

const folder = temporaryFolders();
let data: string;
let bundle: string;
let own: TestStation;

beforeAll(async () => {
  bundle = await smallBundle(join(await folder(), 'bundle'), 0.5);
  data = await folder();
  own = await startStation(data);
});
afterAll(() => own.close());

async function upload(directory: string) {
  const body = await form([...(await bundleParts(directory, 'rings')), ['by', 'an engineer']]);
  return own.app.inject({ method: 'POST', url: '/api/recipes', ...body });
}

const altered = async (alteration: Alteration): Promise<string> =>
  alteredBundle(bundle, join(await folder(), 'altered'), alteration);

/** The figures that the scores beside the bundle give: of 4 good and 4 defective images, one good one above 0.4 and 0.5. */
const rate = (value: number) => ({ value, count: 4 * value, total: 4, interval: null });
const figures = {
  good: 4,
  defective: 4,
  threshold: 0.5,
  auroc: { value: 15 / 16, interval: null },
  recall: rate(0.75),
  falseAlarmRate: rate(0.25),
};

describe('an upload is refused with 422 and a reason', () => {
  it.each<[string, () => Alteration, RegExp]>([
    [
      'a model that reads a file of the server',
      () => ({ model: () => hostile({ node: made, initializer: [...numbers, tensorOutside] }) }),
      /another file/,
    ],
    ['noise as a model', () => ({ model: (bytes) => bytes.map((v, i) => (v * 31 + i) % 256) }), /model\.onnx/],
    [
      'a model that gives 0 for all',
      () => ({
        model: () => hostile({ node: made, initializer: numbers }),
        files: { 'golden/1.png': null, 'golden/outputs.safetensors': outputs(0) },
      }),
      /looks at none/,
    ],
    [
      'a model that gives NaN',
      () => ({
        model: () => hostile({ node: made, initializer: [weight('s', [], () => Number.NaN), numbers[1]!] }),
        files: { 'golden/1.png': null, 'golden/outputs.safetensors': outputs(0) },
      }),
      /NaN/,
    ],
    ['no golden images', () => ({ files: { 'golden/0.png': null, 'golden/1.png': null } }), /no golden image/],
    [
      'an AUROC that its scores do not give',
      () => ({ manifest: { evaluation: { ...figures, auroc: { value: 1, interval: null } } } }),
      /AUROC 1, .* give 0\.9375/,
    ],
    [
      'a recall that its scores do not give',
      () => ({ manifest: { evaluation: { ...figures, recall: rate(1) } } }),
      /recall 1, .* give 0\.75/,
    ],
    ['other numbers of images', () => ({ manifest: { evaluation: { ...figures, good: 400 } } }), /good images 400/],
  ])('%s', async (_, alteration, said) => {
    const answer = await upload(await altered(alteration()));
    expect([answer.statusCode, answer.json().message]).toEqual([422, expect.stringMatching(said)]);
    expect(answer.json().code).toMatch(/^BUNDLE_/);
    expect(answer.body).not.toContain(data);
    expect(await readdir(unfinishedIn(data))).toEqual([]);
  });

  it('scores of another model, or a decision that its score does not give', async () => {
    const path = join(bundle, 'run', 'test-scores.json');
    const stored = JSON.parse(await readFile(path, 'utf8'));
    const wrong = { ...stored, images: stored.images.map((one: object) => ({ ...one, decision: 'OK' })) };
    for (const scores of [{ ...stored, model: '0'.repeat(64) }, wrong]) {
      const sent = await altered({});
      const body = await form([
        ...(await bundleParts(sent, 'rings')).filter(([name]) => name !== 'run/test-scores.json'),
        ['run/test-scores.json', Buffer.from(JSON.stringify(scores))],
      ]);
      const answer = await own.app.inject({ method: 'POST', url: '/api/recipes', ...body });
      expect([answer.statusCode, answer.json().code]).toEqual([422, 'BUNDLE_INVALID']);
    }
  });
});

it('figures that were computed again are told from those that are claimed', async () => {
  const sent = await altered({ manifest: { evaluation: figures } });
  const known = await upload(sent);
  expect(known.json().figures).toMatchObject({ auroc: 15 / 16, recomputed: true });
  expect(known.json().bundleHash).toBe(await sha256File(join(sent, 'bundle.json')));
  const claimed = await altered({ manifest: { evaluation: { ...figures, good: 4000 } } });
  const parts = (await bundleParts(claimed, 'rings')).filter(([name]) => !name.startsWith('run/'));
  const answer = await own.app.inject({ method: 'POST', url: '/api/recipes', ...(await form(parts)) });
  expect(answer.json().figures).toMatchObject({ good: 4000, recomputed: false });
});

it.runIf(process.platform !== 'win32')(
  'every file and folder of an accepted bundle is on the disk before the answer',
  async () => {
    const handle = await open(join(bundle, 'bundle.json'));
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const synced = new Set<number>();
    const sync = prototype.sync;
    const spy = vi.spyOn(prototype, 'sync').mockImplementation(function (this: FileHandle) {
      synced.add(fstatSync(this.fd).ino);
      return sync.call(this);
    });
    const { id } = (await upload(bundle)).json();
    spy.mockRestore();
    const kept = join(data, 'recipes', id);
    const inside = (await readdir(kept, { recursive: true })).map((name) => join(kept, name));
    expect(inside.length).toBeGreaterThan(6);
    for (const path of [...inside, kept, join(data, 'recipes'), data])
      expect([path, synced.has((await stat(path)).ino)]).toEqual([path, true]);
  },
);
