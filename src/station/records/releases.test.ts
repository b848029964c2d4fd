/** Signatures of recipes, whatever the database: what they are bound to, who may be the second, and what a change past the station shows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import type { RecipeSignature } from '../contract/releases.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';
import { contentHash, contentOf, type Eyes, productsInForce, releaseOf } from './releases.ts';

const folder = temporaryFolders();
const at = new Date('2026-03-04T05:06:07.089Z');

describe.each(databases(folder))('signatures in %s', (_, make) => {
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

  const newOne = async (by: string): Promise<string> => (await records.addRecipe(newRecipe(), { by, at })).id;
  const limits = (recipe: string, threshold: number, by: string) =>
    records.setThresholds(recipe, { threshold, review: null, rule: null }, { by, at });
  const present = async (recipe: string) => contentOf((await records.recipe(recipe))!, await records.products());
  const sign = async (
    recipe: string,
    by: string,
    { meaning = 'released', eyes = 1, hash }: { meaning?: RecipeSignature['meaning']; eyes?: Eyes; hash?: string } = {},
  ) =>
    records.sign(
      { recipe, by, meaning, eyes, reason: 'as tried "Ä"', contentHash: hash ?? contentHash(await present(recipe)) },
      { by, at },
    );
  const stateOf = async (recipe: string, eyes: Eyes = 1) =>
    releaseOf(await present(recipe), await records.signatures(), eyes).state;

  it('hold what was signed, until it is another, and hold again once it is as it was', async () => {
    const recipe = await newOne('eve');
    expect(await stateOf(recipe)).toBe('unreleased');
    const signed = await sign(recipe, 'ada');
    expect(signed).toMatchObject({ recipe, revision: 1, by: 'ada', proposal: null, at: at.toISOString() });
    expect((await records.signatures()).at(-1)).toEqual(signed);
    expect(await stateOf(recipe)).toBe('released');
    await expect(sign(recipe, 'ada')).rejects.toMatchObject({ code: 'CONFLICT' });
    await records.activate(recipe, { by: 'eve', at });
    expect(await stateOf(recipe)).toBe('released');
    const shown = contentHash(await present(recipe));
    await limits(recipe, 4, 'eve');
    expect(await stateOf(recipe)).toBe('changed');
    await expect(sign(recipe, 'ada', { hash: shown })).rejects.toMatchObject({ code: 'CONFLICT' });
    await records.rollBack(recipe, undefined, { by: 'eve', at });
    expect(await stateOf(recipe)).toBe('released');
    await expect(sign('nothing', 'ada', { hash: shown })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are of two people where two are asked for, and the second is no author of what changed', async () => {
    const recipe = await newOne('eve');
    const two = { eyes: 2 } as const;
    const propose = (by: string) => sign(recipe, by, { ...two, meaning: 'proposed' });
    await expect(sign(recipe, 'ada', two)).rejects.toMatchObject({ code: 'CONFLICT' });
    const proposed = await propose('ada');
    await expect(propose('kim')).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(sign(recipe, 'ada', two)).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED', subject: 'person' });
    await expect(sign(recipe, 'eve', two)).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED', subject: 'person' });
    expect(await stateOf(recipe, 2)).toBe('unreleased');
    expect(await sign(recipe, 'kim', two)).toMatchObject({ proposal: proposed.number });
    expect(await stateOf(recipe, 2)).toBe('released');
    // of the next change its author alone is asked not to be the second
    await limits(recipe, 5, 'Kim ');
    await propose('ada');
    await limits(recipe, 6, 'kim');
    await expect(sign(recipe, 'eve', two)).rejects.toMatchObject({ code: 'CONFLICT' });
    await propose('ada');
    await expect(sign(recipe, 'kim', two)).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' });
    await sign(recipe, 'eve', two);
    // who sets or takes a product code is an author too
    await records.setProduct('4712', recipe, { by: 'kim', at });
    await records.setProduct('4712', null, { by: 'joe', at });
    await records.setProduct('4713', recipe, { by: 'joe', at });
    await propose('ada');
    for (const by of ['kim', 'joe'])
      await expect(sign(recipe, by, two)).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' });
    await sign(recipe, 'eve', two);
  });

  it('of one person are none where two are asked for, and a proposal may be made before', async () => {
    const recipe = await newOne('eve');
    await sign(recipe, 'ada');
    expect([await stateOf(recipe, 1), await stateOf(recipe, 2)]).toEqual(['released', 'unreleased']);
    await sign(recipe, 'ada', { meaning: 'proposed' });
    for (const by of ['ada', 'eve'])
      await expect(sign(recipe, by)).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' });
    await sign(recipe, 'kim');
    expect(await stateOf(recipe, 2)).toBe('released');
  });

  it('say whose products are judged: the newest release that names a code has it', async () => {
    const [one, other] = [await newOne('eve'), await newOne('eve')];
    const judge = async () => productsInForce(await records.signatures(), 1).get('4711')?.recipe;
    const set = (recipe: string | null) => records.setProduct('4711', recipe, { by: 'eve', at });
    await sign(one, 'ada');
    await set(one);
    expect([await judge(), await stateOf(one)]).toEqual([undefined, 'changed']);
    await sign(one, 'ada');
    await set(other);
    expect([await judge(), await stateOf(other)]).toEqual([one, 'unreleased']);
    await sign(other, 'ada');
    expect([await judge(), await stateOf(other), await stateOf(one)]).toEqual([other, 'released', 'changed']);
    await set(one);
    // as it was signed for once, and another has it since
    expect(await stateOf(one)).toBe('changed');
    await sign(one, 'ada');
    expect([await judge(), await stateOf(one)]).toEqual([one, 'released']);
    await set(null);
    await sign(one, 'ada');
    expect(await judge()).toBeUndefined();
  });

  it('count what a recipe decided by its revisions, and what people said of it', async () => {
    const recipe = await newOne('eve');
    await limits(recipe, 2, 'eve');
    for (const [revision, decision, verdict] of [
      [1, 'OK', 'missed'],
      [1, 'NG', 'agree'],
      [2, 'NG', 'false-alarm'],
      [2, 'REVIEW', 'cannot-tell'],
      [2, 'REVIEW', null],
    ] as const) {
      const { inspection } = await records.addInspection(newInspection(recipe, { revision, decision }));
      if (verdict) await records.giveFeedback(inspection.id, { verdict, className: null }, { by: 'kim', at });
    }
    const none = { ok: 0, review: 0, ng: 0, agreed: 0, falseAlarms: 0, missed: 0, cannotTell: 0 };
    expect(await records.countDecisions(recipe)).toEqual({
      revisions: [
        { ...none, revision: 1, ok: 1, ng: 1, agreed: 1, missed: 1 },
        { ...none, revision: 2, review: 2, ng: 1, falseAlarms: 1, cannotTell: 1 },
      ],
      notInspected: 0,
    });
  });

  it('are in the audit log, and of one whose content is another nothing holds', async () => {
    const recipe = await newOne('eve');
    const { number, contentHash: hash } = await sign(recipe, 'ada');
    const [told] = await records.auditEntries({ limit: 1, action: 'recipe.released' });
    expect(told).toMatchObject({ by: 'ada', subject: recipe, detail: { signature: number, contentHash: hash } });
    await records.verifyRecords();
    const content = JSON.stringify({ ...(await present(recipe)), threshold: 1e9 });
    await tamper(database, `update recipe_signatures set content = '${content}' where number = ${number}`);
    expect(await stateOf(recipe)).toBe('unreleased');
    await expect(records.verifyRecords()).rejects.toMatchObject({ code: 'RECORDS_ALTERED' });
  });
});
