import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { hubCertificate } from '../../../test/support/hub-certificate.ts';
import { startStation } from '../../../test/support/station.ts';
import { addUser } from '../../../test/support/users.ts';
import { readTls } from './tls.ts';

const folder = temporaryFolders();
/** While the certificate is valid. */
const now = new Date('2030-01-01');
let cert: string;
let key: string;
let place: string;

beforeAll(async () => {
  place = await folder();
  cert = join(place, 'cert.pem');
  key = join(place, 'key.pem');
  await writeFile(cert, hubCertificate.cert);
  await writeFile(key, hubCertificate.key);
});

describe('readTls', () => {
  const refusal = async (certPath: string, keyPath: string, at = now) => {
    const error = await readTls(certPath, keyPath, at).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'OPTION_INVALID' });
    return (error as Error).message;
  };

  it('takes a certificate with its key', async () => {
    expect((await readTls(cert, key, now)).cert.toString()).toBe(hubCertificate.cert);
  });

  it('says what does not fit', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const other = join(place, 'other.pem');
    await writeFile(other, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const locked = join(place, 'locked.pem');
    await writeFile(
      locked,
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' }),
    );
    expect(await refusal(join(place, 'none'), key)).toContain('--tls-cert');
    expect(await refusal(cert, join(place, 'none'))).toContain('ENOENT');
    expect(await refusal(key, key)).toContain('holds no certificate');
    expect(await refusal(cert, cert)).toContain('holds no private key');
    expect(await refusal(cert, locked)).toContain('locked by a passphrase');
    expect(await refusal(cert, other)).toContain('is not the key of');
    expect(await refusal(cert, key, new Date('2020-01-01'))).toContain('valid from Nov 23');
    expect(await refusal(cert, key, new Date('2200-01-01'))).toContain('renew it');
  });
});

describe('a station with TLS', () => {
  it('answers by HTTPS from TLS 1.2 on, and its cookies are sent no other way', async () => {
    const own = await startStation(await folder(), { tls: await readTls(cert, key, now), hosts: ['hub.test'] });
    try {
      await addUser(own, 'ada', 'admin');
      await own.app.listen({ host: '127.0.0.1', port: 0 });
      const { port } = own.app.server.address() as { port: number };
      const payload = JSON.stringify({ name: 'ada', password: 'password of ada' });
      const post = (maxVersion: 'TLSv1.1' | 'TLSv1.3') =>
        new Promise<{ status: number | undefined; cookie: string }>((resolve, reject) => {
          const headers = { host: 'hub.test', origin: 'https://hub.test', 'content-type': 'application/json' };
          // whether the certificate is still valid on this day is not the question here
          request(
            {
              host: '127.0.0.1',
              port,
              path: '/api/session',
              method: 'POST',
              headers,
              rejectUnauthorized: false,
              maxVersion,
            },
            (answer) => {
              answer.resume();
              resolve({ status: answer.statusCode, cookie: String(answer.headers['set-cookie']) });
            },
          )
            .on('error', reject)
            .end(payload);
        });
      const { status, cookie } = await post('TLSv1.3');
      expect(status).toBe(200);
      expect(cookie).toMatch(
        /^__Host-felfri_session=[0-9a-f]{64}; HttpOnly; SameSite=Strict; Path=\/; Max-Age=43200; Secure$/,
      );
      await expect(post('TLSv1.1')).rejects.toThrow();
    } finally {
      await own.close();
    }
  });
});
