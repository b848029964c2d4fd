/**
 * Gives the tests of whole stations and commands the compiled sources (compile-sources.ts) where they import `src`. Node loads those itself in a
 * third of a second; Vitest's own loader, which every test file starts anew, takes four times that. Where the sources change under a watching
 * Vitest, their copies do not.
 */
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import { compiledFile, root } from './compiled.ts';

const sources = join(root, 'src') + sep;
const page = join(root, 'web') + sep;
const isSource = (path: string) => path.startsWith(sources) && path.endsWith('.ts') && !path.endsWith('.test.ts');

export const compiledSources: Plugin = {
  name: 'compiled-sources',
  enforce: 'pre',
  async resolveId(source, importer, options) {
    // the page itself is tested as its bundler takes it
    if (importer === undefined || importer.startsWith(page) || isSource(importer)) return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && isSource(found.id) ? compiledFile(relative(sources, found.id).slice(0, -'.ts'.length)) : found;
  },
};
