// Trains a flow on images of good parts, sets its threshold on parts of its own, and judges it on others.
// node train-flow.js photos/ bundles/flow
import { foldSplit, openBackbone, recogniseDataSet, trainFlow } from 'felfri';

const [folder = 'photos', output = 'bundles/flow', epochs = '6'] = process.argv.slice(2);
const dataSet = await recogniseDataSet(folder);
for (const note of dataSet.notes) console.log(note);

const { manifest, evaluation } = await trainFlow({
  dataSet,
  split: foldSplit(dataSet, 0),
  output,
  backbone: await openBackbone('wavelet', {}),
  canvas: { height: 128, width: 128, fit: 'letterbox' },
  hidden: 32,
  start: 'whitened',
  score: { image: 'max', map: 'average' },
  seed: 0,
  epochs: Number(epochs),
  batch: 16,
  learningRate: 1e-3,
  onPhase: (name) => console.log(name),
  onProblem: ({ name, code }) => console.warn(`left out: ${name} (${code})`),
  onWarning: (message) => console.warn(message),
});

console.log(`NG from ${manifest.threshold?.value}: ${manifest.threshold?.statement}`);
if (evaluation) console.log(`AUROC on parts that had no say: ${evaluation.auroc.value.toFixed(3)}`);
