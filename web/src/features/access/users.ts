/** Users of the station, and the own password. */
import { call } from '../../api/client.ts';
import type { Role } from '../../api/contract.ts';

export const getUsers = (signal?: AbortSignal) => call('listUsers', { signal });

export const addUser = (name: string, role: Role, password: string) =>
  call('addUser', { body: { name: name.trim().toLowerCase(), role, password } });

export const changeUser = (user: string, change: { readonly role?: Role; readonly password?: string }) =>
  call('changeUser', { params: { user }, body: { ...change } });

export const removeUser = (user: string) => call('removeUser', { params: { user } });

export const changePassword = (password: string, another: string) =>
  call('changePassword', { body: { password, another } });
