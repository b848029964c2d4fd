/** `felfri add`. */
import type { Command } from 'commander';
import { given } from '../../core/given.ts';
import { recogniseDataSet } from '../../data/dataset.ts';
import { type Addition, addPhotographs } from '../../jobs/add/add.ts';
import {
  chooseSplit,
  openDataSet,
  type RuleOptions,
  type SplitOptions,
  whole,
  withReviewOption,
  withRuleOption,
  withSplitOptions,
} from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';

interface AddOptions extends SplitOptions, OutputOptions, RuleOptions {
  readonly output: string;
  readonly addedGood?: string;
  readonly accept?: boolean;
  readonly threads?: number;
}

function additionLines({ added, seconds }: Addition): string[] {
  const { learned, keptApart, defective, leftOut } = added;
  return [
    `Added: ${learned} good images learned from, ${keptApart} good and ${defective} defective ones for scale and threshold; ${leftOut} left out.`,
    `Good parts estimated anew in ${seconds.toFixed(1)} s; what training learned is as it was.`,
  ];
}

export function addAddCommand(program: Command): void {
  const add = program
    .command('add')
    .description('more photographs for a trained flow, without training it again')
    .argument('<bundle>', 'folder that felfri train flow wrote')
    .argument('<folder>', 'the images that it was trained on: a folder, or a manifest.csv')
    .argument('<photos>', 'new images, good and defective, sorted as such a folder is')
    .requiredOption('-o, --output <folder>', 'where the new bundle goes');
  const asInBundle = 'as in the bundle';
  withReviewOption(withRuleOption(withSplitOptions(add), asInBundle), asInBundle)
    .option('--added-good <folder>', 'as --good, of the new images: . where all of them are good')
    .option('--accept', 'learn as good also what the bundle calls clearly defective')
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
Examples:
  felfri add bundles/flow photos/ new/ -o bundles/flow-2                     new/good and new/defective
  felfri add bundles/flow photos/ new/ --added-good . -o bundles/flow-2      all of them good

Good ones: what each place of a part and its texture look like is estimated anew. One in four is kept apart, and sets the scale with the former ones.
Defective ones: nothing is learned from them, but the threshold is set anew by the bundle's rule.
Left out: copies of images of the data set, and pictures of parts that are kept apart for threshold or test.`,
    )
    .action((bundle: string, folder: string, photos: string, options: AddOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        const { output, rule, review, threads, accept = false, addedGood } = options;
        const added = await addPhotographs({
          bundle,
          dataSet,
          split: chooseSplit(dataSet, options),
          photos: await recogniseDataSet(photos, given({ good: addedGood })),
          output,
          accept,
          ...given({ rule, review, threads }),
          ...control,
        });
        terminal.end();
        print(
          options,
          { ...summaryJson(added), added: added.added, seconds: added.seconds },
          `${summarise(added)}\n${additionLines(added).join('\n')}`,
        );
        return exitCode.ok;
      }),
    );
}
