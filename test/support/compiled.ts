/** Where the compiled sources are that tests start in processes of their own (compile-sources.ts). */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../..', import.meta.url));
/** As deep as `src` and `dist`: package.json and the built page are found from there alike. */
export const compiled: string = join(root, '.test-build');

/** The compiled form of a file of `src`, by its path there without the ending. */
export const compiledFile = (path: string): string => join(compiled, `${path}.js`);
