/** `felfri inspect`. */
import type { Command } from 'commander';
import { readManifest } from '../../bundle/content.ts';
import type { BundleManifest } from '../../bundle/schema.ts';
import { FelfriError } from '../../core/errors.ts';
import { writeFileAtomic } from '../../core/files.ts';
import { given } from '../../core/given.ts';
import type { FrameStatement } from '../../data/image/raw/stated-frame.ts';
import { statingSource } from '../../inspect/heat-map-png.ts';
import { type Inspection, Inspector } from '../../inspect/inspector.ts';
import { lanesFor } from '../../inspect/lanes.ts';
import type { PicturePolicy } from '../../inspect/legal-input.ts';
import { type FoundFiles, findImageFiles } from '../image-files.ts';
import { InspectionOutput, type WrittenMap } from '../inspection-output.ts';
import { type MapTarget, mapTargets } from '../map-files.ts';
import { type DeviceOption, oneOf, whole, withDeviceOption, withRawOption } from '../options.ts';
import { beside, type OutputOptions, runCommand } from '../run.ts';

interface InspectOptions extends OutputOptions, DeviceOption {
  readonly maps?: string;
  readonly overwrite?: boolean;
  readonly recursive?: boolean;
  readonly blank?: PicturePolicy;
  readonly otherSizes?: PicturePolicy;
  readonly threads?: number;
  readonly raw?: FrameStatement;
}

const exitCodes = `
Exit code: 0 all OK, 1 at least one NG, 2 nothing could be done, 3 something was not inspected or a heat map not written (and none is NG),
4 at least one REVIEW (and none is NG, and all were inspected).
Not inspected are images that cannot be read or judged, files of formats that felfri does not read, sub-folders, and links that lead nowhere;
each is named. Text files, tables and hidden files in a folder are no images and do not count.`;

/** Writes an inspection's heat map; what that fails by leaves the run going. */
async function draw({ path, of }: MapTarget, inspection: Inspection, inspector: Inspector): Promise<WrittenMap> {
  const failure = await beside(async () =>
    writeFileAtomic(path, statingSource(await inspector.heatMap(inspection.image, inspection), of)),
  );
  return failure ?? path;
}

async function inspectAll(
  { bundle, manifest }: { readonly bundle: string; readonly manifest: BundleManifest },
  { files, passedOver, others }: FoundFiles,
  options: InspectOptions,
  signal: AbortSignal,
): Promise<number> {
  const { maps, overwrite = false, threads, device, blank, otherSizes, raw } = options;
  const targets =
    maps === undefined ? undefined : await mapTargets(maps, files, { model: manifest.files['model.onnx']!, overwrite });
  const inspector = await Inspector.open(bundle, {
    ...lanesFor(files.length, threads, device),
    device,
    ...given({ blank, otherSizes }),
    ...(raw !== undefined && { raw }),
  });
  const output = new InspectionOutput(options, { others, bundle: inspector.hash });
  output.passedOver(passedOver);
  try {
    let i = 0;
    for await (const result of inspector.inspectAll(files.map(({ path }) => path))) {
      const { path } = files[i]!;
      const target = targets?.[i];
      i++;
      if (result instanceof FelfriError) output.refused(path, result);
      else output.decided(result, target === undefined ? undefined : await draw(target, result, inspector));
      if (signal.aborted) throw new FelfriError('INTERRUPTED', `stopped after ${i} of ${files.length} images`);
    }
  } finally {
    await inspector.close();
  }
  return output.end();
}

export function addInspectCommand(program: Command): void {
  withRawOption(withDeviceOption(program.command('inspect')))
    .description('decide on images: OK, NG, or REVIEW between two thresholds and where the bundle has none')
    .argument('<bundle>', 'folder that felfri train wrote')
    .argument('<images...>', 'image files, or folders of them')
    .option('--recursive', 'inspect the images in folders within folders, too')
    .option('--maps <folder>', 'write each image with its heat map there; a folder of its own')
    .option(
      '--overwrite',
      'replace what lies in the folder of maps under the name of a map, and is none of the same image by the same model',
    )
    .option(
      '--blank <what>',
      'pictures that show nothing (black, white, one value), or lack lines: review, or judge them like others (default: as the bundle says)',
      oneOf('review', 'judge'),
    )
    .option(
      '--other-sizes <what>',
      'pictures of quite another size or proportion than those learned: review, or judge them like others (default: as the bundle says)',
      oneOf('review', 'judge'),
    )
    .option('--threads <n>', 'threads for computing (default: all cores)', whole(1))
    .option(
      '--json',
      'a JSON object a line: image, decision, reason, score, parts, views, threshold, review, milliseconds, and bundle (SHA-256 of bundle.json)',
    )
    .option('--quiet', 'no output but errors; the exit code tells')
    .addHelpText('after', exitCodes)
    .action((bundle: string, images: string[], options: InspectOptions) =>
      runCommand({ quiet: true, ...(options.json && { json: true }) }, async ({ signal }) => {
        const manifest = await readManifest(bundle);
        const { recursive = false, raw = manifest.pixels?.raw } = options;
        const found = await findImageFiles(images, { recursive, frames: raw !== undefined });
        return inspectAll({ bundle, manifest }, found, options, signal);
      }),
    );
}
