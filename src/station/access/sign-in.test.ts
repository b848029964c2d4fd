/** Who comes in by a connector may stay as long as they would be let in. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { addUser } from '../../../test/support/users.ts';
import { openRecords } from '../records/open-records.ts';
import type { Records } from '../records/records.ts';
import { SignIn } from './sign-in.ts';

const folder = temporaryFolders();
const change = { by: 'root', at: new Date() };
let records: Records;
let signIn: SignIn;
let token: string;

beforeAll(async () => {
  records = await openRecords({ folder: await folder() });
  signIn = new SignIn(records, 'a token of the station');
  const station = { station: { records } } as Parameters<typeof addUser>[0];
  await addUser(station, 'ada', 'admin');
  token = await addUser(station, 'eva', 'engineer');
});
afterAll(() => records.close());

it('tells with which role, and writes into the audit log who came and who did not', async () => {
  await expect(signIn.enter('eva', 'password of ada', 'line ua')).rejects.toMatchObject({ code: 'UNAUTHORISED' });
  expect(await signIn.enter('Eva', 'password of eva', 'line ua')).toMatchObject({ name: 'eva', role: 'engineer' });
  await expect(signIn.enter('ada', token, 'line ua')).rejects.toMatchObject({ code: 'UNAUTHORISED' });
  expect(await signIn.enter('any', 'a token of the station', 'line ua')).toMatchObject({ name: null, role: 'admin' });
  const entries = await records.auditEntries({ limit: 4 });
  expect(entries.map(({ action, subject }) => [action, subject])).toEqual([
    ['user.signed in', 'the token'],
    ['user.sign-in refused', 'ada'],
    ['user.signed in', 'eva'],
    ['user.sign-in refused', 'eva'],
  ]);
});

it('ends with the password, the token and the user, and follows the role', async () => {
  const byPassword = await signIn.enter('eva', 'password of eva', 'line ua');
  const byToken = await signIn.enter('eva', token, 'line ua');
  const now = () => Promise.all([byPassword.roleNow(), byToken.roleNow()]);
  expect(await now()).toEqual(['engineer', 'engineer']);
  await records.users.setRole('eva', 'operator', change);
  expect(await now()).toEqual(['operator', 'operator']);
  await records.users.removeToken('eva', 'test', change);
  expect(await now()).toEqual(['operator', null]);
  await records.users.setPassword('eva', 'another', change);
  expect(await now()).toEqual([null, null]);
  await records.users.remove('eva', change);
  expect(await now()).toEqual([null, null]);
});
