/** `felfri msa`. */
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { sha256File } from '../../core/files.ts';
import { given } from '../../core/given.ts';
import { felfriVersion } from '../../core/version.ts';
import { readAppraisals } from '../../data/appraisals/read.ts';
import { attributeAgreement } from '../../judge/msa/agreement.ts';
import { cautionsOf, proofsOf } from '../../judge/msa/cautions.ts';
import { renderAgreement } from '../../judge/msa/report.ts';
import { agreementText } from '../../judge/msa/text.ts';
import { share } from '../options.ts';
import { requirePaperReport, writeReport } from '../report-option.ts';
import { beside, doneBut, type OutputOptions, print, runCommand } from '../run.ts';

export interface AppraisalFileOptions {
  readonly reference?: string;
  readonly good?: string;
  readonly partPattern?: RegExp;
}

interface MsaOptions extends OutputOptions, AppraisalFileOptions {
  readonly report?: string;
  readonly overwrite?: boolean;
  readonly title: string;
  readonly confidence: number;
}

const help = `
Files are results of felfri inspect --json, or tables (CSV or JSON) with a row a decision. Both may be mixed: people are appraisers, too.
A table's columns: part, decision, and appraiser where there are several; reference (good, or the class of a defect) and limit (yes for a
limit sample) may stand there, or in the table of --reference. Rows of one part and appraiser are its trials, in their order.
A repeat is the part, presented and photographed again: one picture that stands for two presentations is refused (PRESENTED_TWICE).
Such as:
  felfri inspect bundles/flow monday/ --json > monday.ndjson      then the same parts on Tuesday, and on Wednesday
  felfri msa monday.ndjson tuesday.ndjson wednesday.ndjson --reference parts.csv --report msa.html`;

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'u');
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** Adds the options by which appraisals are read. */
export function withAppraisalOptions(command: Command): Command {
  return command
    .option('--reference <file>', 'table of what each part is: columns part, reference, and limit')
    .option(
      '--good <words>',
      'words that alone let a part pass, such as 1 or Yes (default: those of docs/data-sets.md)',
    )
    .option(
      '--part-pattern <regexp>',
      'part of an inspected image: first capture of this on its file name (default: the name without its ending)',
      pattern,
    );
}

export const appraisalsOf = (files: readonly string[], { reference, good, partPattern }: AppraisalFileOptions) =>
  readAppraisals(files, given({ reference, good: good?.split(','), partPattern }));

/** Names and SHA-256 of the files that went in. */
export async function hashesOf(files: readonly string[]): Promise<{ name: string; value: string }[]> {
  const hashes = [];
  for (const file of files) hashes.push({ name: basename(file), value: await sha256File(file) });
  return hashes;
}

export function addMsaCommand(program: Command): void {
  withAppraisalOptions(
    program
      .command('msa')
      .description('study whether decisions repeat and are right (attribute agreement after AIAG MSA)')
      .argument('<files...>', 'results of felfri inspect --json, or tables of decisions'),
  )
    .option('--confidence <c>', 'of every interval; of bounds one-sided', share, 0.95)
    .option('--report <file>', 'write a report there: HTML, or PDF where it ends in .pdf')
    .option('--title <text>', 'title of the report', 'Attribute agreement')
    .option('--overwrite', 'replace what lies where the report goes')
    .option('--json', 'one JSON object on standard output')
    .addHelpText('after', help)
    .action((files: string[], options: MsaOptions) =>
      runCommand({ quiet: true, ...(options.json && { json: true }) }, async () => {
        const { report, overwrite = false, title, confidence, reference } = options;
        await requirePaperReport({ ...given({ report }), overwrite });
        const study = attributeAgreement(await appraisalsOf(files, options), confidence);
        const read = [...(reference === undefined ? [] : [reference]), ...files];
        const failure =
          report === undefined
            ? null
            : await beside(async () =>
                writeReport(
                  report,
                  renderAgreement({
                    title,
                    subject: read.map((file) => basename(file)).join(', '),
                    created: new Date().toISOString(),
                    study,
                    files: await hashesOf(read),
                    versions: [{ name: 'felfri', value: felfriVersion }],
                  }),
                ),
              );
        const proofs = study.appraisers.map((appraiser) => ({
          appraiser: appraiser.name,
          ...proofsOf(appraiser, confidence),
        }));
        print(
          options,
          { ...study, proofs, cautions: cautionsOf(study), report: failure === null ? (report ?? null) : null },
          agreementText(study),
        );
        return doneBut(failure);
      }),
    );
}
