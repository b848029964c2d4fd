/** One conformance suite for the records, whatever the database. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import type { NewInspection } from './new-records.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';

const folder = temporaryFolders();
const change = (by: string | null = 'Kim') => ({ by, at: new Date('2026-03-04T05:06:07.089Z') });

describe.each(databases(folder))('records in %s', (name, make) => {
  let database: TestDatabase;
  let records: Records;
  let recipe: string;
  beforeAll(async () => {
    database = await make();
    records = await openRecords(database.place);
    recipe = (await records.addRecipe(newRecipe(), change())).id;
  });
  afterAll(async () => {
    await records.close();
    await database.drop();
  });

  it('say what they are and answer', async () => {
    expect(records.kind).toBe(name.toLowerCase());
    await records.ping();
  });

  it('give back an inspection as it was, from a database opened again', async () => {
    const given = newInspection(recipe, {
      part: 'ring-7 "Ä"',
      lot: "L'1",
      decision: 'NG',
      score: Number.MIN_VALUE,
      threshold: null,
      review: -1e300,
      imageStored: true,
    });
    const { inspection, added } = await records.addInspection(given);
    expect(added).toBe(true);
    expect(inspection).toEqual({ ...given, feedback: null });
    const again = await openRecords(database.place);
    expect(await again.inspection(given.id)).toEqual(inspection);
    expect(await again.inspectionOfResult(given.resultId)).toEqual(inspection);
    expect(await again.inspection('none')).toBeUndefined();
    await again.close();
  });

  it('add one inspection for a resultId, however many ask at once', async () => {
    const tries = Array.from({ length: 8 }, () => newInspection(recipe, { resultId: 'the-same' }));
    const answers = await Promise.all(tries.map((one) => records.addInspection(one)));
    expect(answers.filter(({ added }) => added)).toHaveLength(1);
    expect(new Set(answers.map(({ inspection }) => inspection.id)).size).toBe(1);
  });

  it('refuse an inspection by a revision that does not exist', async () => {
    await expect(records.addInspection(newInspection(recipe, { revision: 99 }))).rejects.toThrow();
    await expect(records.addInspection(newInspection('nothing'))).rejects.toThrow();
  });

  it('find inspections by every filter, newest first, page by page', async () => {
    const own = (await records.addRecipe(newRecipe(), change())).id;
    const made: NewInspection[] = [];
    for (let i = 0; i < 23; i++) {
      const one = newInspection(own, {
        part: i % 2 ? `p_${i}` : `px${i}`,
        lot: i < 10 ? 'early' : 'late%',
        decision: (['OK', 'REVIEW', 'NG'] as const)[i % 3]!,
        score: i / 4,
        createdAt: new Date(Date.UTC(2026, 4, 1, 0, 0, i)).toISOString(),
      });
      made.push((await records.addInspection(one)).inspection);
    }
    await records.giveFeedback(made[2]!.id, { verdict: 'false-alarm', className: null }, change());
    await records.giveFeedback(made[5]!.id, { verdict: 'agree', className: 'dent' }, change());
    const found = async (query: object): Promise<number[]> => {
      const page = await records.inspections({ recipe: own, limit: 100, ...query });
      expect(page.next).toBeNull();
      return page.inspections.map(({ id }) => made.findIndex((m) => m.id === id)).reverse();
    };
    const where = (test: (m: NewInspection, i: number) => boolean) => made.flatMap((m, i) => (test(m, i) ? [i] : []));
    expect(await found({})).toEqual(made.map((_, i) => i));
    expect(await found({ decision: 'NG' })).toEqual(where((m) => m.decision === 'NG'));
    expect(await found({ part: 'p_5' })).toEqual([5]);
    expect(await found({ part: 'p_*' })).toEqual(where((_, i) => i % 2 === 1));
    expect(await found({ lot: 'late%*' })).toEqual(where((_, i) => i >= 10));
    expect(await found({ lot: 'late' })).toEqual([]);
    expect(await found({ from: made[3]!.createdAt, to: made[6]!.createdAt })).toEqual([3, 4, 5]);
    expect(await found({ minScore: 2, maxScore: 2.5 })).toEqual([8, 9, 10]);
    expect(await found({ feedback: 'any' })).toEqual([2, 5]);
    expect(await found({ feedback: 'agree' })).toEqual([5]);
    expect(await found({ feedback: 'none', maxScore: 0.5 })).toEqual([0, 1]);

    const paged: string[] = [];
    for (let before: string | undefined; ; ) {
      const page = await records.inspections({ recipe: own, limit: 5, ...(before && { before }) });
      paged.push(...page.inspections.map(({ id }) => id));
      if (page.next === null) break;
      before = page.next;
    }
    expect(paged).toEqual(made.map(({ id }) => id).reverse());

    expect(await records.judgedInspections(own, 10)).toEqual([
      { id: made[5]!.id, score: 1.25, decision: 'NG', verdict: 'agree', className: 'dent' },
      { id: made[2]!.id, score: 0.5, decision: 'NG', verdict: 'false-alarm', className: null },
    ]);
  });

  it('hold those for review until a person has said something, oldest first', async () => {
    const before = await records.reviewQueue(500);
    const ng = newInspection(recipe, { decision: 'NG' });
    const review = newInspection(recipe, { decision: 'REVIEW' });
    for (const one of [newInspection(recipe), ng, review]) await records.addInspection(one);
    const queue = await records.reviewQueue(500);
    expect(queue.waiting).toBe(before.waiting + 2);
    expect(queue.inspections.slice(-2).map(({ id }) => id)).toEqual([ng.id, review.id]);
    await records.giveFeedback(ng.id, { verdict: 'agree', className: null }, change(null));
    const judged = await records.giveFeedback(
      ng.id,
      { verdict: 'false-alarm', className: null },
      { ...change(), note: 'dust' },
    );
    expect(judged.feedback).toEqual({
      verdict: 'false-alarm',
      className: null,
      by: 'Kim',
      note: 'dust',
      createdAt: '2026-03-04T05:06:07.089Z',
    });
    const after = await records.reviewQueue(1);
    expect(after.waiting).toBe(before.waiting + 1);
    expect(after.inspections).toHaveLength(1);
    expect((await records.withdrawFeedback(ng.id, change())).feedback).toBeNull();
    expect((await records.inspection(ng.id))!.feedback).toBeNull();
    expect((await records.reviewQueue(1)).waiting).toBe(before.waiting + 2);
    const [entry] = await records.auditEntries({ limit: 1 });
    expect(entry).toMatchObject({
      action: 'inspection.feedback withdrawn',
      subject: ng.id,
      detail: { before: 'false-alarm', givenBy: 'Kim' },
    });
    for (const id of [ng.id, 'none']) {
      await expect(records.withdrawFeedback(id, change())).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect((await records.auditEntries({ limit: 1 }))[0]!.number).toBe(entry!.number);
    await expect(records.giveFeedback('none', { verdict: 'agree', className: null }, change())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('know whose pictures are kept, oldest first, until they are forgotten', async () => {
    const made: NewInspection[] = [];
    for (let i = 0; i < 5; i++) {
      const one = newInspection(recipe, {
        imageStored: i !== 1,
        imageHash: String(i % 4).repeat(64),
        createdAt: new Date(Date.UTC(2025, 0, 1 + i)).toISOString(),
      });
      made.push((await records.addInspection(one)).inspection);
    }
    const before = new Date('2025-01-10T00:00:00Z');
    const kept = async () =>
      (await records.keptPictures({ before, now: before }, 10)).map(({ id }) => made.findIndex((m) => m.id === id));
    expect(await kept()).toEqual([0, 2, 3, 4]);
    expect((await records.keptPictures({ before, now: before }, 1))[0]).toEqual({
      id: made[0]!.id,
      imageHash: made[0]!.imageHash,
      createdAt: made[0]!.createdAt,
    });
    const [a, b] = [made[0]!.id, made[4]!.id];
    const { imageHash } = made[0]!;
    expect([await records.isImageKept(imageHash, [a]), await records.isImageKept(imageHash, [a, b])]).toEqual([
      true,
      false,
    ]);
    const why = { reason: 'test', inspections: 2, bytes: 1, from: null, to: null };
    await records.forgetPictures([a, made[2]!.id], why, change());
    expect(await kept()).toEqual([3, 4]);
    expect(await records.inspection(a)).toEqual({ ...made[0], imageStored: false });
    expect((await records.auditEntries({ limit: 1 }))[0]).toMatchObject({
      action: 'pictures.removed',
      detail: { reason: 'test' },
    });
  });

  it('remove the oldest inspections for good, with their verdicts, and say in the audit log what they were', async () => {
    const own = await make();
    const few = await openRecords(own.place);
    const { id: of } = await few.addRecipe(newRecipe(), change());
    expect([await few.countInspections(), await few.oldestInspections(null, 5)]).toEqual([0, []]);
    const made: NewInspection[] = [];
    // the later ids are the older ones: a clock may have been set back
    for (let i = 0; i < 6; i++) {
      const decision = (['OK', 'REVIEW', 'NG'] as const)[i % 3]!;
      const createdAt = new Date(Date.UTC(2025, 0, 20 - i)).toISOString();
      const one = newInspection(of, { decision, createdAt, imageStored: i === 5 });
      made.push((await few.addInspection(one)).inspection);
    }
    await few.giveFeedback(made[5]!.id, { verdict: 'agree', className: null }, change());
    await few.giveFeedback(made[0]!.id, { verdict: 'missed', className: null }, change());
    // what was made after a younger one is no older than that
    const now = new Date('2025-02-01T00:00:00Z');
    expect(await few.oldestInspections({ before: new Date(made[2]!.createdAt), now }, 9)).toEqual([]);
    const oldest = (await few.oldestInspections({ before: now, now }, 9)).slice(3);
    const { id, imageHash, createdAt } = made[5]!;
    expect(oldest[2]).toEqual({ id, imageHash, createdAt, imageStored: true });
    expect(oldest.map((one) => made.findIndex((m) => m.id === one.id))).toEqual([3, 4, 5]);
    // what is too many goes in the order in which it came
    expect((await few.oldestInspections(null, 2)).map((one) => one.id)).toEqual([made[0]!.id, made[1]!.id]);
    expect(await few.newest()).toEqual({ id: made[5]!.id, at: new Date('2026-01-02T03:04:05.006Z') });

    const ids = [...oldest.map((one) => one.id), 'none'];
    const removed = await few.removeInspections(ids, { reason: 'test', bytes: 1 }, change('felfri serve'));
    const found = {
      inspections: 3,
      decisions: { OK: 1, REVIEW: 1, NG: 1 },
      verdicts: 1,
      waiting: 1,
      from: made[5]!.createdAt,
      to: made[3]!.createdAt,
    };
    expect(removed).toEqual(found);
    expect((await few.auditEntries({ limit: 1 }))[0]).toMatchObject({
      action: 'inspections.removed',
      subject: 'retention',
      by: 'felfri serve',
      detail: { reason: 'test', ...found },
    });
    expect(await few.countInspections()).toBe(3);
    expect(await few.inspection(id)).toBeUndefined();
    expect(await few.inspectionOfResult(made[5]!.resultId)).toBeUndefined();
    expect((await few.inspections({})).inspections.map((one) => one.id)).toEqual([2, 1, 0].map((i) => made[i]!.id));
    expect((await few.inspection(made[0]!.id))!.feedback!.verdict).toBe('missed');
    expect((await few.judgedInspections(of, 9)).map((one) => one.id)).toEqual([made[0]!.id]);
    expect((await few.addInspection(newInspection(of, { resultId: made[5]!.resultId }))).added).toBe(true);
    await few.verifyAudit();
    await few.close();
    await own.drop();
  });
});
