/** `felfri data leaks` and `felfri data groups`. */
import { relative, sep } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { writeFileAtomic } from '../../core/files.ts';
import { requireWritableFile } from '../../core/outputs.ts';
import { findNearCopies } from '../../data/leak/near-copies.ts';
import { groupManifest, proposePartGroups } from '../../data/leak/part-groups.ts';
import { checkLeaks, type LeakVerdict, leakLimit } from '../../data/leak/verdict.ts';
import {
  chooseSplit,
  type DataOptions,
  openDataSet,
  type SplitOptions,
  withDataOptions,
  withSplitOptions,
} from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface LeaksOptions extends SplitOptions, OutputOptions {
  readonly similarity?: number;
  readonly limit: number;
}

interface GroupsOptions extends DataOptions, OutputOptions {
  readonly output: string;
  readonly similarity?: number;
  readonly fresh?: boolean;
  readonly overwrite?: boolean;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Give a number from 0 to 1.');
  return value;
}

function withSearchOptions(command: Command): Command {
  return command
    .option(
      '--similarity <s>',
      'from which likeness on two images count as near copies (default: found from the set)',
      share,
    )
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress');
}

const pairLine = ({ side, image, trainedOn, similarity }: LeakVerdict['worst'][number]): string =>
  `  ${similarity.toFixed(3)}  ${side} ${image} = train ${trainedOn}`;

function verdictText({ statement, calibration, worst, doubt, doubtful, likenessFrom }: LeakVerdict): string {
  const lines = [statement];
  if (calibration.leaking > 0) {
    lines.push(
      `Of ${calibration.images} calibration images ${calibration.leaking} leak, which makes the threshold worse.`,
    );
  }
  if (doubt !== undefined) lines.push(doubt);
  if (likenessFrom !== null)
    lines.push(`In this set two images count as near copies from a likeness of ${likenessFrom.toFixed(3)} on.`);
  if (worst.length > 0) lines.push('', 'Near copies, likeness first:', ...worst.map(pairLine));
  if (doubtful.length > 0) lines.push('', 'Alike, but stated to be different parts:', ...doubtful.map(pairLine));
  return lines.join('\n');
}

function addLeaks(data: Command): void {
  withSearchOptions(
    withSplitOptions(
      data
        .command('leaks')
        .description('whether test images of a split show parts that are trained on; exit code 1 when it is flagged')
        .argument('<folder>', 'folder of images, or a manifest.csv'),
    ).option('--limit <share>', 'highest share of leaking test images that passes', share, leakLimit),
  ).action((folder: string, options: LeaksOptions) =>
    runCommand(options, async ({ terminal, control }) => {
      const split = chooseSplit(await openDataSet(folder, options), options);
      const verdict = await checkLeaks(split, {
        limit: options.limit,
        ...(options.similarity !== undefined && { least: options.similarity }),
        ...control,
      });
      terminal.end();
      print(options, verdict, verdictText(verdict));
      return verdict.flagged ? exitCode.defective : exitCode.ok;
    }),
  );
}

function addGroups(data: Command): void {
  withSearchOptions(
    withDataOptions(
      data
        .command('groups')
        .description('propose part groups from near copies, as a manifest to look over')
        .argument('<folder>', 'folder of images, or a manifest.csv'),
    )
      .requiredOption('-o, --output <file>', 'CSV file; in the data set folder it can be used as its manifest at once')
      .option('--overwrite', 'replace the file where it is there already')
      .option('--fresh', 'leave part groups aside that are known already'),
  ).action((folder: string, options: GroupsOptions) =>
    runCommand(options, async ({ terminal, control }) => {
      const { output, overwrite } = options;
      await requireWritableFile(output, overwrite ? { overwrite } : {});
      const { images, root } = await openDataSet(folder, options);
      const copies = await findNearCopies(images, {
        ...(options.similarity !== undefined && { least: options.similarity }),
        ...control,
      });
      const grouped = proposePartGroups(images, copies, options.fresh ? undefined : (image) => image.partGroup);
      const inside = (path: string): string => relative(root, path).split(sep).join('/');
      await writeFileAtomic(
        options.output,
        groupManifest(grouped, (image) => (image.mask === undefined ? '' : inside(image.mask))),
      );
      terminal.end();
      const sizes = new Map<string, number>();
      for (const { group } of grouped) sizes.set(group, (sizes.get(group) ?? 0) + 1);
      const largest = Math.max(...sizes.values());
      const several = [...sizes.values()].filter((size) => size > 1).length;
      print(
        options,
        {
          output: options.output,
          images: images.length,
          nearCopies: copies.length,
          partGroups: sizes.size,
          several,
          largest,
        },
        `${copies.length} pairs of near copies; ${sizes.size} part groups over ${images.length} images, ${several} of several images, the largest of ${largest}.\n${options.output} is a proposal: look over column part_group, then use the file in place of the folder (felfri train flow ${options.output} ...). Its paths are relative to ${root}.`,
      );
      return exitCode.ok;
    }),
  );
}

export function addLeakCommands(data: Command): void {
  addLeaks(data);
  addGroups(data);
}
