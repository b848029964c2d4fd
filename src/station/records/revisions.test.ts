/** Recipes and the audit log in the records: what changed is there for good. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newRecipe } from '../../../test/support/records.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();
const change = (by: string | null = 'Kim') => ({ by, at: new Date('2026-03-04T05:06:07.089Z') });

describe.each(databases(folder))('records of changes in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  it('make a revision of every change of a recipe, and go back', async () => {
    const { id } = await records.addRecipe(newRecipe(), change());
    const to = (threshold: number) => ({ threshold, review: threshold / 2, rule: 'by hand' });
    expect(await records.recipe(id)).toMatchObject({ revision: 1, threshold: 0.1 + 0.2, active: false });
    expect(await records.setThresholds(id, to(2), change(), 1)).toMatchObject({ revision: 2, threshold: 2, review: 1 });
    await expect(records.setThresholds(id, to(9), change(), 1)).rejects.toMatchObject({ code: 'CONFLICT' });
    await records.setThresholds(id, to(3), change());
    expect(await records.activate(id, change())).toMatchObject({ revision: 4, threshold: 3, active: true });
    expect(await records.rollBack(id, undefined, change())).toMatchObject({ revision: 5, threshold: 2, active: true });
    expect(await records.rollBack(id, undefined, change())).toMatchObject({
      threshold: 0.1 + 0.2,
      rule: 'recall=0.95',
    });
    await expect(records.rollBack(id, undefined, change())).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(records.rollBack(id, 77, change())).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await records.rollBack(id, 3, change())).toMatchObject({ revision: 7, threshold: 3 });
    expect((await records.revisions(id)).map((r) => [r.revision, r.change, r.thresholdsFrom])).toEqual([
      [7, 'rolled back', 3],
      [6, 'rolled back', 1],
      [5, 'rolled back', 2],
      [4, 'activated', 3],
      [3, 'thresholds', 3],
      [2, 'thresholds', 2],
      [1, 'created', 1],
    ]);
    await expect(records.setThresholds('none', to(1), change())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have one active recipe at most', async () => {
    const first = (await records.addRecipe(newRecipe(), change())).id;
    const second = (await records.addRecipe(newRecipe(), change())).id;
    await records.activate(first, change());
    await records.activate(second, change());
    expect((await records.recipes()).filter(({ active }) => active).map(({ id }) => id)).toEqual([second]);
    await expect(records.activate('none', change())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('chain every change in the audit log, also those made at once, and nothing that failed', async () => {
    const { id } = await records.addRecipe(newRecipe(), change());
    const { entries } = await records.verifyAudit();
    await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        records.setThresholds(id, { threshold: i, review: null, rule: null }, change(`person ${i}`)),
      ),
    );
    await records.rollBack(id, 500, change()).catch(() => undefined);
    const state = await records.verifyAudit();
    expect(state.entries).toBe(entries + 12);
    const [last, before] = await records.auditEntries({ limit: 2 });
    expect(last).toMatchObject({ number: state.entries, action: 'recipe.thresholds', subject: id, hash: state.head });
    expect(last!.previous).toBe(before!.hash);
    expect((await records.auditEntries({ before: before!.number, limit: 1 }))[0]!.hash).toBe(before!.previous);
    expect(await records.verifyAudit([{ head: before!.hash }])).toEqual(state);
    await expect(records.verifyAudit([{ head: 'f'.repeat(64) }])).rejects.toMatchObject({ code: 'AUDIT_BROKEN' });
  });

  it('refuse to alter the audit log, and notice when it was altered all the same', async () => {
    await expect(tamper(database, "update audit set made_by = 'nobody' where number = 2")).rejects.toThrow(
      'append-only',
    );
    await expect(tamper(database, 'delete from audit where number = 2')).rejects.toThrow('append-only');
    for (const trigger of records.kind === 'sqlite' ? ['update', 'delete'] : ['change'])
      await tamper(database, `drop trigger audit_refuse_${trigger}${records.kind === 'sqlite' ? '' : ' on audit'}`);
    const { entries } = await records.verifyAudit();
    await tamper(database, `update audit set made_by = 'nobody' where number = ${entries}`);
    await expect(records.verifyAudit()).rejects.toMatchObject({ code: 'AUDIT_BROKEN', subject: String(entries) });
    await tamper(database, `update audit set made_by = 'Kim' where number = ${entries}`);
    await tamper(database, 'delete from audit where number = 2');
    await expect(records.verifyAudit()).rejects.toMatchObject({ code: 'AUDIT_BROKEN', subject: '3' });
  });
});
