/**
 * Upgrades of SQLite's records that are killed at any moment: a database of each step of the tables, with many inspections, is opened by a
 * process that is killed, and then by another, which must find all of it.
 *
 *     tsx bench/upgrade-kills.ts [--kills 10] [--records 5000] [--seed 1]
 *
 * Fails where a row is gone, seals or audit log do not hold, or the second process cannot open it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../src/core/random.ts';
import { migrations } from '../src/station/records/migrations.ts';
import setup from '../test/support/compile-sources.ts';
import { compiledFile } from '../test/support/compiled.ts';
import { newInspection, newRecipe } from '../test/support/records.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' },
    records: { type: 'string', default: '5000' },
    seed: { type: 'string', default: '1' },
  },
});
await setup();
// as compiled, since the records' threads are
const compiled = async <T>(name: string): Promise<T> => (await import(pathToFileURL(compiledFile(name)).href)) as T;
type Opening = typeof import('../src/station/records/open-records.ts');
const { openRecords } = await compiled<Opening>('station/records/open-records');
const { atStep, rowsOf } = await import('../test/support/steps.ts');

const work = mkdtempSync(join(tmpdir(), 'felfri-upgrades-'));
const change = { by: 'bench', at: new Date() };
const count = Number(values.records);

/** All rows of a database that is up to date. */
async function filled() {
  const place = { folder: join(work, 'filled') };
  const records = await openRecords(place);
  const recipe = await records.addRecipe(newRecipe(), change);
  for (let i = 0; i < count; i++) await records.addInspection(newInspection(recipe.id, { part: `part ${i}` }));
  await records.close();
  return rowsOf(place);
}

const program = `
  const { openRecords } = await import(${JSON.stringify(pathToFileURL(compiledFile('station/records/open-records')).href)});
  const folder = process.argv[1];
  console.log('begin');
  const begin = performance.now();
  const records = await openRecords({ folder }, { holder: { place: 'here', folder } });
  const millis = performance.now() - begin;
  await records.verifyAudit();
  await records.verifyRecords();
  console.log(JSON.stringify({ count: await records.countInspections(), millis }));
  await records.close();
`;
const opening = (folder: string): ChildProcess =>
  spawn(process.execPath, ['--input-type=module', '--eval', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });

/** Gives the milliseconds of the upgrade. Throws where not all is there. */
async function openWhole(folder: string): Promise<number> {
  const child = opening(folder);
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`after a kill: code ${code}`);
  const told = JSON.parse(said.trim().split('\n').at(-1)!) as { count: number; millis: number };
  if (told.count !== count) throw new Error(`after a kill: ${told.count} of ${count} inspections`);
  return told.millis;
}

let [killed, tooLate] = [0, 0];
try {
  const rows = await filled();
  for (const [index, step] of Object.keys(migrations('sqlite')).slice(0, -1).entries()) {
    const before = join(work, step);
    mkdirSync(before);
    await atStep({ folder: before }, step, rows);
    const copied = (name: string): string => {
      const folder = join(work, `${step}-${name}`);
      cpSync(before, folder, { recursive: true });
      return folder;
    };
    const whole = await openWhole(copied('whole'));
    for (let kill = 0; kill < Number(values.kills); kill++) {
      const folder = copied(`${kill}`);
      const child = opening(folder);
      const gone = once(child, 'close');
      let said = '';
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await once(child.stdout!, 'data');
      await sleep(Random.of(Number(values.seed), step, kill).uniform(0, whole));
      // what it says after the upgrade comes once all was verified
      if (said.includes('{')) tooLate++;
      else killed++;
      child.kill('SIGKILL');
      await gone;
      await openWhole(folder);
      rmSync(folder, { recursive: true });
    }
    console.log(
      `${index + 1}: ${step}: whole in ${Math.round(whole)} ms; ${killed} kills so far, ${tooLate} came too late`,
    );
  }
  console.log(`${killed} kills, nothing lost`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
