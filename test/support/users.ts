/** Users for tests, with passwords whose hashes cost little. */
import { scryptSync } from 'node:crypto';
import { newSecret } from '../../src/station/access/passwords.ts';
import type { Role } from '../../src/station/contract/access.ts';
import { newId } from '../../src/station/ids.ts';
import type { TestStation } from './station.ts';

function quickHash(password: string): string {
  const key = scryptSync(password, 'salt', 32, { N: 1024, r: 8, p: 1 });
  return `scrypt$10$8$1$${Buffer.from('salt').toString('base64')}$${key.toString('base64')}`;
}

/** Adds a user whose password is `password of NAME`; gives a token of the user. */
export async function addUser({ station }: TestStation, name: string, role: Role): Promise<string> {
  const change = { by: 'test', at: new Date() };
  const { users } = station.records;
  const password = quickHash(`password of ${name}`);
  await users.add({ id: newId(), name, role, password, createdAt: change.at.toISOString() }, change);
  const { secret, hash } = newSecret('felfri_');
  await users.addToken(name, { label: 'test', hash }, change);
  return secret;
}
