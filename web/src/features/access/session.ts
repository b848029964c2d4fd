/** Signing in and out. */
import { call, response } from '../../api/client.ts';
import type { SessionRequest } from '../../api/contract.ts';

export const getSession = () => call('getSession');

export const openSession = (given: SessionRequest) => call('signIn', { body: given });

export const getSessions = (signal?: AbortSignal) => call('listSessions', { signal });

export const endSession = (id: string) => response('endSession', { params: { id } });

export const getTokens = (signal?: AbortSignal) => call('listTokens', { signal });

export const endToken = (id: string) => response('endToken', { params: { id } });

export async function closeSession(): Promise<void> {
  await response('signOut');
}
