/**
 * Where golden files lie that hold pixels of licensed photographs, and so cannot be part of this repository: the folder that
 * FELFRI_SHARED names, else `shared` beside the repository. The tests in this folder run only where it exists.
 */
import { fileURLToPath } from 'node:url';

export const sharedFolder: string =
  process.env['FELFRI_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
