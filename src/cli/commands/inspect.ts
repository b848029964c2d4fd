/** `felfri inspect`. */
import { basename, extname, join } from 'node:path';
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { readImage } from '../../data/image/decode.ts';
import { writePng } from '../../data/image/encode.ts';
import { drawHeatMap } from '../../inspect/heat-map.ts';
import { type Inspection, Inspector } from '../../inspect/inspector.ts';
import { lanesFor } from '../../inspect/lanes.ts';
import { imageFiles } from '../image-files.ts';
import { type DeviceOption, whole, withDeviceOption } from '../options.ts';
import { exitCode, type OutputOptions, runCommand } from '../run.ts';

interface InspectOptions extends OutputOptions, DeviceOption {
  readonly maps?: string;
  readonly threads?: number;
}

/** A file name in the folder of maps, numbered where two images are called the same. */
function mapNames(files: readonly string[]): string[] {
  const used = new Map<string, number>();
  return files.map((file) => {
    const stem = basename(file, extname(file));
    const count = (used.get(stem) ?? 0) + 1;
    used.set(stem, count);
    return `${stem}${count > 1 ? `-${count}` : ''}.png`;
  });
}

function line(inspection: Inspection, heatMap: string | undefined): string {
  const { image, decision, reason, score, threshold, review, milliseconds } = inspection;
  const from = review === null ? '' : `, REVIEW from ${review.toPrecision(4)}`;
  const limit = threshold === null ? 'no threshold' : `threshold ${threshold.toPrecision(4)}${from}`;
  const time = `${(milliseconds.read + milliseconds.detect).toFixed(0)} ms`;
  return `${decision.padEnd(6)}  score ${score.toPrecision(4)} (${limit})  ${time.padStart(7)}  ${image}${reason === null ? '' : `: ${reason}`}${heatMap ? `  -> ${heatMap}` : ''}`;
}

export function addInspectCommand(program: Command): void {
  withDeviceOption(program.command('inspect'))
    .description('decide on images: OK, NG, or REVIEW between two thresholds and where the bundle has none')
    .argument('<bundle>', 'folder that felfri train wrote')
    .argument('<images...>', 'image files, or folders of them')
    .option('--maps <folder>', 'write each image with its heat map there')
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option('--json', 'a JSON object a line: image, decision, reason, score, parts, threshold, review, milliseconds')
    .option('--quiet', 'no output but errors; the exit code tells')
    .addHelpText(
      'after',
      '\nExit code: 0 all OK, 1 at least one NG, 2 nothing could be done, 3 some images could not be read (and none is NG), 4 at least one REVIEW (and none is NG or unread).',
    )
    .action((bundle: string, images: string[], options: InspectOptions) =>
      runCommand({ quiet: true, ...(options.json && { json: true }) }, async ({ signal }) => {
        const files = await imageFiles(images);
        const names = mapNames(files);
        const inspector = await Inspector.open(bundle, {
          ...lanesFor(files.length, options.threads, options.device),
          device: options.device,
        });
        let defective = 0;
        let unread = 0;
        let review = 0;
        try {
          let i = 0;
          for await (const result of inspector.inspectAll(files)) {
            const file = files[i]!;
            const target = options.maps === undefined ? undefined : join(options.maps, names[i]!);
            i++;
            if (result instanceof FelfriError) {
              unread++;
              if (options.json) process.stdout.write(`${JSON.stringify({ image: file, error: result })}\n`);
              else process.stderr.write(`${result.code}: ${result.message}\n`);
            } else {
              if (result.decision === 'NG') defective++;
              if (result.decision === 'REVIEW') review++;
              if (target)
                await writePng(target, drawHeatMap(await readImage(file), result.map, inspector.manifest.mapRange));
              const { map: _, ...facts } = result;
              if (options.json)
                process.stdout.write(`${JSON.stringify({ ...facts, ...(target && { heatMap: target }) })}\n`);
              else if (!options.quiet) process.stdout.write(`${line(result, target)}\n`);
            }
            if (signal.aborted) throw new FelfriError('INTERRUPTED', `stopped after ${i} of ${files.length} images`);
          }
        } finally {
          await inspector.close();
        }
        if (defective > 0) return exitCode.defective;
        if (unread > 0) return exitCode.partial;
        return review > 0 ? exitCode.review : exitCode.ok;
      }),
    );
}
