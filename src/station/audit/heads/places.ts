/** Where heads of the audit log are noted: places that whoever can change the records should not be able to change. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { resolve, sep } from 'node:path';
import { FelfriError } from '../../../core/errors.ts';
import { sha256 } from '../../../core/files.ts';
import { shownUrl } from '../../../core/shown-url.ts';
import { type Head, parseHeads } from './head.ts';

export interface HeadPlace {
  /** As alarms call it: as it was given, but for what of a URL may be a secret. */
  readonly name: string;
  /** Resolves when it is noted as far as the place says so. */
  send(head: Head): Promise<void>;
  /** What was noted there before; none where the place cannot be asked. Throws OPTION_INVALID. */
  noted(): Promise<Head[]>;
}

interface Kind {
  /** As it is written. */
  readonly form: string;
  readonly means: string;
  /** What an address of this kind begins with; null for anything else. */
  readonly begins: RegExp | null;
  /** Throws OPTION_INVALID. */
  readonly open: (text: string, data: string) => Omit<HeadPlace, 'name'>;
}

const PATIENCE_MILLIS = 10_000;
const nothing = async (): Promise<Head[]> => [];

/** RFC 5424, facility 13 (log audit), severity 6 (informational). */
function syslogLine(head: Head): string {
  return `<110>1 ${head.at} ${hostname().slice(0, 255)} felfri ${process.pid} audit-head - ${JSON.stringify(head)}`;
}

interface Address {
  readonly host: string;
  readonly port: number;
}

function addressOf(text: string, port: number): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.hostname) return { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || port) };
  throw refused(text, 'which names no host');
}

/** With a mark by which two at one host are told apart. */
const nameOf = (text: string): string =>
  /^https?:/i.test(text) ? `${shownUrl(text)} (${sha256(text).slice(0, 6)})` : text;

function refused(text: string, why: string): FelfriError {
  const legal = kinds.map(({ form, means }) => `${form} (${means})`).join('; ');
  return new FelfriError('OPTION_INVALID', `--audit-heads: got ${text}, ${why}; legal is ${legal}`, {
    subject: 'audit-heads',
  });
}

async function sendDatagram({ host, port }: Address, line: string): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((done, fail) => {
      socket.once('error', fail);
      socket.send(line, port, host, (error) => (error ? fail(error) : done()));
    });
  } finally {
    socket.close();
  }
}

async function sendStream(address: Address, line: string): Promise<void> {
  const socket = connect(address);
  const signal = AbortSignal.timeout(PATIENCE_MILLIS);
  try {
    await once(socket, 'connect', { signal });
    // RFC 6587: octets are counted
    socket.end(`${Buffer.byteLength(line)} ${line}`);
    await once(socket, 'finish', { signal });
  } finally {
    socket.destroy();
  }
}

async function append(path: string, line: string): Promise<void> {
  const file = await open(path, 'a', 0o600);
  try {
    await file.appendFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function post(url: string, head: Head): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(head),
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE_MILLIS),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
}

async function readHeads(path: string): Promise<Head[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  return parseHeads(text, path);
}

/** The last takes what the others leave. */
const kinds: readonly Kind[] = [
  {
    form: 'syslog://HOST[:514]',
    means: 'a syslog server, by UDP (RFC 5424)',
    begins: /^syslog:\/\//i,
    open: (text) => {
      const address = addressOf(text, 514);
      return { send: (head) => sendDatagram(address, syslogLine(head)), noted: nothing };
    },
  },
  {
    form: 'syslog+tcp://HOST[:601]',
    means: 'a syslog server, by TCP (RFC 6587), where a server that is away is noticed',
    begins: /^syslog\+tcp:\/\//i,
    open: (text) => {
      const address = addressOf(text, 601);
      return { send: (head) => sendStream(address, syslogLine(head)), noted: nothing };
    },
  },
  {
    form: 'https://...',
    means: 'a webhook that gets each head as JSON by POST, also http://',
    begins: /^https?:\/\//i,
    open: (text) => {
      // fetch refuses them each time, and says them
      if (!URL.canParse(text) || new URL(text).username !== '' || new URL(text).password !== '')
        throw refused(nameOf(text), 'which is no URL, or one with a name or password in it');
      return { send: (head) => post(text, head), noted: nothing };
    },
  },
  {
    form: 'FILE',
    means: 'a file that grows by a line, best on another machine; it is compared at the start and hourly',
    begins: null,
    open: (text, data) => {
      const path = resolve(text);
      if (path.startsWith(`${data}${sep}`))
        throw refused(text, 'which lies in the data folder, as what it is to prove');
      return { send: (head) => append(path, JSON.stringify(head)), noted: () => readHeads(path) };
    },
  },
];

/** `data`: the station's data folder. Throws OPTION_INVALID. */
export function headPlace(text: string, data: string): HeadPlace {
  const kind = kinds.find(({ begins }) => begins === null || begins.test(text))!;
  return { name: nameOf(text), ...kind.open(text, data) };
}
