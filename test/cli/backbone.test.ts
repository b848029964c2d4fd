/** Fetching backbones through the command line, from a hub on this machine, by processes that are killed, stopped and that meet. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeSafetensors } from '../../src/core/safetensors.ts';
import { formulaWeights } from '../formula-weights.ts';
import { temporaryFolders } from '../support/folder.ts';
import { hubCertificate } from '../support/hub-certificate.ts';
import { LocalHub } from '../support/local-hub.ts';
import { LocalProxy } from '../support/local-proxy.ts';
import { type Finished, felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();
// its SHA-256 is not in the catalogue, so that weights made by a formula pass for it
const name = 'efficientnet-b0.ns_jft_in1k';
const file = 'timm--tf_efficientnet_b0.ns_jft_in1k.safetensors';

let bytes: Buffer;
let hub: LocalHub;
let cache: string;
let env: Record<string, string>;
beforeAll(async () => {
  const made = join(await folder(), 'made.safetensors');
  await writeSafetensors(made, formulaWeights('b0', 'timm'));
  bytes = await readFile(made);
});
beforeEach(async () => {
  hub = await LocalHub.start(bytes);
  cache = await folder();
  env = { FELFRI_CACHE: cache, FELFRI_HUB: hub.address, HTTPS_PROXY: '', https_proxy: '', NO_PROXY: '', no_proxy: '' };
});
afterEach(() => hub.stop());

const fetchIt = (more: readonly string[] = []): Promise<Finished> => felfri(['backbone', 'fetch', name, ...more], env);
const isSound = async (): Promise<boolean> => bytes.equals(await readFile(join(cache, 'backbones', file)));

/** Starts fetching from a hub that sends so much and stalls, and waits until all that has come. */
async function startStalled(sent: number, before = 0): Promise<ReturnType<typeof startFelfri>> {
  hub.next.push({ kind: 'stall', after: sent });
  const running = startFelfri(['backbone', 'fetch', name], env);
  const part = join(cache, 'backbones', `${file}.part`);
  while ((await readFile(part).catch(() => '')).length < before + sent) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return running;
}

describe('felfri backbone', () => {
  it('lists, fetches, and says where', async () => {
    const { stdout } = await felfri(['backbone', 'list'], env);
    expect(stdout).toMatch(/^efficientnet-b5 +122 MB +- +Apache-2.0 +timm\/tf_efficientnet_b5\.aa_in1k/m);
    const none = await felfri(['backbone', 'path', name], env);
    expect([none.code, none.stdout]).toEqual([2, '']);
    expect(none.stderr).toContain(`BACKBONE_MISSING`);
    expect(none.stderr).toContain(`felfri backbone fetch ${name}`);

    const fetched = await fetchIt(['--json']);
    expect(fetched.stderr).toMatch(/11\.7\/11\.7, 0 s left, in MB/);
    expect(JSON.parse(fetched.stdout)).toMatchObject({ name, origin: 'hub', sha256: hub.sha256, bytes: bytes.length });
    expect(await isSound()).toBe(true);
    const path = await felfri(['backbone', 'path', name], env);
    expect(path.stdout).toBe(`${join(cache, 'backbones', file)}\n`);
  });

  it('refuses names that are none, and is offline when told', async () => {
    expect((await felfri(['backbone', 'fetch', 'resnet'], env)).stderr).toMatch(
      /OPTION_INVALID.*legal are efficientnet-b0,/,
    );
    const offline = await fetchIt(['--offline']);
    expect([offline.code, offline.stderr]).toEqual([2, expect.stringContaining('OFFLINE')]);
    expect(hub.seen).toEqual([]);
  });

  it('goes on after Ctrl-C, and after a kill', async () => {
    const stopped = await startStalled(4_000_000);
    stopped.process.kill('SIGINT');
    const { code, stderr } = await stopped.finished;
    expect([code, stderr]).toEqual([130, expect.stringContaining('INTERRUPTED')]);

    const killed = await startStalled(3_000_000, 4_000_000);
    killed.process.kill('SIGKILL');
    await killed.finished;
    expect((await fetchIt()).code).toBe(0);
    expect(await isSound()).toBe(true);
    expect(hub.fetches.map(({ range }) => range)).toEqual([undefined, 'bytes=4000000-', 'bytes=7000000-']);
  });

  it('fetches once when two ask at the same time', async () => {
    const [a, b] = await Promise.all([fetchIt(['--json']), fetchIt(['--json'])]);
    expect([a.code, b.code]).toEqual([0, 0]);
    expect([a, b].map(({ stdout }) => JSON.parse(stdout).origin).sort()).toEqual(['cache', 'hub']);
    expect(hub.fetches).toHaveLength(1);
    expect(await isSound()).toBe(true);
  });

  it('says when the file is corrupt, and leaves none', async () => {
    hub.next.push({ kind: 'corrupt' }, { kind: 'corrupt' });
    const { code, stderr } = await fetchIt();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/DOWNLOAD_CORRUPT: .*it was deleted/)]);
    expect((await felfri(['backbone', 'path', name], env)).code).toBe(2);
  });

  it('writes and keeps to the lock file of a project', async () => {
    const lock = join(cache, 'project.lock.json');
    expect((await fetchIt(['--lock', lock])).code).toBe(0);
    await rm(join(cache, 'backbones'), { recursive: true });
    hub.bytes = Buffer.concat([bytes.subarray(0, -1), Buffer.from([1])]);
    const { code, stderr } = await fetchIt(['--lock', lock]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('LOCK_MISMATCH')]);
  });

  it('goes through a proxy, which finds the hub and wants a password', async () => {
    const secure = await LocalHub.start(bytes, hubCertificate);
    const proxy = await LocalProxy.start(secure.port, 'user:p@ss');
    const authorities = join(cache, 'authorities.pem');
    await writeFile(authorities, hubCertificate.cert);
    Object.assign(env, {
      FELFRI_HUB: 'https://hub.test',
      HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: authorities,
    });
    // a cut-off on the way, too
    secure.next.push({ kind: 'cut', after: 5_000_000 });
    const { code, stderr } = await fetchIt();
    await proxy.stop();
    await secure.stop();
    expect([code, stderr]).toEqual([0, expect.stringContaining('trying again in 1 s')]);
    expect(await isSound()).toBe(true);
    // two tries, each redirected once
    expect(proxy.asked).toEqual(Array(4).fill('hub.test:443'));
  });
});
