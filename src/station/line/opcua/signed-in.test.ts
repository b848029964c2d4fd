/** Who is let into the OPC UA server, with a client that is another program (asyncua), and a port that another program has. */
import { readdir, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../test/support/line.ts';
import { OpcuaClient } from '../../../../test/support/opcua-client.ts';
import { opcuaClients, openOpcua } from '../../../../test/support/opcua-station.ts';
import { activeRecipe, smallBundle } from '../../../../test/support/station.ts';
import { until } from '../../../../test/support/until.ts';
import { hashPassword } from '../../access/passwords.ts';
import type { Role } from '../../contract/access.ts';

const folder = temporaryFolders();
const connect = opcuaClients();
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function addUser({ station }: TestLine, name: string, role: Role): Promise<void> {
  const user = {
    id: name,
    name,
    role,
    createdAt: new Date().toISOString(),
    password: await hashPassword(`${name}-secret-1`),
  };
  await station.records.users.add(user, { by: null, at: new Date() });
}

it('says in one sentence that its port is taken, and listens once it is free', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as { port: number };
  const line = await startLine(await folder(), { ua: { kind: 'opcua', port } });
  ends.push(() => line.close());
  await line.record('OK');
  const why = `cannot listen on 127.0.0.1 port ${port} (EADDRINUSE)`;
  await until(() => line.station.alarms.all.some(({ message }) => message.includes(why)), 'the alarm');
  await new Promise((resolve) => other.close(resolve));
  await until(async () => (await line.line.check('ua')).ok, 'it listens');
  await until(async () => (await line.told()).problem === null, 'the part is shown');
  expect(await line.told()).toMatchObject({ waiting: 1, delivered: 0 });
});

// .ci/run makes the environment where PyPI answers
describe.runIf(process.env['FELFRI_TEST_LINE'])('with a client by asyncua', () => {
  it('lets users of the station in, encrypted once their certificate is listed, and each by its role', async () => {
    const { line, url, where } = await openOpcua(await folder(), {});
    ends.push(() => line.close());
    await addUser(line, 'ada', 'admin');
    await addUser(line, 'otto', 'operator');
    await expect(connect(url)).rejects.toThrow();
    await expect(connect(url, { user: 'otto', password: 'wrong-secret-1' })).rejects.toThrow(
      /BadUserAccessDenied|BadIdentityToken/,
    );
    const recipe = await activeRecipe(line, await smallBundle(await folder(), 2), 'passes');
    const otto = await connect(url, { user: 'otto', password: 'otto-secret-1' });
    await until(
      async () =>
        (await otto.ask<{ value: string }>('read', { path: 'VisionStateMachine/CurrentState' })).value ===
        'Operational',
      'operational',
    );
    await until(
      async () =>
        (
          await otto.ask<{ value: string }>('read', {
            path: 'VisionStateMachine/AutomaticModeStateMachine/CurrentState',
          })
        ).value === 'Ready',
      'ready',
    );
    await expect(otto.call('RecipeManagement', 'PrepareRecipe', 'passes')).rejects.toThrow(/BadUserAccessDenied/);
    expect(await otto.call('VisionStateMachine', 'Halt', 0, 'test')).toEqual([0]);
    await until(
      async () =>
        (await otto.ask<{ value: string }>('read', { path: 'VisionStateMachine/CurrentState' })).value === 'Halted',
      'halted',
    );
    expect(await otto.call('VisionStateMachine', 'Reset', 0, 'test')).toEqual([0]);
    // by certificate
    const keys = await folder();
    await OpcuaClient.makeKeys(keys);
    const pki = join(where, 'opcua/ua/pki');
    const about = { user: 'ada', password: 'ada-secret-1', keys, server: join(pki, 'own/certs/certificate.pem') };
    await expect(connect(url, about)).rejects.toThrow();
    const [rejected] = await readdir(join(pki, 'rejected'));
    // moved, not copied: what lies in both is refused
    await rename(join(pki, 'rejected', rejected!), join(pki, 'trusted/certs', rejected!));
    let ada: OpcuaClient | undefined;
    await until(async () => {
      ada = await connect(url, about).catch(() => undefined);
      return ada !== undefined;
    }, 'it is let in');
    const [internal, isCompleted, error] = (await ada!.call('RecipeManagement', 'PrepareRecipe', 'passes')) as [
      { Id: string },
      boolean,
      number,
    ];
    expect([internal.Id, isCompleted, error]).toEqual([recipe, true, 0]);
    expect((await ada!.call('RecipeManagement', 'PrepareRecipe', 'nosuch')).at(-1)).toBe(-1);
    const entries = await line.station.records.auditEntries({ limit: 9 });
    expect(entries.find(({ action }) => action === 'recipe.activated')).toMatchObject({ by: 'ada' });
    // what the station shows nobody else writes
    expect(await ada!.ask('writable')).toMatchObject({ names: [] });
    // a session ends with its user
    await line.station.records.users.remove('otto', { by: null, at: new Date() });
    await until(
      async () => (await otto.ask('read', { path: 'VisionStateMachine/CurrentState' })).error !== undefined,
      'otto is let in no more',
    );
  });
});
