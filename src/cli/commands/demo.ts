/** `felfri demo`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { type DemoResult, runDemo } from '../../jobs/demo.ts';
import { formatEvaluations } from '../../judge/evaluation-table.ts';
import { whole } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { summaryJson } from '../summary.ts';

function text({ detectors, report, newPart }: DemoResult): string {
  const lines = [formatEvaluations(detectors.flatMap((d) => d.evaluation ?? [])), ''];
  lines.push(`A new part, which has a ${newPart.className} (${newPart.image}):`);
  for (const { detector, inspection, heatMap } of newPart.inspections) {
    const { decision, score, threshold, milliseconds } = inspection;
    const name = detector === 'flow' ? 'flow ' : 'U-Net';
    lines.push(
      `  ${name}  ${decision.padEnd(3)} score ${score.toPrecision(4)}, threshold ${threshold?.toPrecision(4)}, ${milliseconds.detect.toFixed(0)} ms, heat map ${heatMap}`,
    );
  }
  lines.push('', `Report: ${pathToFileURL(resolve(report)).href}`);
  return lines.join('\n');
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('simulate parts, train both detectors, judge them, write a report, inspect a new part (a few minutes)')
    .option('-o, --output <folder>', 'where everything goes; an earlier demo there is replaced', 'felfri-demo')
    .option('--small', 'every step in half a minute, to see that all works; the detectors learn little')
    .option('--seed <n>', 'seed of everything random', whole(0), 0)
    .option('--json', 'one JSON object on standard output')
    .option('--quiet', 'no progress')
    .action((options: OutputOptions & { output: string; seed: number; small?: boolean }) =>
      runCommand(options, async ({ terminal, control }) => {
        const { output, seed, small = false } = options;
        const result = await runDemo({
          output,
          seed,
          small,
          ...control,
        });
        terminal.end();
        const inspections = result.newPart.inspections.map(
          ({ detector, heatMap, inspection: { map: _, ...facts } }) => ({ detector, heatMap, ...facts }),
        );
        print(
          options,
          {
            report: result.report,
            detectors: result.detectors.map(summaryJson),
            newPart: { ...result.newPart, inspections },
          },
          text(result),
        );
        return exitCode.ok;
      }),
    );
}
