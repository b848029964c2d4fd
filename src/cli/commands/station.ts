/** `felfri station`: a stopped station's data folder, looked at, mended and set to another recipe. */
import type { Command } from 'commander';
import { oneOf } from '../options.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';
import { addBackup, addRestore } from './station-backup.ts';

interface FolderOptions extends OutputOptions {
  readonly data: string;
}

function addRepair(station: Command): void {
  station
    .command('repair')
    .description('say what of its files is damaged and set that aside; nothing is deleted')
    .option('--data <folder>', 'data folder of the station', 'felfri-station')
    .option('--dry-run', 'only say it')
    .option('--json', 'one JSON object')
    .action((options: FolderOptions & { dryRun?: boolean }) =>
      runCommand(options, async () => {
        const { repair } = await import('../station-folder.ts');
        const found = await repair(options.data, options.dryRun ?? false);
        const lines = found.map(({ kind, id, code, why, movedTo }) => {
          const now = movedTo === null ? '' : `\n  set aside as ${movedTo}`;
          return `${kind} ${id}: ${code}: ${why}${now}`;
        });
        print(options, { damaged: found }, lines.join('\n') || 'Nothing is damaged.');
        return found.some(({ movedTo }) => movedTo === null) ? exitCode.partial : exitCode.ok;
      }),
    );
}

function addRecipes(station: Command): void {
  station
    .command('recipes')
    .description('list the recipes of a stopped station and whether each is whole, or choose the active one')
    .argument('[action]', 'list, activate or deactivate', oneOf('list', 'activate', 'deactivate'), 'list')
    .argument('[recipe]', 'id, or a name that only one has')
    .option('--data <folder>', 'data folder of the station', 'felfri-station')
    .option('--json', 'one JSON object')
    .action((action: 'list' | 'activate' | 'deactivate', recipe: string | undefined, options: FolderOptions) =>
      runCommand(options, async () => {
        const { activate, deactivate, listRecipes } = await import('../station-folder.ts');
        if (action === 'activate') await activate(options.data, recipe);
        if (action === 'deactivate') await deactivate(options.data);
        const recipes = await listRecipes(options.data);
        const lines = recipes.map(
          ({ id, name, revision, active, damage }) =>
            `${active ? '*' : ' '} ${id}  revision ${revision}  ${name}${damage === null ? '' : `\n    damaged: ${damage}`}`,
        );
        print(options, { recipes }, lines.join('\n') || 'There is no recipe.');
        return recipes.some(({ damage }) => damage !== null) ? exitCode.partial : exitCode.ok;
      }),
    );
}

function addLife(station: Command): void {
  station
    .command('life')
    .description('write the whole life of a recipe as a page: making, changes, releases, use, and what proves it')
    .argument('<recipe>', 'id, or a name that only one has')
    .option('--data <folder>', 'data folder of the station, which may run', 'felfri-station')
    .option('-o, --out <file>', 'page to make (default: the name of the recipe)')
    .option('--json', 'one JSON object, and no page unless --out names it')
    .action((recipe: string, options: FolderOptions & { out?: string }) =>
      runCommand(options, async () => {
        const { writeLife } = await import('../life-process.ts');
        const { life, path } = await writeLife(options.data, recipe, options);
        print(options, life, `Wrote ${path}. Print it, or keep it with the head of the audit log at its end.`);
        return exitCode.ok;
      }),
    );
}

export function addFolderCommands(program: Command): void {
  const station = program.command('station').description('the data folder of a station: damage, recipes, backup');
  addRepair(station);
  addRecipes(station);
  addLife(station);
  addBackup(station);
  addRestore(station);
}
