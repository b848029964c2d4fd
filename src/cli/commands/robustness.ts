/** `felfri robustness`. */
import { type Command, InvalidArgumentError } from 'commander';
import { writeFileAtomic } from '../../core/files.ts';
import { given } from '../../core/given.ts';
import { type DisturbanceName, disturbanceNames, disturbances } from '../../data/disturb/table.ts';
import { type Robustness, testRobustness, USUAL_IMAGES } from '../../jobs/robustness/robustness.ts';
import { counted } from '../../judge/report/format.ts';
import { renderRobustness } from '../../judge/report/robustness-report.ts';
import { type Rates, toleranceText } from '../../judge/robustness.ts';
import {
  chooseSplit,
  type DeviceOption,
  openDataSet,
  type SplitOptions,
  whole,
  withDeviceOption,
  withSplitOptions,
} from '../options.ts';
import { commandLine, type ReportOption, requireReport, withReportOption } from '../report-option.ts';
import { beside, doneBut, type OutputOptions, print, runCommand } from '../run.ts';

interface RobustnessOptions extends SplitOptions, OutputOptions, DeviceOption, ReportOption {
  readonly images: number;
  readonly only?: DisturbanceName[];
  readonly threads?: number;
}

function namesOf(text: string): DisturbanceName[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !(disturbanceNames as string[]).includes(name));
  if (wrong !== undefined)
    throw new InvalidArgumentError(`There is no ${wrong}; legal are ${disturbanceNames.join(', ')}.`);
  return names as DisturbanceName[];
}

const help = `
Disturbances:
${disturbanceNames.map((name) => `  ${name.padEnd(9)} ${disturbances[name].degree}: ${disturbances[name].degrees.join(', ')}`).join('\n')}`;

const figure = (value: number | null): string => (value === null ? '-' : value.toFixed(3)).padStart(9);

const rateLine = (name: string, { auroc, recall, falseAlarmRate, reviewRate }: Rates, note: string): string =>
  `${name.padEnd(14)}${figure(auroc?.value ?? null)}${figure(recall.value)}${figure(falseAlarmRate.value)}${figure(reviewRate.value)}${note && `  ${note}`}`;

function text({ good, defective, parts, plain, disturbed }: Robustness): string {
  const head = `${' '.repeat(14)}${['AUC-ROC', 'not OK', 'good NG', 'REVIEW'].map((name) => name.padStart(9)).join('')}`;
  return [
    `${counted(good, 'good image')} and ${counted(defective, 'defective image')} of ${counted(parts, 'part group')}. Not OK: share of the defective images; good NG and REVIEW: shares of the good ones.`,
    '',
    head,
    rateLine('undisturbed', plain, ''),
    ...disturbed.flatMap(({ title, degree, degrees, limit }) => [
      '',
      `${title} (${degree}): ${limit === null ? 'does not hold at the mildest degree' : `holds to ${limit}`}`,
      ...degrees.map((rates) => rateLine(`  ${rates.degree}`, rates, rates.holds ? '' : 'does not hold')),
    ]),
    '',
    `Here ${toleranceText}.`,
  ].join('\n');
}

export function addRobustnessCommand(program: Command): void {
  const command = program
    .command('robustness')
    .description('how a bundle judges when light, focus, place, noise, storage or dirt are other than they were')
    .argument('<bundle>', 'folder that felfri train wrote')
    .argument('<folder>', 'folder of images, or a manifest.csv; its test images are disturbed');
  withReportOption(withDeviceOption(withSplitOptions(command)))
    .option('--images <n>', 'most test images; each is judged about 40 times', whole(2), USUAL_IMAGES)
    .option('--only <names>', 'disturbances, separated by commas (default: all)', namesOf)
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .addHelpText('after', help)
    .action((bundle: string, folder: string, options: RobustnessOptions) =>
      runCommand(options, async ({ terminal, control }) => {
        const { report, images, only, threads, device, seed } = options;
        await requireReport(options);
        const dataSet = await openDataSet(folder, options);
        const split = chooseSplit(dataSet, options);
        const found = await testRobustness({
          ...control,
          bundle,
          split,
          images,
          device,
          seed,
          ...given({ only, threads }),
        });
        terminal.end();
        const write = async (): Promise<void> => {
          if (report === undefined) return;
          const page = renderRobustness({
            ...found,
            title: `How far the ${found.detector} holds`,
            created: new Date().toISOString(),
            dataSet: { name: dataSet.name, split: [`Split: ${split.name}.`, ...split.notes] },
            command: commandLine(process.argv.slice(2)),
          });
          await writeFileAtomic(report, page);
        };
        const failure = await beside(write);
        print(options, { ...found, report: failure === null ? (report ?? null) : null }, text(found));
        return doneBut(failure);
      }),
    );
}
