/** `felfri calibrate` and `felfri evaluate`. */
import type { Command } from 'commander';
import { calibrateBundle } from '../../jobs/calibrate.ts';
import { evaluateBundle } from '../../jobs/evaluate.ts';
import { chooseSplit, openDataSet, type SplitOptions, withSplitOptions } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson } from '../summary.ts';

function withBundle(command: Command): Command {
  return withSplitOptions(
    command
      .argument('<bundle>', 'folder that felfri train wrote')
      .argument('<folder>', 'folder of images, or a manifest.csv'),
  )
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress');
}

export function addJudgingCommands(program: Command): void {
  withBundle(program.command('calibrate').description("set a bundle's threshold by a rule, on calibration images"))
    .option('--rule <rule>', 'accuracy, f1, recall=R, false-alarms=F, good-only=F (default: what the images allow)')
    .action((bundle: string, folder: string, options: SplitOptions & OutputOptions & { rule?: string }) =>
      runCommand(options, async ({ terminal, signal }) => {
        const split = chooseSplit(await openDataSet(folder, options), options);
        const { threshold, scored } = await calibrateBundle({
          ...terminalEvents(terminal),
          bundle,
          split,
          signal,
          ...(options.rule !== undefined && { rule: options.rule }),
        });
        terminal.end();
        print(
          options,
          { bundle, threshold, images: scored.length },
          `Threshold ${threshold.value.toPrecision(6)} by rule ${threshold.rule} on the ${threshold.chosenOn} (${scored.length} images).\n${threshold.statement}`,
        );
        return exitCode.ok;
      }),
    );

  withBundle(
    program.command('evaluate').description('judge a bundle on test images, by the threshold that it has'),
  ).action((bundle: string, folder: string, options: SplitOptions & OutputOptions) =>
    runCommand(options, async ({ terminal, signal }) => {
      const split = chooseSplit(await openDataSet(folder, options), options);
      const judged = await evaluateBundle({ ...terminalEvents(terminal), bundle, split, signal });
      terminal.end();
      print(options, summaryJson(judged), summarise(judged));
      return exitCode.ok;
    }),
  );
}

function terminalEvents(terminal: import('../terminal.ts').Terminal) {
  const { onPhase, onProgress, onTraining, onProblem, onWarning } = terminal;
  return { onPhase, onProgress, onTraining, onProblem, onWarning };
}
