/** The outbox on both databases: in one transaction with the record, in order, once, bounded. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newNotInspected, newRecipe } from '../../../test/support/records.ts';
import { newId } from '../ids.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();

const missed = () => newNotInspected({ cause: 'late', code: 'TOO_LATE', message: 'no "decision" in time Ä' });

describe.each(databases(folder))('the outbox in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  let recipe: string;
  /** Of its own for each test. */
  let output: string;
  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
    recipe = (await records.addRecipe(newRecipe(), { by: null, at: new Date() })).id;
  });
  beforeEach(() => {
    output = `output ${newId()}`;
    records.outbox.sendTo([output]);
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  const sequences = async (name = output): Promise<number[]> =>
    (await records.outbox.waiting(name, 1000)).parts.map(({ sequence }) => sequence);

  it('has each part once for each output, as it was recorded, also after opening again', async () => {
    const other = `other ${output}`;
    records.outbox.sendTo([output, other]);
    const decided = newInspection(recipe, { decision: 'NG', part: 'ring "7" Ä' });
    await records.addInspection(decided);
    // the same result sent again is on record once, and goes out once
    await records.addInspection({ ...decided, id: newId() });
    const undecided = missed();
    await records.addNotInspected(undecided);
    await records.addNotInspected(undecided);
    const again = await openRecords(database.place);
    for (const name of [output, other]) {
      const { parts } = await again.outbox.waiting(name, 10);
      expect(parts.map(({ record }) => record)).toEqual([decided, undecided]);
      expect(parts[1]!.sequence).toBe(parts[0]!.sequence + 1);
    }
    await again.close();
  });

  it('numbers without gaps in the order of recording, however many are recorded at once', async () => {
    let heard = 0;
    const end = records.outbox.listen(() => heard++);
    await Promise.all(
      Array.from({ length: 20 }, (_none, i) =>
        i % 3 ? records.addInspection(newInspection(recipe)) : records.addNotInspected(missed()),
      ),
    );
    end();
    const all = await sequences();
    expect(all).toEqual(Array.from({ length: 20 }, (_none, i) => all[0]! + i));
    expect(heard).toBe(20);
  });

  it('has no row where the record was refused, and no record where the row was', async () => {
    await expect(records.addInspection(newInspection(recipe, { revision: 99 }))).rejects.toThrow();
    expect(await sequences()).toEqual([]);
    // a row that is there already under the next number, as by somebody's hand
    const { inspection } = await records.addInspection(newInspection(recipe));
    const [last] = await sequences();
    await tamper(
      database,
      `insert into outbox (output, sequence, record, created_at) values ('${output}', ${last! + 1}, '{}', 0)`,
    );
    const refused = newInspection(recipe);
    await expect(records.addInspection(refused)).rejects.toThrow();
    expect(await records.inspection(refused.id)).toBeUndefined();
    expect(await records.inspection(inspection.id)).toBeDefined();
    await tamper(database, `delete from outbox where output = '${output}' and sequence = ${last! + 1}`);
    expect((await records.addInspection(refused)).added).toBe(true);
  });

  it('settles what an output has, once, and keeps it for those who ask for what they missed', async () => {
    for (let i = 0; i < 4; i++) await records.addInspection(newInspection(recipe));
    const all = await sequences();
    await records.outbox.settle(output, all.slice(0, 2), 'delivered', new Date());
    await records.outbox.settle(output, all.slice(1, 3), 'expired', new Date());
    expect(await sequences()).toEqual(all.slice(3));
    expect(await records.outbox.counts(output)).toEqual({ waiting: 1, delivered: 2, expired: 1, 'given up': 0 });
    const after = await records.outbox.after(output, all[1]!, 10);
    expect(after.map(({ sequence }) => sequence)).toEqual(all.slice(2));
  });

  it('lets parts be recorded while it removes many', async () => {
    const count = 60_000;
    const rows = (name: string, settled: string) =>
      `insert into outbox (output, sequence, record, outcome, settled_at, created_at)
       with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})
       select '${output} ${name}', i, '{}', ${settled}, i from n`;
    await tamper(database, rows('a', "'delivered', i"));
    await tamper(database, rows('b', 'null, null'));
    let isRemoving = true;
    const removing = records.outbox.removeSettled(new Date(count + 1)).finally(() => (isRemoving = false));
    let recorded = 0;
    for (; isRemoving; recorded++) await records.addInspection(newInspection(recipe));
    await removing;
    // one waits for a batch, not for all
    expect(recorded).toBeGreaterThan(10);
    for (const name of ['a', 'b'])
      expect(await records.outbox.counts(`${output} ${name}`)).toMatchObject({ waiting: 0, delivered: 0 });
    expect(await records.outbox.backlog(output)).toBeGreaterThan(0);
  });

  it.each([
    ['an NG made OK', `replace(record, '"NG"', '"OK"')`, true],
    ['a part that is another', `replace(record, '"part":"ring 7"', '"part":"ring 8"')`, true],
    ['the id of another', `replace(record, '"id":"', '"id":"0')`, false],
    ['what is no JSON', `'{'`, true],
    ['nothing', `'null'`, true],
  ])('lets no part go out that was altered past the station: %s', async (_what, changed, isTold) => {
    const { inspection } = await records.addInspection(newInspection(recipe, { decision: 'NG', part: 'ring 7' }));
    const [altered] = await sequences();
    await records.verifyRecords();
    await tamper(
      database,
      `update outbox set record = ${changed} where output = '${output}' and sequence = ${altered!}`,
    );
    const sound = await records.addInspection(newInspection(recipe));
    const { parts, unfit } = await records.outbox.waiting(output, 10);
    expect([parts.map(({ record }) => record.id), unfit]).toEqual([[sound.inspection.id], [altered]]);
    expect((await records.outbox.after(output, 0, 10)).map(({ record }) => record.id)).toEqual([sound.inspection.id]);
    const verified = expect(records.verifyRecords());
    if (isTold)
      await verified.rejects.toMatchObject({ code: 'RECORDS_ALTERED', message: expect.stringContaining(`number ${altered} for the output`) }); // biome-ignore format: one line
    else await verified.resolves.toBeNull();
    await tamper(database, `delete from outbox where output = '${output}'`);
    expect(inspection.decision).toBe('NG');
  });

  it('lets no part go out that was put there past the station', async () => {
    const invented = { ...newInspection(recipe), decision: 'OK' };
    await tamper(
      database,
      `insert into outbox (output, sequence, record, created_at) values ('${output}', 1000000, '${JSON.stringify(invented)}', 0)`,
    );
    expect(await records.outbox.waiting(output, 10)).toEqual({ parts: [], unfit: [1_000_000] });
    await tamper(database, `delete from outbox where output = '${output}'`);
  });

  it('is bounded: the oldest are given up, settled ones go after their time, waiting ones stay', async () => {
    for (let i = 0; i < 5; i++) await records.addInspection(newInspection(recipe));
    const all = await sequences();
    expect(await records.outbox.giveUp(output, 5, new Date())).toBe(0);
    expect(await records.outbox.giveUp(output, 2, new Date())).toBe(3);
    expect(await sequences()).toEqual(all.slice(3));
    await records.outbox.removeSettled(new Date(Date.now() + 1000));
    expect(await records.outbox.counts(output)).toEqual({ waiting: 2, delivered: 0, expired: 0, 'given up': 0 });
    records.outbox.sendTo([]);
    await records.addInspection(newInspection(recipe));
    await records.outbox.removeSettled(new Date(Date.now() + 1000));
    expect(await sequences()).toEqual([]);
  });
});
