/** What is changed in the database past the station is seen, whatever the database; and what the station itself does is not. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databases, type TestDatabase, tamper } from '../../../test/support/databases.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { newInspection, newRecipe } from '../../../test/support/records.ts';
import { newId } from '../ids.ts';
import { openRecords } from './open-records.ts';
import type { Records } from './records.ts';
import { contentHash, contentOf } from './releases.ts';

const folder = temporaryFolders();
const change = { by: 'Kim', at: new Date('2026-03-04T05:06:07.089Z') };
/** Those that are referred to first. */
const tables = [
  'recipes',
  'recipe_revisions',
  'recipe_signatures',
  'products',
  'inspections',
  'feedback',
  'not_inspected',
  'users',
  'user_tokens',
  'sessions',
];
const h = (digit: string) => digit.repeat(64);

describe.each(databases(folder))('records in %s', (_, make) => {
  let database: TestDatabase;
  let records: Records;
  let recipe: string;
  const inspections: string[] = [];

  const add = async () => {
    const one = newInspection(recipe, { decision: 'NG', part: 'ring \ud800', product: '4711', score: -0 });
    await records.addInspection(one);
    return one.id;
  };
  const addUser = (name: string) =>
    records.users.add(
      { id: newId(), name, role: 'admin', password: `hash of ${name}`, createdAt: change.at.toISOString() },
      change,
    );

  async function fill(): Promise<void> {
    database = await make();
    records = await openRecords(database.place);
    recipe = (await records.addRecipe(newRecipe(), change)).id;
    await records.activate(recipe, change);
    await records.setThresholds(recipe, { threshold: 2, review: 1, rule: null }, change);
    await records.rollBack(recipe, undefined, change);
    await records.setProduct('4711', recipe, change);
    await records.setProduct('47 12', recipe, change);
    await records.setProduct('47 12', null, change);
    const content = contentOf((await records.recipe(recipe))!, await records.products());
    const said = { recipe, contentHash: contentHash(content), reason: 'as tried \ud800', by: 'kim', eyes: 1 } as const;
    await records.sign({ ...said, meaning: 'proposed' }, { ...change, by: 'kim' });
    await records.sign({ ...said, meaning: 'released' }, { ...change, by: 'kim' });
    inspections.length = 0;
    for (let i = 0; i < 6; i++) inspections.push(await add());
    await records.giveFeedback(inspections[0]!, { verdict: 'agree', className: null }, { ...change, note: 'a \ud800' });
    await records.giveFeedback(inspections[1]!, { verdict: 'agree', className: null }, change);
    await records.giveFeedback(inspections[1]!, { verdict: 'false-alarm', className: null }, change);
    await records.giveFeedback(inspections[2]!, { verdict: 'agree', className: null }, change);
    await records.withdrawFeedback(inspections[2]!, change);
    for (const name of ['ada', 'eve', 'otto']) await addUser(name);
    await records.users.setRole('eve', 'operator', change);
    await records.users.setPassword('eve', 'another hash', change);
    await records.users.remove('otto', change);
    await records.users.addToken('eve', { label: 'line 1', hash: h('1') }, change);
    const { user } = (await records.users.withPassword('ada'))!;
    await records.users.openSession(user, { hash: h('2'), until: new Date(Date.now() + 1e6) }, '192.0.2.7');
    await records.addNotInspected({ id: newId(), decision: 'NOT_INSPECTED', cause: 'late', code: 'TOO_LATE', message: 'm', resultId: null, part: null, lot: null, product: null, recipe: null, imageHash: null, count: 1, millis: 1.5, createdAt: change.at.toISOString() }); // biome-ignore format: one line
  }

  async function end(): Promise<void> {
    await records.close();
    await database.drop();
  }

  describe('that nobody else changed', () => {
    beforeEach(fill);
    afterEach(end);

    it('are what the audit log tells, also after removals, a restart and emptying', async () => {
      await records.verifyRecords();
      await records.removeInspections([inspections[0]!, inspections[3]!], { reason: 'old', bytes: 0 }, change);
      await records.verifyRecords();
      const last = await records.auditState();
      await records.removeInspections(inspections, { reason: 'old', bytes: 0 }, change);
      await records.verifyRecords();
      await records.close();
      records = await openRecords(database.place);
      await add();
      expect((await records.auditState()).inspections.number).toBe(last.inspections.number + 1);
      await records.verifyRecords(undefined, [{ ...last }]);
      expect(await records.verifyRecords({ after: 0, most: 1000 })).toBeNull();
      expect((await records.verifyAudit()).entries).toBeGreaterThan(15);
    });

    it('are followed by parts', async () => {
      for (let i = 0; i < 400; i++) await add();
      expect(await records.verifyRecords({ after: 0, most: 200 })).toBe(200);
      expect(await records.verifyRecords({ after: 200, most: 200 })).toBe(400);
      expect(await records.verifyRecords({ after: 400, most: 200 })).toBeNull();
      await tamper(database, 'update inspections set score = 0.1 where number = 300');
      expect(await records.verifyRecords({ after: 0, most: 200 })).toBe(200);
      await expect(records.verifyRecords({ after: 200, most: 200 })).rejects.toMatchObject({ code: 'RECORDS_ALTERED' });
    });

    it('whose tail was cut are seen by a head that was noted', async () => {
      const noted = [await records.auditState()];
      await tamper(database, 'delete from inspections where number = 6');
      await expect(records.verifyRecords(undefined, noted)).rejects.toMatchObject({
        message: expect.stringContaining('the inspection of number 6 is gone'),
      });
    });

    it('show no difference while they are changed', async () => {
      let going = true;
      const work = (async () => {
        for (let i = 0; going; i++) {
          await records.giveFeedback(await add(), { verdict: 'agree', className: null }, change);
          await records.users.setRole('ada', 'admin', change);
          if (i % 5 === 4) await records.removeInspections([await add()], { reason: 'old', bytes: 0 }, change);
        }
      })();
      for (let i = 0; i < 5; i++) await records.verifyRecords();
      going = false;
      await work;
      await records.verifyRecords();
    });
  });

  describe('that were changed past the station', () => {
    beforeAll(async () => {
      await fill();
      for (const table of tables) await tamper(database, `create table kept_${table} as select * from ${table}`);
    });
    afterAll(end);

    it.each([
      ['an NG made OK', "update inspections set decision = 'OK' where number = 3", 'is not what was recorded'],
      ['a score', 'update inspections set score = 0.1 where number = 1', 'is not what was recorded'],
      ['an inspection deleted', 'delete from inspections where number = 5', 'of number 5 was deleted'],
      [
        'the first deleted',
        'delete from feedback; delete from inspections where number = 1',
        'of number 1 was deleted',
      ],
      [
        'an inspection put in',
        "insert into inspections (id, result_id, recipe, revision, decision, score, millis, image_hash, image_stored, width, height, created_at) select 'forged', 'forged', recipe, revision, 'OK', 0, 1, image_hash, 0, 1, 1, created_at from inspections where number = 1",
        'the inspection forged was added',
      ],
      ['a part that was not inspected deleted', "update not_inspected set cause = 'shed'", 'is not what was recorded'],
      [
        'a threshold',
        'update recipe_revisions set threshold = 99 where revision = 4',
        'thresholds of the recipe "rings"',
      ],
      [
        'a threshold of before, to which a person may go back',
        'update recipe_revisions set threshold = 99 where revision = 3',
        'revision 3 of the recipe "rings" was changed',
      ],
      ['a revision deleted', 'delete from recipe_revisions where revision = 2', 'revision 2 of the recipe "rings" was deleted'], // biome-ignore format: one line
      ['a name, by which a line chooses', "update recipes set name = 'caps'", 'the recipe "rings" was named "caps"'],
      ['a bundle', "update recipes set bundle_hash = 'c'", 'another bundle hash'],
      ['no recipe active', 'update recipes set active = 0', 'is active was changed'],
      ['a product code put in', "insert into products select '4712', id, null, 1 from recipes", 'product code "4712"'],
      ['a product code taken away', 'delete from products', 'product code "4711"'],
      ['the product of a part', "update inspections set product = '4712' where number = 2", 'is not what was recorded'],
      [
        'a product taken off a part',
        'update inspections set product = null where number = 2',
        'is not what was recorded',
      ],
      [
        'what was signed for',
        'update recipe_signatures set content = replace(content, \'"review":null\', \'"review":-1\') where number = 2',
        'the signature 2 for the recipe "rings" was changed',
      ],
      ['who signed', "update recipe_signatures set signed_by = 'mia' where number = 2", 'signature 2'],
      ['a second person', 'update recipe_signatures set proposal = 1 where number = 2', 'signature 2'],
      ['a proposal made a release', "update recipe_signatures set meaning = 'released'", 'signature 1'],
      ['a signature deleted', 'delete from recipe_signatures where number = 1', 'signature 1 for the recipe "rings" was deleted'], // biome-ignore format: one line
      [
        'a signature put in',
        'insert into recipe_signatures select 9, recipe, revision, meaning, proposal, content, content_hash, signed_by, reason, created_at from recipe_signatures where number = 2',
        'the signature 9 for the recipe "rings" was put in',
      ],
      ['a part made a reference part', "update inspections set reference = 'x' where number = 2", 'is not what was recorded'], // biome-ignore format: one line
      ['a verdict', "update feedback set verdict = 'agree'", 'verdict on the inspection'],
      ['a part hidden from review', 'update inspections set awaits_review = 0', 'waits for review was changed'],
      ['who gave a verdict', "update feedback set given_by = 'Lee'", 'verdict on the inspection'],
      ['a verdict deleted', 'delete from feedback', 'was deleted past the station'],
      [
        'an admin put in',
        "insert into users (id, name, role, password, created_at) values ('x', 'mallory', 'admin', 'x', 1)",
        'the user mallory was added',
      ],
      ['a role', "update users set role = 'admin' where name = 'eve'", 'the role of the user eve'],
      ['a password', "update users set password = 'x' where name = 'ada'", 'the password of the user ada'],
      ['a password that was set', "update users set password = 'x' where name = 'eve'", 'the password of the user eve'],
      ['a user deleted', "delete from users where name = 'ada'", 'the user ada was deleted'],
      ['a token', "update user_tokens set hash = 'x'", 'was given the token "line 1"'],
      ['a session', "update sessions set hash = 'x'", 'the user ada was signed in'],
    ])('%s is seen', async (_, statement, why) => {
      await tamper(database, statement);
      await expect(records.verifyRecords()).rejects.toMatchObject({
        code: 'RECORDS_ALTERED',
        message: expect.stringContaining(why),
      });
      for (const table of [...tables].reverse()) await tamper(database, `delete from ${table}`);
      for (const table of tables) await tamper(database, `insert into ${table} select * from kept_${table}`);
      await records.verifyRecords();
    });

    it('an emptied audit log is seen', async () => {
      for (const trigger of records.kind === 'sqlite' ? ['update', 'delete'] : ['change'])
        await tamper(database, `drop trigger audit_refuse_${trigger}${records.kind === 'sqlite' ? '' : ' on audit'}`);
      await tamper(database, 'delete from audit');
      await expect(records.verifyRecords()).rejects.toMatchObject({
        message: expect.stringContaining('was added past the station'),
      });
    });
  });
});
