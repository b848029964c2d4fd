/** What `felfri user` does; loaded when it is asked for, as the database is. */
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { isLine } from '../core/control-characters.ts';
import { FelfriError } from '../core/errors.ts';
import { hashPassword, newSecret } from '../station/access/passwords.ts';
import type { Role } from '../station/contract/access.ts';
import { newId } from '../station/ids.ts';
import type { Change } from '../station/records/change.ts';
import { openRecords, recordsPlace } from '../station/records/open-records.ts';
import type { ListedUser, UserRecords, UserSession, UserToken } from '../station/records/users.ts';
import { keepPrivate } from './private-files.ts';

/** Whoever may write the data folder is known to the system alone. */
const change = (): Change => ({ by: `${userInfo().username} at the command line`, at: new Date() });

async function withUsers<T>(folder: string, which: 'existing' | 'any', work: (users: UserRecords) => Promise<T>) {
  keepPrivate();
  const records = await openRecords(recordsPlace(resolve(folder), process.env), { mustExist: which === 'existing' });
  try {
    return await work(records.users);
  } finally {
    await records.close();
  }
}

const legalName = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Names are of small letters: nobody is asked for the right case. Throws OPTION_INVALID. */
function nameOf(given: string): string {
  const name = given.toLowerCase();
  if (legalName.test(name)) return name;
  throw new FelfriError(
    'OPTION_INVALID',
    `got the name ${JSON.stringify(given)}; legal are 1 to 64 letters a to z, digits, dots, hyphens and underscores, beginning with a letter or digit`,
    { subject: 'name' },
  );
}

/** A line from the terminal that is not shown. Throws INTERRUPTED. */
async function hiddenLine(prompt: string, signal: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setRawMode(true).setEncoding('utf8').resume();
  try {
    for (let line = ''; ; ) {
      const [text] = (await once(stdin, 'data', { signal })) as [string];
      for (const letter of text) {
        if (letter === '\r' || letter === '\n') return line;
        if (letter === '\u0003' || letter === '\u0004')
          throw new FelfriError('INTERRUPTED', 'stopped; nothing was changed');
        line = letter === '\u007f' || letter === '\b' ? [...line].slice(0, -1).join('') : line + letter;
      }
    }
  } finally {
    stdin.setRawMode(false).pause();
    stderr.write('\n');
  }
}

/** From the terminal, twice; or the first line of standard input. Never an argument, which other processes could see. */
async function askPassword(signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY) {
    const password = await hiddenLine('Password (10 to 200 characters): ', signal);
    if ((await hiddenLine('Again: ', signal)) === password) return password;
    throw new FelfriError('OPTION_INVALID', 'the two differ; nothing was changed', { subject: 'password' });
  }
  let text = '';
  for await (const chunk of stdin.setEncoding('utf8')) text += chunk;
  return text.split(/\r?\n/, 1)[0]!;
}

export async function addUser(folder: string, given: string, role: Role, signal: AbortSignal): Promise<string> {
  const name = nameOf(given);
  const password = await hashPassword(await askPassword(signal));
  const user = { id: newId(), name, role, password, createdAt: new Date().toISOString() };
  await withUsers(folder, 'any', (users) => users.add(user, change()));
  return name;
}

export function listUsers(folder: string): Promise<ListedUser[]> {
  return withUsers(folder, 'existing', (users) => users.list());
}

export function setRole(folder: string, name: string, role: Role): Promise<void> {
  return withUsers(folder, 'existing', (users) => users.setRole(nameOf(name), role, change()));
}

export async function setPassword(folder: string, name: string, signal: AbortSignal): Promise<void> {
  const password = await hashPassword(await askPassword(signal));
  await withUsers(folder, 'existing', (users) => users.setPassword(nameOf(name), password, change()));
}

export function removeUser(folder: string, name: string): Promise<void> {
  return withUsers(folder, 'existing', (users) => users.remove(nameOf(name), change()));
}

/** Gives the token, which is shown this once. */
export async function addToken(folder: string, name: string, label: string): Promise<string> {
  if (!isLine(label)) {
    throw new FelfriError('OPTION_INVALID', `got the label ${JSON.stringify(label)}; legal is a text of one line`, {
      subject: 'label',
    });
  }
  const { secret, hash } = newSecret('felfri_');
  await withUsers(folder, 'existing', (users) => users.addToken(nameOf(name), { label, hash }, change()));
  return secret;
}

export function listSessions(folder: string): Promise<UserSession[]> {
  return withUsers(folder, 'existing', (users) => users.sessions());
}

export function listTokens(folder: string): Promise<UserToken[]> {
  return withUsers(folder, 'existing', (users) => users.tokens());
}

export function endSession(folder: string, id: string): Promise<void> {
  return withUsers(folder, 'existing', (users) => users.endSession(id, change()));
}

export function revokeToken(folder: string, name: string, label: string): Promise<void> {
  return withUsers(folder, 'existing', (users) => users.removeToken(nameOf(name), label, change()));
}
