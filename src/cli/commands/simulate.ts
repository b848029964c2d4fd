/** `felfri simulate`. */
import { type Command, InvalidArgumentError, type OptionValues } from 'commander';
import { aurocEitherWay } from '../../core/auroc.ts';
import { simulateBearingRings } from '../../data/simulate/bearing-ring/bearing-rings.ts';
import { simulateCouplingLinks } from '../../data/simulate/coupling-link/coupling-links.ts';
import type { SimulatedSet } from '../../data/simulate/set-folder.ts';
import type { SimulationOptions } from '../../data/simulate/simulation-options.ts';
import { familyNames } from '../../data/simulate/surface/families.ts';
import { simulateSurfaces } from '../../data/simulate/surface/surfaces.ts';
import { nextStep } from '../next-step.ts';
import { positive, whole } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

/** A kind of part that can be simulated, with its numbers where the command line names none. */
interface Kind {
  readonly name: string;
  readonly description: string;
  readonly usual: SetSize;
  /** The size of the paper's set of such parts, where it has one. */
  readonly paper?: { readonly size: SetSize; readonly text: string };
  readonly help: string;
  readonly addOptions?: (command: Command) => void;
  readonly simulate: (options: SimulationOptions, asked: OptionValues) => Promise<SimulatedSet>;
}

/** `defectiveShare` is left out of what has no defects. */
type SetSize = Required<Pick<SimulationOptions, 'parts' | 'imagesPerPart' | 'size'>> & { defectiveShare?: number };

const bearingRing: Kind = {
  name: 'bearing-ring',
  description: 'ground ring faces as two line-scan cameras see them: strips cut into patches that overlap by half',
  usual: { parts: 40, imagesPerPart: 30, size: 256, defectiveShare: 0.25 },
  paper: {
    size: { parts: 204, imagesPerPart: 30, size: 256, defectiveShare: 0.25 },
    text: '204 rings of 30 patches: 6,120, of which 90 % are the 5,511 that the paper trains on, but for a few',
  },
  help: `
Defects: scratch, dent, rust, burn (of grinding), crack. The part group is the ring.

Examples:
  felfri simulate bearing-ring -o rings                        40 rings, 1,200 patches
  felfri simulate bearing-ring -o rings --parts 60 --images-per-part 8 --strips
  felfri simulate bearing-ring -o rings --paper-size --seed 7  the size of the paper's set`,
  addOptions: (command) => command.option('--strips', 'also write the whole strips and their masks to strips/'),
  simulate: (options, { strips }) => simulateBearingRings({ ...options, strips: strips === true }),
};

const paperTestLinks = 71;

const couplingLink: Kind = {
  name: 'coupling-link',
  description: 'blasted forged links in varying poses before a still camera, several views of each',
  usual: { parts: 60, imagesPerPart: 8, size: 320, defectiveShare: 0.25 },
  paper: {
    size: { parts: 499, imagesPerPart: 8, size: 320, defectiveShare: 165 / 568 },
    text: '499 links of 8 images: 3,424 good to train, 568 to test of which 165 defective, as published_split says; the share is then that of the test side',
  },
  help: `
Defects: lap (of forging), crack, dent, missing-material. The part group is the link; it has good images too, where the defect is out of sight.

Examples:
  felfri simulate coupling-link -o links                        60 links, 480 images
  felfri simulate coupling-link -o links --parts 20 --size 256 --difficulty 0.7
  felfri simulate coupling-link -o links --paper-size --seed 7  3,992 images`,
  simulate: (options, { paperSize }) =>
    simulateCouplingLinks({ ...options, ...(paperSize === true && { testParts: paperTestLinks }) }),
};

const surface: Kind = {
  name: 'surface',
  description: 'procedural surfaces of many kinds, all good, to train a backbone on (docs/backbones.md)',
  usual: { parts: 800, imagesPerPart: 3, size: 256 },
  help: `
Families: ${familyNames.join(', ')}; alone, joined, or as a part before a background. The part group is
the surface; its images show other places of it in other light.

Examples:
  felfri simulate surface -o surfaces                           800 surfaces, 2,400 images
  felfri simulate surface -o surfaces --parts 51 --images-per-part 1 --size 128
  felfri train backbone surfaces -o own                         a backbone from them alone`,
  simulate: simulateSurfaces,
};

