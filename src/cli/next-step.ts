/** The last line of a command: what leads on from it. Paths are written so that a shell takes them as one word. */

const word = (path: string): string => (/^[\w./:@%+,=~-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`);

const felfri = (...words: string[]): string => `Next: npx felfri ${words.join(' ')}`;

/** A row for each command that something follows; the folder of new photographs is the reader's. */
export const nextStep = {
  simulate: (folder: string) => felfri('train flow', word(folder), '-o bundles/flow'),
  dataCheck: (folder: string) => felfri('train flow', word(folder), '-o bundles/flow'),
  train: (bundle: string) =>
    `${felfri('inspect', word(bundle), 'NEW_PHOTOS/ --maps out/')}   or, for a line, npx felfri serve ${word(bundle)}`,
  calibrate: (bundle: string, folder: string) => felfri('evaluate', word(bundle), word(folder)),
  evaluate: (bundle: string) =>
    `${felfri('inspect', word(bundle), 'NEW_PHOTOS/ --maps out/')}   or, for a line, npx felfri serve ${word(bundle)}`,
  fetchBackbone: (name: string) => felfri('train flow FOLDER --backbone', name, '-o bundles/flow'),
  compare: (report: string) => `Next: open ${word(report)}; it says which detector does better on these images`,
} as const;
