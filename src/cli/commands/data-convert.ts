/** `felfri data convert`. */
import { type Command, Option } from 'commander';
import {
  type Conversion,
  type ConversionTarget,
  conversionTargets,
  convertDataSet,
} from '../../data/annotations/convert.ts';
import { annotationFormats } from '../../data/annotations/formats/table.ts';
import { problemLines } from '../../data/problems-text.ts';
import { type DataOptions, openDataSet, withDataOptions } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface ConvertOptions extends DataOptions, OutputOptions {
  readonly output: string;
  readonly to: ConversionTarget;
  readonly polygons?: boolean;
}

/** How many names are shown of a list. */
const shownNames = 10;

function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > shownNames ? [`  and ${items.length - shownNames} more`] : [];
  return [`${title}: ${items.length}`, ...items.slice(0, shownNames).map((item) => `  ${item}`), ...more];
}

function conversionText(conversion: Conversion): string {
  const { output, format, images, defective, pixels, lost, added, changed, problems } = conversion;
  const title = format === 'manifest' ? 'manifest.csv with masks' : annotationFormats[format].title;
  const exact = lost === 0 && added === 0;
  return [
    `${output}: ${images} images as ${title}, ${defective} of them defective.`,
    exact
      ? `Read back, all ${pixels} pixels of defects are the same.`
      : `Read back, ${lost} of ${pixels} pixels of defects are lost and ${added} are new.`,
    ...listed('Images that read back differently', changed),
    ...(problems.length > 0
      ? [`Left out: ${problems.length}`, ...problemLines(problems).map((line) => `  ${line}`)]
      : []),
  ].join('\n');
}

export function addConvertCommand(data: Command): void {
  const convert = data
    .command('convert')
    .description('write a data set in another format of annotations, with its images, and read it back to compare')
    .argument('<folder>', 'folder of images, or a manifest.csv');
  withDataOptions(convert)
    .requiredOption('-o, --output <folder>', 'new folder; nothing is ever written over')
    .addOption(new Option('--to <format>', 'what to write').choices(conversionTargets).makeOptionMandatory())
    .option('--polygons', 'polygons in place of run lengths, masks and brushes (coco, cvat, label-studio)')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action((folder: string, options: ConvertOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        const conversion = await convertDataSet(dataSet, options.output, options.to, {
          ...(options.polygons && { polygons: true }),
          ...control,
        });
        const all = { ...conversion, problems: [...dataSet.problems, ...conversion.problems] };
        terminal.end();
        print(options, all, conversionText(all));
        return all.problems.length + all.changed.length > 0 ? exitCode.partial : exitCode.ok;
      }),
    );
}