interface SimulateOptions extends OutputOptions, Partial<SetSize> {
  readonly output: string;
  readonly seed: number;
  readonly difficulty?: number;
  readonly paperSize?: boolean;
}

/** How far mean brightness alone would get, AUROC in whichever direction is better; null where all images are of one kind. */
function brightnessAuroc({ images }: SimulatedSet): number | null {
  const defective = images.map((image) => image.className !== 'good');
  if (new Set(defective).size < 2) return null;
  return aurocEitherWay(
    images.map((image) => image.meanGrey),
    defective,
  );
}

function summary(set: SimulatedSet, seconds: number): Record<string, unknown> & { classes: Record<string, number> } {
  const classes: Record<string, number> = {};
  for (const { className } of set.images) classes[className] = (classes[className] ?? 0) + 1;
  return {
    directory: set.directory,
    manifest: set.manifest,
    images: set.images.length,
    parts: new Set(set.images.map((image) => image.partGroup)).size,
    classes,
    brightnessAuroc: brightnessAuroc(set),
    seconds,
  };
}

function text(set: SimulatedSet, seconds: number): string {
  const { images, parts, classes, brightnessAuroc: brightness } = summary(set, seconds);
  const listed = Object.entries(classes).map(([name, n]) => `${name} ${n}`);
  const baseline =
    typeof brightness === 'number' ? [`Mean brightness alone would reach AUROC ${brightness.toFixed(3)}.`] : [];
  return [
    `${images} images of ${parts} parts (${listed.join(', ')}) in ${seconds.toFixed(0)} s.`,
    ...baseline,
    `Manifest: ${set.manifest}`,
  ].join('\n');
}

function share(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !(number >= 0 && number <= 1))
    throw new InvalidArgumentError('Give a number from 0 to 1.');
  return number;
}

function addKind(simulate: Command, kind: Kind): void {
  const { usual, paper } = kind;
  const command = simulate
    .command(kind.name)
    .description(kind.description)
    .requiredOption('-o, --output <folder>', 'a folder that does not exist yet, or is empty')
    .option('--seed <n>', 'equal seeds and options give equal bytes', whole(0), 0)
    .option('--parts <n>', `number of parts (default: ${usual.parts})`, whole(1))
    .option('--images-per-part <n>', `images of each part (default: ${usual.imagesPerPart})`, whole(1))
    .option('--size <pixels>', `side of an image (default: ${usual.size})`, whole(64));
  if (usual.defectiveShare !== undefined)
    command
      .option('--defective-share <share>', `share of images with a defect (default: ${usual.defectiveShare})`, share)
      .option('--difficulty <x>', '0.25 (easy) to 4 (hard): fainter defects, stronger harmless marks', positive, 1);
  if (paper) command.option('--paper-size', paper.text);
  kind.addOptions?.(command);
  command
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .addHelpText('after', kind.help)
    .action((options: SimulateOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const { output, seed, difficulty, parts, imagesPerPart, size, defectiveShare } = options;
        const preset = options.paperSize && paper ? paper.size : usual;
        terminal.onPhase('Simulating');
        const started = performance.now();
        const set = await kind.simulate(
          {
            outDir: output,
            seed,
            ...(difficulty !== undefined && { difficulty }),
            parts: parts ?? preset.parts,
            imagesPerPart: imagesPerPart ?? preset.imagesPerPart,
            size: size ?? preset.size,
            defectiveShare: defectiveShare ?? preset.defectiveShare ?? 0,
            ...control,
          },
          options as OptionValues,
        );
        terminal.end();
        const seconds = (performance.now() - started) / 1000;
        print(options, summary(set, seconds), `${text(set, seconds)}\n${nextStep.simulate(output)}`);
        return exitCode.ok;
      }),
    );
}

export function addSimulateCommand(program: Command): void {
  const simulate = program
    .command('simulate')
    .description(
      'make a data set of simulated parts with exact masks, bearing-ring or coupling-link, or of surfaces (docs/simulator.md)',
    );
  for (const kind of [bearingRing, couplingLink, surface]) addKind(simulate, kind);
}
