// Trains a flow on images of good parts, sets its threshold on parts of its own, and judges it on others.
// node train-flow.js photos/ bundles/flow
import { recogniseDataSet, trainFlow } from 'felfri';

const [folder = 'photos', output = 'bundles/flow', epochs = '6'] = process.argv.slice(2);
const dataSet = await recogniseDataSet(folder);
for (const note of dataSet.notes) console.log(note);

const { manifest, evaluation } = await trainFlow(dataSet, {
  output,
  epochs: Number(epochs),
  size: 128,
  onPhase: (name) => console.log(name),
  onProblem: ({ name, code }) => console.warn(`left out: ${name} (${code})`),
  onWarning: (message) => console.warn(message),
});

console.log(`NG from ${manifest.threshold?.value}: ${manifest.threshold?.statement}`);
if (evaluation) console.log(`AUROC on parts that had no say: ${evaluation.auroc.value.toFixed(3)}`);
