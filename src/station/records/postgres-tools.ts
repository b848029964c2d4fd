/** PostgreSQL's own pg_dump and pg_restore, as processes; a password is given by the environment, which other accounts do not see. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { FelfriError } from '../../core/errors.ts';

/** The URL without its password, and the environment with it. */
function accessOf(url: string): { dbname: string; env: NodeJS.ProcessEnv } {
  const shown = new URL(url);
  const password = shown.searchParams.get('password') ?? decodeURIComponent(shown.password);
  shown.password = '';
  shown.searchParams.delete('password');
  return { dbname: shown.href, env: { ...process.env, ...(password !== '' && { PGPASSWORD: password }) } };
}

async function run(tool: 'pg_dump' | 'pg_restore', url: string, args: readonly string[]): Promise<void> {
  const { dbname, env } = accessOf(url);
  const child = spawn(tool, ['--no-password', '--dbname', dbname, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  const [code] = (await once(child, 'close').catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'is not installed here (Debian: apt-get install postgresql-client)' : cause.message; // biome-ignore format: one line
    throw new FelfriError('RECORDS_UNAVAILABLE', `${tool} ${why}`, { subject: tool, cause });
  })) as [number | null];
  if (code === 0) return;
  throw new FelfriError('RECORDS_UNAVAILABLE', `${tool} ended with code ${code}: ${said.trim()}`, { subject: tool });
}

/** Tables of a station, as of a snapshot where somebody holds one, into a file. Who holds the database now is no part of it. */
export const dump = (url: string, file: string, snapshot?: string): Promise<void> =>
  run('pg_dump', url, [
    ...['--format=custom', '--no-owner', '--no-privileges', '--exclude-table=station_holder'],
    ...(snapshot === undefined ? [] : [`--snapshot=${snapshot}`]),
    `--file=${file}`,
  ]);

/** Into a database that has none of it; all or nothing. */
export const load = (url: string, file: string): Promise<void> =>
  run('pg_restore', url, ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction', file]);
