/** A station with a small bundle of random weights, for `python.sh`: prints its address and a token, and runs until it is ended. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activeRecipe, partPng, smallBundle, startStation } from '../support/station.ts';
import { addUser } from '../support/users.ts';

const folder = await mkdtemp(join(tmpdir(), 'felfri-python-station-'));
const own = await startStation(join(folder, 'data'));
await activeRecipe(own, await smallBundle(join(folder, 'bundle'), 1e-6));
await writeFile(process.argv[2]!, await partPng(1));
const address = await own.app.listen({ host: '127.0.0.1', port: 0 });
console.log(`${address} ${await addUser(own, 'camera', 'admin')}`);
