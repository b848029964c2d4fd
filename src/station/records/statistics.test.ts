/** Parts counted by the database are those that a search lists, counted one by one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import { newId } from '../ids.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();
const change = { by: 'test', at: new Date('2026-03-01T00:00:00Z') };
const none = { ok: 0, review: 0, ng: 0, notInspected: 0, falseAlarms: 0, missed: 0, closeness: null };

describe.each(databases(folder))('statistics in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  let recipe: string;

  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
    recipe = (await records.addRecipe(newRecipe(), change)).id;
    const add = async (createdAt: string, decision: 'OK' | 'NG' | 'REVIEW', lot: string | null, score = 0.25) =>
      (
        await records.addInspection(
          newInspection(recipe, { createdAt, decision, lot, product: lot && `${lot}1`, score }),
        )
      ).inspection.id;
    await add('2026-02-03T04:59:59.999Z', 'OK', 'A', 0.1);
    await add('2026-02-03T05:00:00.000Z', 'OK', 'A', 0.4);
    const falsely = await add('2026-02-03T05:30:00.000Z', 'NG', 'B', 0.9);
    const missed = await add('2026-02-03T23:00:00.000Z', 'OK', null);
    await add('2026-02-04T05:00:00.000Z', 'REVIEW', 'B');
    // of a reference part, which counts in no yield and waits for nobody
    const presented = {
      createdAt: '2026-02-03T05:01:00.000Z',
      decision: 'NG',
      lot: 'B',
      reference: 'scratched',
    } as const;
    const { inspection } = await records.addInspection(newInspection(recipe, presented));
    expect((await records.inspection(inspection.id))?.reference).toBe('scratched');
    expect((await records.reviewQueue(10)).inspections.map(({ id }) => id)).not.toContain(inspection.id);
    await records.giveFeedback(falsely, { verdict: 'false-alarm', className: null }, change);
    await records.giveFeedback(missed, { verdict: 'missed', className: 'dent' }, change);
    const refused = {
      cause: 'refused',
      code: 'IMAGE_CORRUPT',
      message: 'damaged',
      resultId: null,
      part: null,
      product: null,
    } as const;
    const attempt = { ...refused, decision: 'NOT_INSPECTED', recipe, imageHash: null, count: 3, millis: 1 } as const;
    const createdAt = '2026-02-03T05:10:00.000Z';
    await records.addNotInspected({ ...attempt, id: newId(), lot: 'B', createdAt });
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  const from = '2026-02-01T00:00:00.000Z';

  it('are by the hour, the latest first, and hours without a part are left out', async () => {
    const { rows, more } = await records.statistics({ by: 'hour', from });
    expect(more).toBe(false);
    expect(rows).toEqual([
      { ...none, key: '2026-02-04T05:00:00.000Z', review: 1 },
      { ...none, key: '2026-02-03T23:00:00.000Z', ok: 1, missed: 1, closeness: 0.5 },
      { ...none, key: '2026-02-03T05:00:00.000Z', ok: 1, ng: 1, notInspected: 3, falseAlarms: 1, closeness: 0.8 },
      { ...none, key: '2026-02-03T04:00:00.000Z', ok: 1, closeness: 0.2 },
    ]);
    const within = { from: '2026-02-03T05:00:00.000Z', to: '2026-02-03T23:00:00.000Z' };
    expect((await records.statistics({ by: 'hour', ...within })).rows.map(({ key }) => key)).toEqual([within.from]);
  });

  it('are by days and shifts of the clock of who asks', async () => {
    const days = (await records.statistics({ by: 'day', from, offset: 60 })).rows;
    expect(days.map(({ key, ok, review }) => [key, ok, review])).toEqual([
      ['2026-02-03T23:00:00.000Z', 1, 1],
      ['2026-02-02T23:00:00.000Z', 2, 0],
    ]);
    // 6, 14 and 22 o'clock, an hour ahead of UTC
    const shifts = (await records.statistics({ by: 'shift', from, offset: 60 })).rows;
    expect(shifts.map(({ key, ok, ng, review }) => [key, ok, ng, review])).toEqual([
      ['2026-02-04T05:00:00.000Z', 0, 0, 1],
      ['2026-02-03T21:00:00.000Z', 1, 0, 0],
      ['2026-02-03T05:00:00.000Z', 1, 1, 0],
      ['2026-02-02T21:00:00.000Z', 1, 0, 0],
    ]);
  });

  it('are by lot, by product and by recipe', async () => {
    const lots = (await records.statistics({ by: 'lot', from })).rows;
    expect(lots.map(({ key, ok, ng, review, notInspected }) => [key, ok, ng, review, notInspected])).toEqual([
      ['', 1, 0, 0, 0],
      ['A', 2, 0, 0, 0],
      ['B', 0, 1, 1, 3],
    ]);
    const products = (await records.statistics({ by: 'product', from })).rows;
    expect(products.map(({ key, ok, ng, notInspected }) => [key, ok, ng, notInspected])).toEqual([
      ['', 1, 0, 3],
      ['A1', 2, 0, 0],
      ['B1', 0, 1, 0],
    ]);
    const [row, ...rest] = (await records.statistics({ by: 'recipe', from })).rows;
    expect([rest, row!.key, row!.ok, row!.closeness]).toEqual([[], recipe, 3, expect.closeTo(0.5)]);
    // and by revisions, for the life of a recipe
    const { revisions } = await records.countDecisions(recipe);
    expect(revisions.map(({ ok, ng, review, falseAlarms }) => [ok, ng, review, falseAlarms])).toEqual([[3, 1, 1, 1]]);
  });
});
