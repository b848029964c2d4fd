/** felfri user in processes of its own, beside a running station. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SessionState } from '../../src/station/contract/access.ts';
import { temporaryFolders } from '../support/folder.ts';
import { felfri, startFelfri } from './felfri.ts';

const folder = temporaryFolders();

it('users are added, and the running station asks who one is; passwords and tokens are never shown', async () => {
  const data = await folder();
  const user = (input: string, ...args: string[]) => felfri(['user', ...args, '--data', data, '--json'], {}, input);

  const running = startFelfri(['serve', '--data', data, '--port', '0', '--threads', '1']);
  const address = await running.printed(/felfri station at (\S+):/);
  const status = async (headers: Record<string, string> = {}) =>
    (await fetch(`${address}/api/audit`, { headers })).status;
  expect(await status()).toBe(200);

  expect(await user('long enough\n', 'add', 'otto')).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('CONFLICT'),
  });
  expect(await user('short\n', 'add', 'ada', '--role', 'admin')).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('the password has 5 characters'),
  });
  expect(await user('long enough\n', 'add', 'Ada', '--role', 'admin')).toMatchObject({
    code: 0,
    stdout: '{"name":"ada","role":"admin"}\n',
  });
  expect(await user('', 'role', 'ada', 'king')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Legal are'),
  });
  await expect.poll(status).toBe(401);

  const made = await user('', 'token', 'ada', '--label', 'script');
  const { token } = JSON.parse(made.stdout) as { token: string };
  expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
  const listed = await user('', 'list');
  expect(JSON.parse(listed.stdout)).toMatchObject({ users: [{ name: 'ada', role: 'admin', tokens: ['script'] }] });

  const signedIn = await fetch(`${address}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ada', password: 'long enough' }),
  });
  expect(((await signedIn.json()) as SessionState).person).toEqual({ name: 'ada', role: 'admin' });

  const { tokens } = JSON.parse((await user('', 'tokens')).stdout);
  expect(tokens).toMatchObject([{ user: 'ada', label: 'script', usedAt: expect.any(String) }]);
  const { sessions } = JSON.parse((await user('', 'sessions')).stdout);
  expect(sessions).toMatchObject([{ user: 'ada', address: '127.0.0.1' }]);
  expect((await user('', 'end', sessions[0].id)).code).toBe(0);
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  expect(await status({ cookie })).toBe(401);
  expect((await user('', 'end', sessions[0].id)).stdout).toContain('NOT_FOUND');

  await user('', 'revoke', 'ada', '--label', 'script');
  expect(await status({ authorization: `Bearer ${token}` })).toBe(401);
  const trail = await felfri(['audit', 'verify', '--data', data, '--json']);
  expect(JSON.parse(trail.stdout)).toMatchObject({ entries: 5 });
  // other accounts of the machine read nothing of it
  for (const [path, mode] of [
    [data, 0o700],
    [join(data, 'records.sqlite'), 0o600],
  ] as const)
    expect((await stat(path)).mode & 0o777).toBe(mode);
  running.process.kill('SIGTERM');
  const { stdout, stderr } = await running.finished;
  for (const text of [made.stderr, listed.stdout, trail.stdout, stdout, stderr]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain('long enough');
  }
});
