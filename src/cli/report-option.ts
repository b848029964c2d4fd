/** The option of a report: one file beside what is printed, HTML, or PDF where a command says so. */
import type { Command } from 'commander';
import { FelfriError } from '../core/errors.ts';
import { writeFileAtomic } from '../core/files.ts';
import { requireWritableFile } from '../core/outputs.ts';
import { isReport } from '../judge/report/page.ts';
import { isPdfReport, pdfOfReport } from '../judge/report/pdf/report-pdf.ts';

export interface ReportOption {
  readonly report?: string;
  readonly overwrite?: boolean;
}

export function withReportOption(command: Command): Command {
  return command
    .option('--report <file>', 'write what was found as one HTML file')
    .option('--overwrite', 'replace what lies at --report, though felfri did not write it');
}

/** Before anything is computed: throws OPTION_INVALID unless it is a name of HTML, and what an output throws that is not free. */
export async function requireReport({ report, overwrite }: ReportOption): Promise<void> {
  if (report === undefined) return;
  if (!/\.html?$/i.test(report)) {
    throw new FelfriError('OPTION_INVALID', `--report: got ${report}; legal is a name that ends in .html`, {
      subject: 'report',
    });
  }
  await requireWritableFile(report, { isOwn: isReport, ...(overwrite && { overwrite }) });
}

const isPdf = (report: string): boolean => /\.pdf$/i.test(report);

/** Likewise for a report that may be PDF. Throws what an output throws that is not free. */
export async function requirePaperReport({ report, overwrite = false }: ReportOption): Promise<void> {
  if (report === undefined) return;
  const isOwn = isPdf(report) ? isPdfReport : isReport;
  await requireWritableFile(report, { isOwn, own: 'report of felfri', overwrite });
}

/** Writes the page of a report as HTML, or as PDF where the name says so. */
export async function writeReport(report: string, page: string): Promise<void> {
  await writeFileAtomic(report, isPdf(report) ? await pdfOfReport(page) : page);
}

/** The command as it can be typed again in a shell. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return ['felfri', ...quoted].join(' ');
}
