/** `felfri data check`; the other commands on data are in data-convert.ts and data-leaks.ts. */
import type { Command } from 'commander';
import { checkDataSet, leavesOut } from '../../data/check.ts';
import { formatDataCheck } from '../../data/check-text.ts';
import { nextStep } from '../next-step.ts';
import { type DataOptions, openDataSet, withDataOptions } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { addConvertCommand } from './data-convert.ts';
import { addLeakCommands } from './data-leaks.ts';

export function addDataCommand(program: Command): void {
  const data = program.command('data').description('look at a data set');
  const check = data
    .command('check')
    .description('what is here, what is odd, and how far plain brightness would get')
    .argument('<folder>', 'folder of images, or a manifest.csv');
  withDataOptions(check)
    .option('--no-near-copies', 'leave out the search for near copies, which takes longest')
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      '\nExit code: 0 all can be learned from, 3 a training would leave something out: it is named, with the reason.',
    )
    .action((folder: string, options: DataOptions & OutputOptions & { nearCopies: boolean }) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        terminal.onPhase('Reading every image');
        const result = await checkDataSet(dataSet, {
          nearCopies: options.nearCopies,
          ...control,
        });
        terminal.end();
        const isGood = dataSet.images.some(({ label }) => label === 'good');
        const next = isGood
          ? `\n${nextStep.dataCheck(folder)}`
          : '\nNo image is good: say which classes are by --good-classes, or which folder is by --good.';
        print(options, result, formatDataCheck(result) + next);
        return leavesOut(result) ? exitCode.partial : exitCode.ok;
      }),
    );
  addConvertCommand(data);
  addLeakCommands(data);
}
