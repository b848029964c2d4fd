/** Users, as an admin adds, changes and removes them. */
import { hashPassword } from '../../access/passwords.ts';
import type { UserList } from '../../contract/users.ts';
import { newId } from '../../ids.ts';
import type { UserRecords } from '../../records/users.ts';
import { changeOf } from '../callers.ts';
import type { HandlersOf } from '../mount.ts';

export function userHandlers(users: UserRecords): HandlersOf<'users'> {
  const list = async (): Promise<UserList> => ({
    users: (await users.list()).map(({ id: _, tokens, ...user }) => ({ ...user, tokens: [...tokens] })),
  });
  return {
    listUsers: list,
    addUser: async ({ request, body: { password, ...said } }) => {
      const hash = await hashPassword(password);
      const change = changeOf(request, undefined);
      await users.add({ ...said, id: newId(), password: hash, createdAt: change.at.toISOString() }, change);
      return list();
    },
    changeUser: async ({ request, params: { user }, body: { role, password } }) => {
      const hash = password === undefined ? undefined : await hashPassword(password);
      if (role !== undefined) await users.setRole(user, role, changeOf(request, undefined));
      if (hash !== undefined) await users.setPassword(user, hash, changeOf(request, undefined));
      return list();
    },
    removeUser: async ({ request, params: { user } }) => {
      await users.remove(user, changeOf(request, undefined));
      return list();
    },
  };
}
