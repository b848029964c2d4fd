/** Where the files of the repository are. Imports nothing of `src`: what compiles the sources for the tests needs it before they are. */
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Path of a file of the repository, from its root. */
export function repositoryPath(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** True when the module of this address is what node was started with. */
export function isMain(url: string): boolean {
  return process.argv[1] !== undefined && url === pathToFileURL(process.argv[1]).href;
}
