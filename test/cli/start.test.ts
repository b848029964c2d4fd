/** What a command loads before it does anything: the time to the first decision is mostly that. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { felfri } from './felfri.ts';

const commands = fileURLToPath(new URL('../../src/cli/commands/', import.meta.url));

/** Packages that a module and all that it imports at once bring along; imports of types and those within functions do not count. */
function packagesOf(module: string): Set<string> {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const imports = readFileSync(path, 'utf8').matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from '([^']+)';/gm);
    for (const [, from] of imports) {
      if (from!.startsWith('.')) visit(resolve(dirname(path), from!));
      else if (!from!.startsWith('node:')) packages.add(from!);
    }
  };
  visit(module);
  return packages;
}

describe('felfri', () => {
  it('inspects with few libraries: no server, no schemas, nothing of training', () => {
    const found = packagesOf(`${commands}inspect.ts`);
    // onnxruntime is loaded by the computing thread, meanwhile
    expect([...found].sort()).toEqual(['commander', 'pure-rand/generator/xoroshiro128plus']);
    expect(packagesOf(`${commands}train.ts`)).toContain('onnxruntime-node');
    expect([...packagesOf(resolve(commands, '../../engine/workers/host.ts'))]).toEqual(['onnxruntime-node']);
  });

  it('loads no command before it is asked for', () => {
    expect([...packagesOf(resolve(commands, '../main.ts'))]).toEqual(['commander']);
  });

  it.each([
    ['inspect', 'flow', 'photos', '--maps', ''],
    ['inspect', 'flow', 'photos', '--maps='],
    ['inspect', '', 'photos'],
    ['inspect', 'flow', 'photo.png', ''],
    ['data', 'groups', 'photos', '-o', ''],
    ['train', 'flow', 'photos', '-o', ''],
  ])('refuses an empty text, as an unset variable gives it: %s %s %s %s %s', async (...args) => {
    const { code, stdout, stderr } = await felfri(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: got an empty text for (option '.*'|an argument); give a value, or leave it out/);
  });

  it('knows every command in its help, and refuses what is none', async () => {
    const { code, stdout } = await felfri(['--help']);
    expect(code).toBe(0);
    const names = ['demo', 'simulate', 'data', 'train', 'fuse', 'compare', 'calibrate', 'evaluate', 'plan', 'inspect'];
    for (const name of [...names, 'bench', 'serve', 'audit', 'station', 'user', 'backbone']) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    }
    const unknown = await felfri(['inspekt']);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('Did you mean inspect?')]);
  });
});
