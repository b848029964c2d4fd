/** A client that openapi-typescript made of the station's own document type-checks, and inspects a part at a real station. */
import { execFile } from 'node:child_process';
import { copyFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterEach, expect, it } from 'vitest';
import { temporaryFolders } from '../support/folder.ts';
import { activeRecipe, partPng, smallBundle, startStation, type TestStation } from '../support/station.ts';
import { addUser } from '../support/users.ts';

const run = promisify(execFile);
const folder = temporaryFolders();
const modules = fileURLToPath(new URL('../../node_modules', import.meta.url));
const program = fileURLToPath(new URL('openapi-fetch-client.txt', import.meta.url));

const settings = {
  compilerOptions: {
    strict: true,
    skipLibCheck: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'ES2023',
    module: 'NodeNext',
    types: ['node'],
    allowImportingTsExtensions: true,
  },
  include: ['*.ts'],
};

let own: TestStation | undefined;
afterEach(() => own?.close());

it('by openapi-typescript and openapi-fetch', async () => {
  own = await startStation(await folder());
  const recipe = await activeRecipe(own, await smallBundle(join(await folder(), 'bundle'), 1e-6));
  const token = await addUser(own, 'camera', 'admin');
  const address = await own.app.listen({ host: '127.0.0.1', port: 0 });
  const client = await folder();
  await symlink(modules, join(client, 'node_modules'));
  const document = await fetch(`${address}/api/openapi.json`, { headers: { authorization: `Bearer ${token}` } });
  await writeFile(join(client, 'paths.ts'), astToString(await openapiTS(await document.text())));
  await copyFile(program, join(client, 'client.ts'));
  await writeFile(join(client, 'package.json'), '{ "type": "module" }');
  await writeFile(join(client, 'tsconfig.json'), JSON.stringify(settings));
  await writeFile(join(client, 'part.png'), await partPng(1));
  await run(process.execPath, [join(modules, 'typescript/bin/tsc'), '-p', client]);
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'client.ts', address, token], { cwd: client });
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({
    form: { part: 'ring 1', decision: 'NG', recipe },
    file: { part: 'ring 2', decision: 'NG', recipe },
    refused: 'IMAGE_FORMAT',
    event: 'inspection',
    png: 137,
  });
}, 300_000);
