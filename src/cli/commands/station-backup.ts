/** `felfri station backup` and `felfri station restore`. */
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import type { RecordCounts } from '../../station/records/records.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface BackupOptions extends OutputOptions {
  readonly output: string;
}

interface RestoreOptions extends OutputOptions {
  readonly dryRun?: boolean;
}

function heldText({ inspections, notInspected, recipes, users, audit }: RecordCounts): string {
  return `${inspections} inspections, ${notInspected} parts not inspected, ${recipes} recipes, ${users} users; audit log whole, ${audit.entries} entries, head ${audit.head}`;
}

const lostText = (missing: number): string[] =>
  missing === 0 ? [] : [`${missing} pictures are gone that records say are kept; the records are there`];

export function addBackup(station: Command): void {
  station
    .command('backup')
    .description('copy a station, running or not, into one file, and prove the copy whole')
    .argument('<data>', 'data folder of the station')
    .requiredOption('-o, --output <file>', 'where the backup goes; nothing may be there')
    .option('--json', 'one JSON object')
    .action((data: string, options: BackupOptions) =>
      runCommand(options, async ({ signal }) => {
        const { backup } = await import('../../station/backup/backup.ts');
        const { recordsPlace } = await import('../../station/records/open-records.ts');
        const { keepPrivate } = await import('../private-files.ts');
        keepPrivate();
        const folder = resolve(data);
        const made = await backup(folder, recordsPlace(folder, process.env), options.output, signal);
        const lines = [
          `${made.file}: ${made.files} files, ${made.bytes} bytes, read back and compared`,
          heldText(made.counts),
          ...lostText(made.missingPictures),
          ...made.missingRecipes.map((id) => `recipe ${id}: its bundle is gone`),
          `SHA-256 ${made.sha256}`,
        ];
        print(options, made, lines.join('\n'));
        return made.missingPictures + made.missingRecipes.length > 0 ? exitCode.partial : exitCode.ok;
      }),
    );
}

export function addRestore(station: Command): void {
  station
    .command('restore')
    .description('bring a station back from a backup into an empty folder, and prove it whole')
    .argument('<file>', 'backup that felfri made')
    .argument('[data]', 'folder that is not there, or is empty')
    .option('--dry-run', 'only read the backup, and say whether every file of it is whole')
    .option('--json', 'one JSON object')
    .action((file: string, data: string | undefined, options: RestoreOptions) =>
      runCommand(options, async () => {
        if (options.dryRun) return looked(file, options);
        if (data === undefined)
          throw new FelfriError('OPTION_INVALID', 'name the folder to restore into, or give --dry-run', {
            subject: 'data',
          });
        const { restore } = await import('../../station/backup/restore.ts');
        const { recordsPlace } = await import('../../station/records/open-records.ts');
        const { keepPrivate } = await import('../private-files.ts');
        keepPrivate();
        const folder = resolve(data);
        const change = { by: `${userInfo().username} at the command line`, at: new Date() };
        const done = await restore(resolve(file), folder, recordsPlace(folder, process.env), change);
        const lines = [
          `${folder}: ${done.files} files as of ${done.madeAt}, each with its SHA-256`,
          heldText(done.counts),
          ...lostText(done.missingPictures),
          ...done.damaged.map(({ kind, id, code, why }) => `${kind} ${id}: ${code}: ${why}`),
        ];
        print(options, { folder, ...done }, lines.join('\n'));
        return done.missingPictures + done.damaged.length > 0 ? exitCode.partial : exitCode.ok;
      }),
    );
}

async function looked(file: string, options: RestoreOptions): Promise<number> {
  const { readArchive } = await import('../../station/backup/archive-reader.ts');
  const { head, list, sha256 } = await readArchive(resolve(file));
  const files = Object.keys(list.files).length;
  const text = `${file}: whole, ${files} files as of ${head.madeAt}, by felfri ${head.felfri}\nit says: ${heldText(list.counts)}\nSHA-256 ${sha256}`;
  print(options, { ...head, sha256, files, counts: list.counts, missingPictures: list.missingPictures }, text);
  return exitCode.ok;
}
