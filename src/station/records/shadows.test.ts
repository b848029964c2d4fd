/** Shadows and what they found, on both databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import { newId } from '../ids.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';
import type { StoredShadow } from './shadows.ts';

const folder = temporaryFolders();
const change = { by: 'Kim', at: new Date('2026-03-04T05:06:07.089Z'), note: 'a week' };

describe.each(databases(folder))('shadows in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  let deciding: string;
  let stored: StoredShadow;

  const inspected = async (decision: 'OK' | 'NG') =>
    (await records.addInspection(newInspection(deciding, { decision, part: decision }))).inspection.id;

  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
    deciding = (await records.addRecipe(newRecipe(), change)).id;
    const { id: recipe, revision, threshold, review } = await records.addRecipe(newRecipe(), change);
    stored = {
      ...{ id: newId(), recipe, revision, threshold, review, deciding, state: 'running', problem: null },
      ...{ startedBy: 'Kim', startedAt: change.at.toISOString(), endsAt: '2026-03-11T05:06:07.089Z' },
      ...{ mostParts: 1000, endedAt: null, lastId: null },
    };
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  it('are kept with what they found, which goes with its inspections and is no record', async () => {
    const before = await inspected('OK');
    await records.shadows.start({ ...stored, id: newId() }, 'hash', change);
    const own = (await records.shadows.all())[0]!;
    expect(own).toEqual({ ...stored, id: own.id });
    const passed = await inspected('NG');
    // no part of the line
    await records.addInspection(newInspection(deciding, { decision: 'NG', reference: 'scratched' }));
    const [alike, failed] = [await inspected('OK'), await inspected('OK')];
    const [gone, alarm] = [await inspected('OK'), await inspected('OK')];
    const judged = (inspection: string, decision: 'OK' | 'NG') => ({
      inspection,
      decision,
      score: 0.1 + 0.2,
      reason: null,
      millis: 4,
    });
    const first = [
      judged(passed, 'OK'),
      { inspection: failed, fault: 'overload' as const, reason: 'IMAGE_VALUES: none' },
    ];
    await records.shadows.addResults(own.id, first);
    // what was written although its answer was lost comes again, also beside what is no longer on record
    await records.shadows.addResults(own.id, [
      ...first,
      judged(alike, 'OK'),
      judged(alarm, 'NG'),
      judged('deleted', 'NG'),
    ]);
    await records.shadows.addResults(own.id, []);
    await records.giveFeedback(passed, { verdict: 'false-alarm', className: null }, change);

    expect(await records.shadows.judged()).toEqual(new Map([[own.id, 3]]));
    const { counts, ...found } = await records.shadows.found(own);
    expect(found).toEqual({ millis: { mean: 4, most: 4 }, faults: { overload: 1 }, inspections: 5 });
    expect(counts.toSorted((a, b) => (a.deciding + a.shadow < b.deciding + b.shadow ? -1 : 1))).toEqual([
      { deciding: 'NG', shadow: 'OK', verdict: 'false-alarm', count: 1 },
      { deciding: 'OK', shadow: 'NG', verdict: null, count: 1 },
      { deciding: 'OK', shadow: 'OK', verdict: null, count: 1 },
    ]);
    // what would have passed comes first, though it is older
    const changes = await records.shadows.changes(own.id, 10);
    expect(changes.map(({ inspection }) => inspection)).toEqual([passed, alarm]);
    expect(changes[0]).toMatchObject({
      part: 'NG',
      verdict: 'false-alarm',
      imageStored: false,
      shadow: { decision: 'OK', score: 0.1 + 0.2 },
    });
    expect(await records.shadows.changes(own.id, 1)).toHaveLength(1);
    expect((await records.shadows.found({ ...own, lastId: alike })).inspections).toBe(2);

    await records.removeInspections([passed, gone, before], { reason: 'test', bytes: 0 }, change);
    expect(await records.shadows.found(own)).toMatchObject({ inspections: 3, faults: { overload: 1 } });
    expect(await records.shadows.judged()).toEqual(new Map([[own.id, 2]]));
    expect(await records.verifyRecords()).toBeDefined();

    const end = { state: 'failed' as const, problem: 'it hung', lastId: newId() };
    const ended = await records.shadows.end(own.id, end, change);
    expect(ended).toEqual({ ...own, ...end, endedAt: change.at.toISOString() });
    expect(await records.shadows.end(own.id, { ...end, state: 'done' }, change)).toEqual(ended);
    expect((await records.shadows.all()).map(({ state }) => state)).toEqual(['failed']);
    await expect(records.shadows.end('none', end, change)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const [last, , started] = await records.auditEntries({ limit: 3 });
    expect(last).toMatchObject({
      action: 'shadow.ended',
      subject: own.recipe,
      detail: { shadow: own.id, problem: 'it hung' },
    });
    expect((await records.auditEntries({ limit: 10 })).map(({ action }) => action)).toContain('shadow.started');
    expect(started).toBeDefined();
    await records.verifyAudit();
  });
});
