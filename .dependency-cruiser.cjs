/**
 * The layers, checked: imports point downward only. Run by `npm run check:layers`.
 * `docs/decisions.md` says why a tool does this, ARCHITECTURE.md what the layers are for.
 */
'use strict';

/** Highest first. A folder of src/ is one layer; src/index.ts, the library's face, stands above them all. */
const layers = ['cli', 'station', 'jobs', 'inspect', 'bundle', 'judge', 'detectors', 'train', 'data', 'engine', 'core'];

/** Tests may look further: they lie beside the source but join parts that the source keeps apart. */
const test = '\\.test\\.ts$';

const upward = layers.slice(1).map((layer, i) => ({
  name: `${layer}-imports-downward`,
  comment: `src/${layer} may import only the layers below it: ${layers.slice(i + 2).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^src/${layer}/`, pathNot: test },
  to: { path: `^src/(${layers.slice(0, i + 1).join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'known-layer',
      comment: 'A folder of src/ that the list of layers does not name has no place among them yet: add it there.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${layers.join('|')})/` },
    },
    {
      name: 'judge-needs-no-network',
      comment:
        'Judging works on scores and masks alone, so that it can judge any detector: it imports only core and data.',
      severity: 'error',
      from: { path: '^src/judge/', pathNot: test },
      to: { path: '^src/(train|detectors|engine)/' },
    },
    {
      name: 'index-is-above-all',
      comment: 'src/index.ts is for those who use the library; inside, import the file that is meant.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: '^src/(engine/)?index\\.ts$' },
    },
    {
      name: 'client-needs-no-server',
      comment: "felfri/client runs in browsers too: of the station it knows the contract's types alone.",
      severity: 'error',
      from: { path: '^src/station/client/', pathNot: test },
      to: { path: '^src/', pathNot: '^src/station/(client|contract)/' },
    },
    {
      name: 'unet-stands-on-backbones',
      comment: 'The U-Net may use backbones, never the flow; what both need belongs beside detector.ts or lower.',
      severity: 'error',
      from: { path: '^src/detectors/unet/', pathNot: test },
      to: { path: '^src/detectors/(flow|fusion)/' },
    },
    {
      name: 'flow-stands-on-backbones',
      comment: 'The flow may use backbones, never the U-Net.',
      severity: 'error',
      from: { path: '^src/detectors/flow/', pathNot: test },
      to: { path: '^src/detectors/(unet|fusion)/' },
    },
    {
      name: 'fusion-takes-bundles',
      comment:
        'A fusion takes over the models of trained bundles, whatever detectors they hold, so it knows no detector.',
      severity: 'error',
      from: { path: '^src/detectors/fusion/', pathNot: test },
      to: { path: '^src/detectors/(flow|unet|backbones)/' },
    },
    {
      name: 'backbones-stand-alone',
      comment: 'A backbone serves any detector, so it knows none.',
      severity: 'error',
      from: { path: '^src/detectors/backbones/', pathNot: test },
      to: { path: '^src/detectors/(flow|unet|fusion)/' },
    },
    {
      name: 'one-file-owns-onnxruntime',
      comment: 'Only the runtime module knows onnxruntime-node, so that another runtime can take its place.',
      severity: 'error',
      from: { pathNot: '^src/engine/runtime/onnxruntime\\.ts$' },
      to: { path: '(^|/)node_modules/onnxruntime-(node|common)/' },
    },
    {
      name: 'one-file-owns-typebox',
      comment: 'Shapes come from core/schema.ts, which the build makes one file of, so that a start need not read 679.',
      severity: 'error',
      from: { pathNot: '^src/core/schema\\.ts$' },
      to: { path: '(^|/)node_modules/typebox/' },
    },
    {
      name: 'source-imports-no-tests',
      comment: 'Test helpers, benchmarks and scripts are not shipped.',
      severity: 'error',
      from: { path: '^src/', pathNot: test },
      to: { path: ['^(test|bench|scripts)/', test] },
    },
    {
      name: 'source-needs-no-development-package',
      comment: 'What the shipped source imports must be a dependency, not a development dependency.',
      severity: 'error',
      // from-source.mjs serves tests and scripts alone; the build leaves it out
      from: { path: '^src/', pathNot: [test, '^src/engine/workers/from-source\\.mjs$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-cycles',
      comment:
        'Modules in a circle cannot be read in an order, be it of types alone: what both need gets a file below them.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'Every import names something that is there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
