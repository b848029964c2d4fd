/** Stations with an OPC UA output, and clients of them. */
import { readdir, readFile } from 'node:fs/promises';
import { afterEach } from 'vitest';
import { freePort, startLine, type TestLine } from './line.ts';
import { OpcuaClient } from './opcua-client.ts';
import { until } from './until.ts';

export interface Started {
  readonly line: TestLine;
  readonly url: string;
  readonly where: string;
}

/** A station whose server listens, in an empty folder or where another left off; whoever asks for it closes it. */
export async function openOpcua(where: string, settings: object = { anonymous: true }): Promise<Started> {
  const port = await freePort();
  const line = await startLine(where, { ua: { kind: 'opcua', port, ...settings } });
  await until(async () => (await line.line.check('ua')).ok, 'it listens');
  return { line, url: `opc.tcp://127.0.0.1:${port}`, where };
}

/** What connects clients that end with the test. */
export function opcuaClients(): (url: string, about?: object) => Promise<OpcuaClient> {
  const open: OpcuaClient[] = [];
  afterEach(() => {
    for (const client of open.splice(0)) client.end();
  });
  return async (url, about = {}) => {
    const client = new OpcuaClient();
    open.push(client);
    const { error } = await client.ask('open', { url, ...about });
    if (error !== undefined) throw new Error(error);
    return client;
  };
}

/** Processes that this one started and that run the server. */
export async function opcuaServers(): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    all.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      const parent = Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]);
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return parent === process.pid && command.includes('opcua/process') ? Number(pid) : null;
    }),
  );
  return found.filter((pid) => pid !== null);
}
