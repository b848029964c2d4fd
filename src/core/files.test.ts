/** Writing really fails half way here: a child process may write only so many bytes to a file (RLIMIT_FSIZE). */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { compiledFile } from '../../test/support/compiled.ts';
import { temporaryFolders } from '../../test/support/folder.ts';
import { canTrace } from '../../test/support/traced.ts';
import { makeFolder, sha256, sha256File, writeFileAtomic, writeJson } from './files.ts';

const folder = temporaryFolders();
const run = promisify(execFile);
const module = fileURLToPath(new URL('./files.ts', import.meta.url));
const million = 1_000_000;

/** Writes a million bytes to `path` in a child process that may not make files beyond 64 KiB; gives what it printed. */
async function writeWithLimit(path: string): Promise<string> {
  const program = `
    process.on('SIGXFSZ', () => {});
    const { writeFileAtomic } = await import(${JSON.stringify(module)});
    await writeFileAtomic(${JSON.stringify(path)}, Buffer.alloc(${million})).then(
      () => console.log('written'),
      (error) => console.log(error.code, error.cause.code),
    );`;
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program];
  // 64 blocks of 1,024 bytes
  const { stdout } = await run('bash', ['-c', 'ulimit -f 64; exec "$@"', 'bash', ...node]);
  return stdout.trim();
}

describe('makeFolder', () => {
  it('makes all that are missing, and is content with what is there', async () => {
    const path = join(await folder(), 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(path, 'd'))]);
    await makeFolder(path);
    expect((await stat(join(path, 'd'))).isDirectory()).toBe(true);
  });

  it('ends where no folder can be made: behind a link that leads nowhere, below a file, and where the system has none', async () => {
    const root = await folder();
    await symlink('/nowhere/at/all', join(root, 'link'));
    await writeFile(join(root, 'file'), '');
    const places = [join(root, 'link'), join(root, 'link', 'x', 'y'), join(root, 'file'), join(root, 'file', 'x')];
    if (process.platform === 'linux') places.push('/proc/felfri', '/proc/felfri/x');
    for (const place of places) await expect(makeFolder(place), place).rejects.toMatchObject({ code: 'PATH_UNUSABLE' });
  });
});

describe('writeFileAtomic', () => {
  it('writes text, bytes and pieces, making folders on the way', async () => {
    const root = await folder();
    const path = join(root, 'a/b/file');
    await writeFileAtomic(path, 'åäö');
    expect(await readFile(path, 'utf8')).toBe('åäö');
    await writeFileAtomic(path, Uint8Array.of(1, 2));
    expect([...(await readFile(path))]).toEqual([1, 2]);
    await writeFileAtomic(path, [Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3)]);
    expect([...(await readFile(path))]).toEqual([1, 2, 3]);
    expect(await readdir(join(root, 'a/b'))).toEqual(['file']);
  });

  it('leaves the former file whole and nothing beside it when writing stops in the middle', async () => {
    const root = await folder();
    const path = join(root, 'checkpoint');
    await writeFile(path, 'former');
    expect(await writeWithLimit(path)).toBe('DISK_FULL EFBIG');
    expect(await readFile(path, 'utf8')).toBe('former');
    expect(await readdir(root)).toEqual(['checkpoint']);
  });

  it('leaves nothing behind when the path cannot be replaced', async () => {
    const root = await folder();
    await mkdir(join(root, 'taken/inside'), { recursive: true });
    await expect(writeFileAtomic(join(root, 'taken'), 'x')).rejects.toThrow();
    expect(await readdir(root)).toEqual(['taken']);
    expect(await readdir(join(root, 'taken'))).toEqual(['inside']);
  });

  it('never shows a reader a part of a file', async () => {
    const path = join(await folder(), 'file');
    const contents = ['a', 'b'].map((c) => c.repeat(million));
    await writeFileAtomic(path, contents[0]!);
    const seen: Promise<string>[] = [];
    for (let i = 0; i < 10; i++) {
      const writing = writeFileAtomic(path, contents[i % 2]!);
      seen.push(readFile(path, 'utf8'), readFile(path, 'utf8'));
      await writing;
    }
    for (const text of await Promise.all(seen)) expect(contents.includes(text)).toBe(true);
  });

  it.runIf(canTrace)('puts the new name on the disk after the bytes', async () => {
    const root = await folder();
    const program = `const { writeFileAtomic } = await import(${JSON.stringify(compiledFile('core/files'))});
      await writeFileAtomic(${JSON.stringify(join(root, 'file'))}, 'x');`;
    const strace = ['-f', '-qq', '-y', '-e', 'signal=none', '-e', 'trace=/^(fsync|rename)', '-o', join(root, 'trace')];
    await run('strace', [...strace, process.execPath, '--input-type=module', '-e', program]);
    const trace = await readFile(join(root, 'trace'), 'utf8');
    const calls = trace.split('\n').filter((line) => line.includes(root));
    expect(calls.map((line) => /(fsync|rename)/.exec(line)?.[1])).toEqual(['fsync', 'rename', 'fsync']);
    expect(calls[2]).toContain(`<${root}>)`);
  });

  it('lets several write one path at a time, and one of them wins', async () => {
    const root = await folder();
    const path = join(root, 'file');
    await Promise.all(['1', '2', '3'].map((text) => writeFileAtomic(path, text)));
    expect(['1', '2', '3']).toContain(await readFile(path, 'utf8'));
    expect(await readdir(root)).toEqual(['file']);
  });
});

describe('other files', () => {
  it('JSON is indented and ends with a line', async () => {
    const path = join(await folder(), 'facts.json');
    await writeJson(path, { a: [1] });
    expect(await readFile(path, 'utf8')).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });

  it('hashes text, bytes and files alike', async () => {
    const path = join(await folder(), 'abc');
    await writeFile(path, 'abc');
    // the example of FIPS 180-2
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).toBe(expected);
    expect(sha256(new TextEncoder().encode('abc'))).toBe(expected);
    expect(await sha256File(path)).toBe(expected);
  });
});
