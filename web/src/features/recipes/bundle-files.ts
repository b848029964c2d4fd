/** The files of a chosen folder that belong to a bundle. */

/** As the service takes them; what else a training run leaves in its folder stays where it is. */
const legal =
  /^(bundle\.json|model\.onnx|golden\/[^/]+|run\/(test|calibration)-scores\.json|signature\.json|MODEL_CARD\.md)$/;

export interface ChosenBundle<File> {
  /** Name of the folder. */
  readonly folder: string;
  /** Path within the bundle, and the file; bundle.json first. */
  readonly files: readonly (readonly [string, File])[];
  /** Paths that every bundle has, and this folder has not. */
  readonly missing: readonly string[];
}

/** @param chosen files with their paths from the chosen folder on, as `webkitRelativePath` gives them: `flow/golden/0.png`. */
export function bundleFiles<File>(chosen: readonly (readonly [string, File])[]): ChosenBundle<File> {
  const files = chosen
    .map(([path, file]) => [path.slice(path.indexOf('/') + 1), file] as const)
    .filter(([path]) => legal.test(path))
    .sort(([a], [b]) => Number(b === 'bundle.json') - Number(a === 'bundle.json') || (a < b ? -1 : 1));
  const missing = ['bundle.json', 'model.onnx'].filter((path) => !files.some(([name]) => name === path));
  return { folder: chosen[0]?.[0].split('/')[0] ?? '', files, missing };
}
