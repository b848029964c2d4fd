/** What every kind of source keeps, each with its real other side: images on record once each, an alarm where it is away, and back by itself. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolders } from '../../../../test/support/folder.ts';
import { startLine, type TestLine } from '../../../../test/support/line.ts';
import { absent, type Counterpart, counterparts } from '../../../../test/support/sources.ts';
import { activeRecipe, smallBundle } from '../../../../test/support/station.ts';
import { until } from '../../../../test/support/until.ts';
import { sourceKinds } from './table.ts';

const folder = temporaryFolders();
const present = sourceKinds.filter((kind) => absent[kind] === null);
const others: Partial<Record<(typeof sourceKinds)[number], Counterpart>> = {};
let test: TestLine;

beforeAll(async () => {
  const bundle = await smallBundle(join(await folder(), 'rings'), 0.5);
  const sources: Record<string, object> = {};
  for (const kind of present) {
    const other = await counterparts[kind](await folder());
    others[kind] = other;
    sources[kind] = { kind, ...other.settings };
  }
  test = await startLine(await folder(), {}, 'press-7', sources);
  await activeRecipe(test, bundle);
});
afterAll(async () => {
  await test?.close();
  for (const other of Object.values(others)) await other.end();
});

describe.each(sourceKinds)('%s', (kind) => {
  const told = async () => (await test.line.told()).sources.find(({ name }) => name === kind)!;
  const alarms = () => test.station.alarms.all.map(({ id }) => id).filter((id) => id.startsWith(`${kind}: `));

  // without its other side it is left out, which the name says
  const why = absent[kind];
  it.skipIf(why !== null)(`keeps what a source promises${why === null ? '' : ` (needs ${why})`}`, async () => {
    const other = others[kind]!;
    await other.give();
    await until(async () => (await told()).decided > 0, 'an image');
    expect(await told()).toMatchObject({ connected: true, problem: null, restarts: 0 });
    expect((await told()).lastImage).not.toBeNull();
    await until(() => alarms().length === 0, 'no alarm of a frame that came before the recipe');
    expect(await test.line.checkSource(kind)).toMatchObject({ ok: true });

    await other.away();
    await until(async () => (await told()).problem !== null && alarms().length > 0, 'an alarm');
    expect(await told()).toMatchObject({ connected: false, problem: expect.any(String) });
    expect(await test.line.checkSource(kind)).toMatchObject({ ok: false });
    const { decided } = await told();

    await other.back();
    await other.give();
    await until(async () => (await told()).decided > decided, 'taken up again by itself');
    await until(() => alarms().length === 0, 'no alarm');
    const { inspections } = await test.station.records.partRecords({ limit: 500 });
    const ids = inspections.map(({ resultId }) => resultId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
