/**
 * Compiles the sources once before the tests, so that commands and stations in processes of their own start as a user's do: reading TypeScript
 * takes each of their threads seconds. Types are the type check's business, so each file is compiled alone, and only where it changed.
 */
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import ts from 'typescript';
import { bundleSchema } from '../../scripts/bundle-schema.ts';
import { removeFormerPages } from './built-page.ts';
import { compiled, compiledFile, root } from './compiled.ts';
import { removeForgottenFolders } from './memory-disk.ts';

const SCHEMA = join('core', 'schema.ts');

const changedAt = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

async function compile(source: string, target: string): Promise<void> {
  if ((await changedAt(target)) > (await changedAt(source))) return;
  const { outputText } = ts.transpileModule(await readFile(source, 'utf8'), {
    fileName: source,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax: true,
    },
  });
  await mkdir(dirname(target), { recursive: true });
  // the sources lie a folder higher there than beside the tests
  await writeFile(target, outputText.replaceAll(/(from ['"](?:\.\.\/)+)src\//g, '$1'));
}

async function bundle(target: string): Promise<void> {
  const sources = [join(root, 'src', SCHEMA), join(root, 'package-lock.json')];
  const newest = Math.max(...(await Promise.all(sources.map(changedAt))));
  if ((await changedAt(target)) <= newest) await bundleSchema(target);
}

/** Files of the tests that run in processes of their own, compiled beside the sources that they import. */
const programs = ['detectors', 'support/device-training', 'support/device-trial'].map((path) => join('test', path));

/** Vitest calls it once, before any test. */
export default async function setup(): Promise<void> {
  const paths = (await readdir(join(root, 'src'), { recursive: true })).filter((path) => path.endsWith('.ts'));
  const wanted = new Set<string>();
  for (const path of paths.filter((name) => !name.endsWith('.test.ts'))) {
    const target = compiledFile(path.slice(0, -'.ts'.length));
    wanted.add(target);
    // many modules of one library, as the build has it
    if (path === SCHEMA) await bundle(target);
    else await compile(join(root, 'src', path), target);
  }
  for (const path of programs) {
    wanted.add(compiledFile(path));
    await compile(join(root, `${path}.ts`), compiledFile(path));
  }
  // what is no longer in the sources must not be found by a test either
  for (const path of await readdir(compiled, { recursive: true })) {
    const file = join(compiled, path);
    if (path.endsWith('.js') && !path.startsWith(`page${sep}`) && !wanted.has(file)) await rm(file);
  }
  await removeFormerPages();
  await removeForgottenFolders();
}
