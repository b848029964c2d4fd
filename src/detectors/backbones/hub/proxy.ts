/**
 * Proxies for https, by the customary environment variables; Node 20 does not honour them itself. A tunnel is asked for by CONNECT
 * (RFC 9110, section 9.3.6), so the proxy sees the host's name and encrypted bytes, nothing else.
 */
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { FelfriError } from '../../../core/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

function spared(host: string, port: string, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, name = '', itsPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (name === '' || (itsPort !== undefined && itsPort !== port)) return false;
    return host === name || (isIP(host) === 0 && host.endsWith(`.${name}`));
  });
}

/**
 * The proxy for an address: HTTPS_PROXY, else ALL_PROXY (either case), unless NO_PROXY names the host, a parent domain, or `*`.
 * Plain http is never proxied: it is allowed only for this very machine. Throws OPTION_INVALID for a proxy that is not http or https.
 */
export function proxyFor(address: URL, environment: Environment = process.env): URL | undefined {
  if (address.protocol !== 'https:') return undefined;
  const get = (name: string): string => environment[name.toLowerCase()] || environment[name] || '';
  const text = get('HTTPS_PROXY') || get('ALL_PROXY');
  const host = address.hostname.toLowerCase();
  if (text === '' || spared(host, address.port || '443', get('NO_PROXY'))) return undefined;
  const full = text.includes('://') ? text : `http://${text}`;
  if (/^https?:/.test(full) && URL.canParse(full)) return new URL(full);
  throw new FelfriError(
    'OPTION_INVALID',
    `the address of the proxy cannot be used; legal is such as http://proxy.example:3128`,
    {
      subject: 'HTTPS_PROXY',
    },
  );
}

/** The proxy's refusal of a tunnel: its status is what counts, as that of any other response. */
export class TunnelRefused extends Error {
  readonly status: number;

  constructor(proxy: URL, status: number) {
    super(`the proxy ${proxy.host} answered ${status}`);
    this.status = status;
  }
}

/** A TLS connection to the address's host through the proxy. Rejects with what the network gives, or TunnelRefused. */
export function openTunnel(proxy: URL, address: URL, signal: AbortSignal): Promise<Socket> {
  const target = `${address.hostname}:${address.port || 443}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const options: RequestOptions = {
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: target,
    headers: {
      Host: target,
      ...(proxy.username !== '' && {
        'Proxy-Authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
    agent: false,
    signal,
  };
  return new Promise((resolve, reject) => {
    const request = proxy.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
    request.once('error', reject);
    request.once('response', (response) => {
      response.destroy();
      reject(new TunnelRefused(proxy, response.statusCode ?? 0));
    });
    request.once('connect', ({ statusCode = 0 }, socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        reject(new TunnelRefused(proxy, statusCode));
        return;
      }
      const host = address.hostname.replace(/^\[|\]$/g, '');
      const secure = tlsConnect({ socket, host, ...(isIP(host) === 0 && { servername: host }) });
      secure.once('error', reject);
      secure.once('secureConnect', () => {
        secure.off('error', reject);
        resolve(secure);
      });
      signal.addEventListener('abort', () => secure.destroy(signal.reason), { once: true });
    });
    request.end();
  });
}
