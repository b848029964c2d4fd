/** Signing in and out. */
import { call, response } from './client.ts';
import type { SessionRequest } from './contract.ts';

export const getSession = () => call('getSession');

export const openSession = (given: SessionRequest) => call('signIn', { body: given });

export async function closeSession(): Promise<void> {
  await response('signOut');
}
