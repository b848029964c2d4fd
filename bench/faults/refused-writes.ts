/** A disk that refuses: what a process asks of a file's disk fails as on a read-only or broken one (strace), while the process and the file stay. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** What fails, and how: a file system that the kernel made read-only, and a disk that does not keep what it took. */
const refusals = {
  'read-only': 'pwrite64,ftruncate:error=EROFS',
  broken: 'fsync,fdatasync:error=EIO',
} as const;

/** Gives what ends it. Throws where strace is missing or may not be used. */
export async function refuseWrites(
  pid: number,
  files: readonly string[],
  how: keyof typeof refusals,
): Promise<() => Promise<void>> {
  const injection = refusals[how];
  const trace = injection.split(':')[0]!;
  const which = files.flatMap((file) => ['-P', file]);
  const args = ['-f', '-p', `${pid}`, ...which, '-e', `trace=${trace}`, '-e', `inject=${injection}`, '-o', '/dev/null'];
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    strace.once('error', reject);
    strace.once('exit', () => reject(new Error(`strace ended: ${text}`)));
    strace.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (/ attached/.test(text)) resolve();
    });
  });
  return async () => {
    if (strace.exitCode !== null) return;
    const gone = once(strace, 'exit');
    strace.kill('SIGINT');
    await gone;
  };
}
