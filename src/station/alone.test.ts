/** Processes of a station end with it, also where it was gone before they had loaded their modules: one that stays holds its port for ever. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { compiledFile } from '../../test/support/compiled.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { freePort } from '../../test/support/line.ts';
import { startProcessAt } from '../engine/workers/start.ts';
import type { ComputingSettings } from './inspecting/messages.ts';
import type { ServerSetup } from './line/opcua/messages.ts';
import type { OpcuaSettings } from './line/opcua/settings.ts';

const folder = temporaryFolders();

let child: ChildProcess;
afterEach(() => child.kill('SIGKILL'));

/** How it ends that is left alone at once. */
async function endOf(entry: string, setup: unknown): Promise<[number | null, string | null]> {
  child = startProcessAt(pathToFileURL(compiledFile(entry)), setup);
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  child.disconnect();
  return gone;
}

it('the server of OPC UA', async () => {
  const settings: OpcuaSettings = {
    listen: '127.0.0.1',
    port: await freePort(),
    host: '',
    anonymous: true,
    trust: 'any',
    acknowledge: true,
    pairBy: 'part',
    windowMillis: 2000,
    hold: 10,
  };
  const setup: ServerSetup = { settings, folder: await folder(), station: 'one', version: '0' };
  expect(await endOf('station/line/opcua/process', setup)).toEqual([0, null]);
});

it('the one that inspects', async () => {
  const settings: ComputingSettings = { threads: 1 };
  expect(await endOf('station/inspecting/process', settings)).toEqual([null, 'SIGKILL']);
});
