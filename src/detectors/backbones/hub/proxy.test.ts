import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { hubCertificate } from '../../../../test/support/hub-certificate.ts';
import { LocalHub } from '../../../../test/support/local-hub.ts';
import { LocalProxy } from '../../../../test/support/local-proxy.ts';
import { download } from './download.ts';
import { proxyFor } from './proxy.ts';

const at = (address: string, environment: Record<string, string>): string | undefined =>
  proxyFor(new URL(address), environment)?.href;

describe('the proxy of an address', () => {
  it.each([
    ['none is set', {}, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://proxy.example:3128' }, 'http://proxy.example:3128/'],
    [
      'https_proxy before it',
      { https_proxy: 'http://a.example', HTTPS_PROXY: 'http://b.example' },
      'http://a.example/',
    ],
    ['ALL_PROXY', { ALL_PROXY: 'http://proxy.example' }, 'http://proxy.example/'],
    ['a proxy without a scheme', { HTTPS_PROXY: 'proxy.example:8080' }, 'http://proxy.example:8080/'],
    ['an empty one', { HTTPS_PROXY: '' }, undefined],
    ['that of plain http alone', { HTTP_PROXY: 'http://proxy.example' }, undefined],
  ])('is by %s', (_, environment, proxy) => {
    expect(at('https://huggingface.co/x', environment)).toBe(proxy);
  });

  it.each([
    ['huggingface.co', true],
    ['.huggingface.co', true],
    ['*.co', true],
    ['HuggingFace.co:443', true],
    ['localhost, huggingface.co', true],
    ['*', true],
    ['face.co', false],
    ['huggingface.co:8443', false],
    ['cdn.huggingface.co', false],
    ['', false],
  ])('is none where NO_PROXY is "%s": %s', (list, spared) => {
    const environment = { HTTPS_PROXY: 'http://proxy.example', NO_PROXY: list };
    expect(at('https://huggingface.co/x', environment) === undefined).toBe(spared);
  });

  it('is none for plain http, which stays on this machine', () => {
    expect(at('http://127.0.0.1:9/x', { ALL_PROXY: 'http://proxy.example' })).toBeUndefined();
  });

  it.each(['socks5://proxy.example', 'http://', 'http://:::'])(
    'is refused as %s, without showing a password',
    (proxy) => {
      expect(() => at('https://huggingface.co/x', { HTTPS_PROXY: proxy })).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID', subject: 'HTTPS_PROXY' }),
      );
    },
  );
});

describe('a tunnel', () => {
  const folder = temporaryFolders();
  let hub: LocalHub;
  let proxy: LocalProxy | undefined;
  beforeEach(async () => {
    hub = await LocalHub.start(Buffer.from('some bytes'), hubCertificate);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await proxy?.stop();
    proxy = undefined;
    await hub.stop();
  });

  // that one to a trusted certificate brings the file is tested with a process of its own, which can be told to trust it
  async function ask(port: number): Promise<unknown> {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${port}`);
    vi.stubEnv('https_proxy', '');
    vi.stubEnv('NO_PROXY', '');
    vi.stubEnv('no_proxy', '');
    const patience = { stallSeconds: 5, tries: 2, pauseSeconds: 0.01, longestWaitSeconds: 1 };
    const address = new URL('https://hub.test/file');
    return download({ address, part: join(await folder(), 'part'), limitBytes: 1e6, patience });
  }

  it('to a certificate that nobody vouches for is not used', async () => {
    proxy = await LocalProxy.start(hub.port);
    await expect(ask(proxy.port)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(proxy.asked).toEqual(['hub.test:443']);
    expect(hub.seen).toEqual([]);
  });

  it('that the proxy refuses for want of a password says so at once', async () => {
    proxy = await LocalProxy.start(hub.port, 'user:secret');
    await expect(ask(proxy.port)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringMatching(/407; the proxy wants a user and a password/),
    });
    expect(proxy.asked).toHaveLength(1);
  });

  it('through a proxy that is not there is tried again, then fails', async () => {
    proxy = await LocalProxy.start(hub.port);
    const { port } = proxy;
    await proxy.stop();
    proxy = undefined;
    await expect(ask(port)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('tried 2 times'),
    });
  });
});
