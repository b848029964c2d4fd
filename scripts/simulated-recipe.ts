/** The recipe that `npm start`, the guides' pictures and the load test run on: simulated ring faces, and a flow that learned them. */

/** Writes the parts into one folder and the bundle into another, by `felfri` commands: a minute or two. `size` is the side of the canvas, pixels. */
export async function makeSimulatedRecipe(
  felfri: (...args: string[]) => Promise<void>,
  parts: string,
  bundle: string,
  size = 192,
): Promise<void> {
  const share = ['--parts', '30', '--images-per-part', '6', '--defective-share', '0.4', '--difficulty', '0.5'];
  await felfri('simulate', 'bearing-ring', '-o', parts, ...share);
  await felfri('train', 'flow', parts, '-o', bundle, '--epochs', '3', '--size', String(size));
  // NG is what is surely defective, REVIEW what few good parts look like
  await felfri('calibrate', bundle, parts, '--rule', 'recall=0.8', '--review', 'false-alarms=0.1');
  await felfri('evaluate', bundle, parts);
}
