/** The certificate and key by which the station speaks TLS, checked before anything listens. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FelfriError } from '../../core/errors.ts';

export interface Tls {
  /** PEM: the certificate, then those that vouch for it. */
  readonly cert: Buffer;
  /** PEM, without a passphrase. */
  readonly key: Buffer;
}

const refuse = (subject: string, message: string, cause?: unknown) =>
  new FelfriError('OPTION_INVALID', message, { subject, cause });

async function readPem(path: string, option: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw refuse(option, `--${option} ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

function certificateOf(pem: Buffer, path: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw refuse(
      'tls-cert',
      `${path} holds no certificate; legal is PEM, beginning with -----BEGIN CERTIFICATE-----`,
      cause,
    );
  }
}

function keyOf(pem: Buffer, path: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const locked = /ENCRYPTED/.test(pem.toString('latin1'));
    throw refuse(
      'tls-key',
      locked
        ? `${path} is locked by a passphrase; give the key without one, readable by the station alone`
        : `${path} holds no private key; legal is PEM, beginning with -----BEGIN PRIVATE KEY----- or the like`,
      cause,
    );
  }
}

/** Throws OPTION_INVALID when one cannot be read, they do not belong together, or the certificate is not valid now. */
export async function readTls(certPath: string, keyPath: string, now = new Date()): Promise<Tls> {
  const cert = await readPem(certPath, 'tls-cert');
  const key = await readPem(keyPath, 'tls-key');
  const certificate = certificateOf(cert, certPath);
  if (!certificate.checkPrivateKey(keyOf(key, keyPath)))
    throw refuse('tls-key', `${keyPath} is not the key of the first certificate in ${certPath}`);
  const { validFrom, validTo } = certificate;
  if (now < new Date(validFrom) || now > new Date(validTo))
    throw refuse(
      'tls-cert',
      `the certificate ${certPath} is valid from ${validFrom} to ${validTo}, which is not now; renew it`,
    );
  return { cert, key };
}
