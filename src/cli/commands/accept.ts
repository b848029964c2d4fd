/** `felfri accept`. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { parse } from 'yaml';
import { readManifestFile } from '../../bundle/content.ts';
import { FelfriError } from '../../core/errors.ts';
import { given } from '../../core/given.ts';
import { systemError } from '../../core/system-errors.ts';
import { felfriVersion } from '../../core/version.ts';
import { type Acceptance, acceptanceOf } from '../../judge/acceptance/acceptance.ts';
import { type Conditions, conditionNames, readConditions } from '../../judge/acceptance/conditions.ts';
import { renderAcceptance } from '../../judge/acceptance/report.ts';
import { acceptanceText } from '../../judge/acceptance/words.ts';
import { share } from '../options.ts';
import { requirePaperReport, writeReport } from '../report-option.ts';
import { beside, doneBut, exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { type AppraisalFileOptions, appraisalsOf, hashesOf, withAppraisalOptions } from './msa.ts';

interface AcceptOptions extends OutputOptions, AppraisalFileOptions {
  readonly slip: number;
  readonly pseudoReject: number;
  readonly confidence: number;
  readonly bundle?: string;
  readonly conditions?: string;
  readonly report?: string;
  readonly overwrite?: boolean;
  readonly title: string;
}

const help = `
Words are those of VDI/VDE/VDMA 2632: slip is a defective part that passes, pseudo-reject a good part that is kept out.
--conditions is a YAML file of lines "name: text"; names: ${conditionNames.join(', ')}.
Exit code 0: both limits are shown to be kept; 1: they are not.
Such as:
  felfri inspect bundles/flow acceptance/ --json > run1.ndjson
  felfri accept run1.ndjson --reference parts.csv --bundle bundles/flow --conditions test.yaml --report acceptance.html`;

async function conditionsOf(path: string | undefined): Promise<Conditions> {
  if (path === undefined) return {};
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw systemError(error, path) ?? error;
  });
  try {
    return readConditions(parse(text));
  } catch (cause) {
    if (cause instanceof FelfriError) throw cause;
    throw new FelfriError('OPTION_INVALID', `${path} is not YAML: ${(cause as Error).message}`, {
      subject: 'conditions',
      cause,
    });
  }
}

/** What was accepted, by its bundle. Throws BUNDLE_MISMATCH where the decisions are another one's. */
async function inspectedBy(
  bundle: string | undefined,
  { inspector }: Acceptance,
): Promise<{ name: string; value: string }[]> {
  const rows = [{ name: 'Inspector', value: inspector }];
  if (bundle === undefined) return rows;
  const { manifest, hash } = await readManifestFile(bundle);
  if (!inspector.startsWith(`felfri ${hash.slice(0, 8)}`))
    throw new FelfriError('BUNDLE_MISMATCH', `the decisions are of ${inspector}, and ${bundle} is ${hash.slice(0, 8)}; give the bundle that decided`, { subject: bundle }); // biome-ignore format: one line
  const { threshold, data, files } = manifest;
  return [
    ...rows,
    { name: 'Bundle, SHA-256', value: hash },
    { name: 'Model, SHA-256', value: files['model.onnx'] ?? 'unknown' },
    {
      name: 'NG from',
      value: threshold
        ? `${threshold.value} (${threshold.rule}, chosen on ${threshold.chosenOn})`
        : 'no threshold: every part is for REVIEW',
    },
    ...(threshold?.review ? [{ name: 'REVIEW from', value: String(threshold.review.value) }] : []),
    {
      name: 'Trained on',
      value: `${data.name}, ${data.images.train} images; threshold by ${data.images.calibration}; SHA-256 ${data.hash}`,
    },
  ];
}

async function accept(files: readonly string[], options: AcceptOptions): Promise<number> {
  const { report, overwrite = false, title, reference, conditions, bundle } = options;
  await requirePaperReport({ ...given({ report }), overwrite });
  const said = await conditionsOf(conditions);
  const acceptance = acceptanceOf(await appraisalsOf(files, options), options);
  const inspected = await inspectedBy(bundle, acceptance);
  const read = [
    ...(reference === undefined ? [] : [reference]),
    ...(conditions === undefined ? [] : [conditions]),
    ...files,
  ];
  const failure =
    report === undefined
      ? null
      : await beside(async () =>
          writeReport(
            report,
            renderAcceptance({
              title,
              subject: said.part ?? read.map((file) => basename(file)).join(', '),
              created: new Date().toISOString(),
              acceptance,
              conditions: said,
              inspected,
              files: await hashesOf(read),
              versions: [{ name: 'felfri', value: felfriVersion }],
            }),
          ),
        );
  print(
    options,
    { ...acceptance, conditions: said, inspected, report: failure === null ? (report ?? null) : null },
    acceptanceText(acceptance),
  );
  if (failure !== null) return doneBut(failure);
  return acceptance.finding === 'shown' ? exitCode.ok : exitCode.defective;
}

export function addAcceptCommand(program: Command): void {
  withAppraisalOptions(
    program
      .command('accept')
      .description(
        'acceptance report of an inspection: slip and pseudo-reject against agreed limits, and what is proved',
      )
      .argument(
        '<files...>',
        'results of felfri inspect --json on parts that had no say before, or a table of decisions',
      ),
  )
    .option('--slip <rate>', 'largest share of defective parts that may pass', share, 0.02)
    .option('--pseudo-reject <rate>', 'largest share of good parts that may be kept out', share, 0.05)
    .option('--confidence <c>', 'with which a limit must be shown; of intervals, too', share, 0.95)
    .option('--bundle <folder>', 'the bundle that decided, whose hash and threshold the report then has')
    .option('--conditions <file>', 'under which it was made, as YAML')
    .option('--report <file>', 'write a report there, to be signed: HTML, or PDF where it ends in .pdf')
    .option('--title <text>', 'title of the report', 'Acceptance of an automatic visual inspection')
    .option('--overwrite', 'replace what lies where the report goes')
    .option('--json', 'one JSON object on standard output')
    .addHelpText('after', help)
    .action((files: string[], options: AcceptOptions) =>
      runCommand({ quiet: true, ...(options.json && { json: true }) }, () => accept(files, options)),
    );
}
