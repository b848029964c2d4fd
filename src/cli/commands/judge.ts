/** `felfri calibrate` and `felfri evaluate`. */
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { given } from '../../core/given.ts';
import type { PicturePolicy } from '../../inspect/legal-input.ts';
import { calibrateBundle } from '../../jobs/judge/calibrate.ts';
import { evaluateBundle } from '../../jobs/judge/evaluate.ts';
import { nextStep } from '../next-step.ts';
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

type CalibrateOptions = SplitOptions &
  OutputOptions &
  RuleOptions & { readonly blank?: PicturePolicy; readonly otherSizes?: PicturePolicy };

const calibrateHelp = `
Such as --rule false-alarms=0.01 --review recall=0.99: sure enough to reject, and what a person should look at.
Without --review an earlier REVIEW threshold is given up.`;

export function addJudgingCommands(program: Command): void {
  addCalibrate(program);
  addEvaluate(program);
}

function addCalibrate(program: Command): void {
  const calibrate = program
    .command('calibrate')
    .description("set a bundle's threshold by a rule, on calibration images");
  withReviewOption(withRuleOption(withBundle(calibrate)))
    .option(
      '--blank <what>',
      'pictures that show nothing (black, white, one value), or lack lines: review, or judge them like others (default: as told before, else as the good images say)',
      oneOf('review', 'judge'),
    )
    .option(
      '--other-sizes <what>',
      'pictures of quite another size or proportion than those of the training and calibration images: review, or judge them like others (default: as told before, else review)',
      oneOf('review', 'judge'),
    )
    .addHelpText('after', calibrateHelp)
    .action((bundle: string, folder: string, options: CalibrateOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const dataSet = await openDataSet(folder, options);
        const split = chooseSplit(dataSet, options);
        const { threshold, scored } = await calibrateBundle({
          ...control,
          bundle,
          split,
          compared: dataSet,
          ...given({
            rule: options.rule,
            review: options.review,
            blank: options.blank,
            otherSizes: options.otherSizes,
          }),
        });
        terminal.end();
        print(
          options,
          { bundle, threshold, images: scored.length },
          `${thresholdText(threshold)}\n(${scored.length} images)\n${nextStep.calibrate(bundle, folder)}`,
        );
        return exitCode.ok;
      }),
    );
}

function addEvaluate(program: Command): void {
  withLeakOption(
    withBundle(program.command('evaluate').description('judge a bundle on test images, by the threshold that it has')),
  ).action((bundle: string, folder: string, options: SplitOptions & OutputOptions & LeakOption) =>
    runCommand(options, async ({ terminal, control }) => {
      const dataSet = await openDataSet(folder, options);
      const split = chooseSplit(dataSet, options);
      const judged = await evaluateBundle({
        ...control,
        bundle,
        split,
        compared: dataSet,
        allowLeaks: options.allowLeaks ?? false,
      });
      terminal.end();
      if (judged.scored.length === 0) {
        const why = judged.missing ?? 'the split has none';
        throw new FelfriError('DATASET_TOO_SMALL', `test images: ${why}; the bundle is as it was`, { subject: bundle });
      }
      print(options, summaryJson(judged), `${summarise(judged)}\n${nextStep.evaluate(bundle)}`);
      return exitCode.ok;
    }),
  );
}
