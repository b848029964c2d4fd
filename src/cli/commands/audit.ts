/** `felfri audit verify` and `felfri audit export`. */
import type { Command } from 'commander';
import { AuditFormat, AuditSubject } from '../../station/contract/audit.ts';
import type { ExportWish } from '../audit-process.ts';
import { day, oneOf } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

const withDataOption = (command: Command): Command =>
  command.option('--data <folder>', 'data folder of the station', 'felfri-station');

function addVerify(audit: Command): void {
  withDataOption(
    audit.command('verify').description('follow its chain of hashes, and compare records and users with what it tells'),
  )
    .option('--head <hash>', 'hash noted at an earlier time, which must still be in the chain')
    .option('--heads <file>', 'heads that felfri serve --audit-heads noted, each of which must still be in the chain')
    .option('--json', 'one JSON object')
    .action((options: OutputOptions & { data: string; head?: string; heads?: string }) =>
      runCommand(options, async () => {
        const { verifyAudit } = await import('../audit-process.ts');
        const state = await verifyAudit(options.data, options);
        const text = `The chain holds: ${state.entries} entries; records and users are what it tells. Note its head, to prove later that none was cut off:\n${state.head}`;
        print(options, state, text);
        return exitCode.ok;
      }),
    );
}

type ExportOptions = OutputOptions & ExportWish & { readonly data: string };

const subjects = AuditSubject.anyOf.map((one) => one.const);
const formats = AuditFormat.anyOf.map((one) => one.const);

function addExport(audit: Command): void {
  withDataOption(audit.command('export').description('write its entries, oldest first, each with its sentence'))
    .option('--format <name>', 'csv, for people; ndjson, for programs', oneOf(...formats), 'csv')
    .option('-o, --out <file>', 'file to make (default: standard output)')
    .option('--action <name>', 'this action alone, such as recipe.thresholds (docs/station.md lists them)')
    .option(
      '--about <what>',
      `what entries are about: ${subjects.join(', ')}; kept is what was removed`,
      oneOf(...subjects),
    )
    .option('--subject <id>', 'of this recipe, inspection, data set or training (its id), or user (by name)')
    .option('--by <name>', 'what this user did')
    .option('--from <day>', 'from this day on (UTC), such as 2026-11-27', day)
    .option('--to <day>', 'to the end of this day (UTC)', day)
    .action((options: ExportOptions) =>
      runCommand(options, async ({ signal }) => {
        const { exportAudit } = await import('../audit-process.ts');
        const entries = await exportAudit(options.data, options, signal);
        process.stderr.write(`${entries} ${entries === 1 ? 'entry' : 'entries'}.\n`);
        return exitCode.ok;
      }),
    );
}

export function addAuditCommands(program: Command): void {
  const audit = program.command('audit').description('the station’s log of who changed what');
  addVerify(audit);
  addExport(audit);
}
