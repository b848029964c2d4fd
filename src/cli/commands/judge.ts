/** `felfri calibrate` and `felfri evaluate`. */
import type { Command } from 'commander';
import type { BlankPolicy } from '../../inspect/inspector.ts';
import { calibrateBundle } from '../../jobs/calibrate.ts';
import { evaluateBundle } from '../../jobs/evaluate.ts';
import {
  chooseSplit,
  type LeakOption,
  oneOf,
  openDataSet,
  type RuleOptions,
  type SplitOptions,
  withLeakOption,
  withReviewOption,
  withRuleOption,
  withSplitOptions,
} from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summarise, summaryJson, thresholdText } from '../summary.ts';

function withBundle(command: Command): Command {
  return withSplitOptions(
    command
      .argument('<bundle>', 'folder that felfri train wrote')
      .argument('<folder>', 'folder of images, or a manifest.csv'),
  )
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress');
}

type CalibrateOptions = SplitOptions & OutputOptions & RuleOptions & { readonly blank?: BlankPolicy };

const calibrateHelp = `
Such as --rule false-alarms=0.01 --review recall=0.99: sure enough to reject, and what a person should look at.
Without --review an earlier REVIEW threshold is given up.`;

export function addJudgingCommands(program: Command): void {
  const calibrate = program
    .command('calibrate')
    .description("set a bundle's threshold by a rule, on calibration images");
  withReviewOption(withRuleOption(withBundle(calibrate)))
    .option(
      '--blank <what>',
      'pictures that show nothing (black, white, one value): review, or judge them like others (default: as told before, else as the good images say)',
      oneOf('review', 'judge'),
    )
    .addHelpText('after', calibrateHelp)
    .action((bundle: string, folder: string, options: CalibrateOptions) =>
      runCommand(options, async ({ terminal, signal }) => {
        const split = chooseSplit(await openDataSet(folder, options), options);
        const { threshold, scored } = await calibrateBundle({
          ...terminalEvents(terminal),
          bundle,
          split,
          signal,
          ...(options.rule !== undefined && { rule: options.rule }),
          ...(options.review !== undefined && { review: options.review }),
          ...(options.blank !== undefined && { blank: options.blank }),
        });
        terminal.end();
        print(
          options,
          { bundle, threshold, images: scored.length },
          `${thresholdText(threshold)}\n(${scored.length} images)`,
        );
        return exitCode.ok;
      }),
    );

  withLeakOption(
    withBundle(program.command('evaluate').description('judge a bundle on test images, by the threshold that it has')),
  ).action((bundle: string, folder: string, options: SplitOptions & OutputOptions & LeakOption) =>
    runCommand(options, async ({ terminal, signal }) => {
      const split = chooseSplit(await openDataSet(folder, options), options);
      const judged = await evaluateBundle({
        ...terminalEvents(terminal),
        bundle,
        split,
        signal,
        allowLeaks: options.allowLeaks ?? false,
      });
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
