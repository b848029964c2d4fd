/** Signing in and out. */
import { call } from './client.ts';
import type { SessionRequest, SessionState } from './contract.ts';

export async function getSession(): Promise<SessionState> {
  return (await call('/api/session')).json() as Promise<SessionState>;
}

export async function openSession(given: SessionRequest): Promise<SessionState> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) };
  return (await call('/api/session', init)).json() as Promise<SessionState>;
}

export async function closeSession(): Promise<void> {
  await call('/api/session', { method: 'DELETE' });
}
