/** What went wrong with a download, in words, and whether trying again can help. */
import { FelfriError } from '../../../core/errors.ts';
import { TunnelRefused } from './proxy.ts';

/** A fault that may pass: the download goes on after a pause, from where it stood. */
export class PassingFault extends Error {
  /** Seconds that the server asked to wait. */
  readonly waitSeconds: number | undefined;

  constructor(message: string, waitSeconds?: number) {
    super(message);
    this.waitSeconds = waitSeconds;
  }
}

/** Seconds of a Retry-After header: a number, or a date (RFC 9110, section 10.2.3). */
export function retryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

const passingStatus = new Set([408, 425, 429, 500, 502, 503, 504]);

const advice: Readonly<Record<number, string>> = {
  401: 'the hub wants a login; check the hub address, or bring the file yourself (--from)',
  403: 'the hub refuses; check the hub address and what your network allows, or bring the file yourself (--from)',
  404: 'there is no such file on this hub; check the hub address',
  407: 'the proxy wants a user and a password; give them in HTTPS_PROXY, as http://user:password@proxy:port',
};

/** The failure that a status other than 200, 206 and 416 means. */
export function statusFailure(address: URL, status: number, wait: number | undefined): Error {
  if (passingStatus.has(status)) return new PassingFault(`the hub answered ${status}`, wait);
  return new FelfriError(
    'DOWNLOAD_FAILED',
    `${address}: answered ${status}; ${advice[status] ?? 'check the hub address and the proxy'}`,
    { subject: address.href },
  );
}

const certificate = /^(CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_SELF_SIGNED|ERR_TLS_CERT)/;

/** What a network error means: certificates do not mend themselves, all else may pass. */
export function networkFailure(address: URL, error: unknown): Error {
  if (error instanceof FelfriError || error instanceof PassingFault) return error;
  if (error instanceof TunnelRefused) return statusFailure(address, error.status, undefined);
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (certificate.test(code)) {
    return new FelfriError(
      'DOWNLOAD_FAILED',
      `${address}: its certificate is not trusted (${code}); where a proxy of your own network inspects traffic, give its certificate ` +
        'in NODE_EXTRA_CA_CERTS',
      { subject: address.href, cause: error },
    );
  }
  // Node's word for a body that ends too early
  if (message === 'aborted') return new PassingFault('the connection was cut off');
  return new PassingFault(message || code || String(error));
}
