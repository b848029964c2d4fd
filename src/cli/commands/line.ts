/** `felfri line`: the sources and outputs of a line, looked at without a station. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { FelfriError } from '../../core/errors.ts';
import type { LineCheck } from '../../station/contract/line.ts';
import { exitCode, type OutputOptions, print, runCommand } from '../run.ts';

interface LineOptions extends OutputOptions {
  readonly data: string;
  readonly line?: string;
}

function addCheck(line: Command): void {
  line
    .command('check')
    .description('read the file of the line, and try each source and output; no image is taken, no part is sent')
    .option('--data <folder>', 'data folder of the station', 'felfri-station')
    .option('--line <file>', 'the file (default: line.json in --data)')
    .option('--json', 'one JSON object')
    .action((options: LineOptions) =>
      runCommand(options, async () => {
        const { findLineFile } = await import('../../station/line/file.ts');
        const { checkOutput } = await import('../../station/line/check.ts');
        const { checkSource } = await import('../../station/line/sources/sources.ts');
        const file = await findLineFile(options.line, resolve(options.data));
        if (!file)
          throw new FelfriError(
            'LINE_INVALID',
            `there is no line.json in ${options.data}; write one, or name it by --line`,
          );
        const about = ({ name, kind }: { name: string; kind: string }, check: LineCheck) => ({ name, kind, ...check });
        const [sources, outputs] = await Promise.all([
          Promise.all(file.sources.map(async (source) => about(source, await checkSource(source)))),
          Promise.all(file.outputs.map(async (output) => about(output, await checkOutput(output)))),
        ]);
        const all = [...sources, ...outputs];
        const lines = all.map(
          ({ name, kind, ok, message }) => `${ok ? 'ok    ' : 'FAILED'} ${name} (${kind}): ${message}`,
        );
        const none = `${file.path} names neither sources nor outputs.`;
        print(options, { station: file.station, sources, outputs }, lines.join('\n') || none);
        return all.every(({ ok }) => ok) ? exitCode.ok : exitCode.partial;
      }),
    );
}

function addRegisters(line: Command): void {
  line
    .command('registers')
    .description('the registers of the Modbus output, to print')
    .option('--json', 'one JSON object')
    .action((options: OutputOptions) =>
      runCommand(options, async () => {
        const { registerTables } = await import('../../station/line/modbus/registers.ts');
        const tables = registerTables();
        const text = tables.map(({ title, rows }) => `${title}\n${columns(rows)}`);
        print(options, { tables }, text.join('\n\n'));
        return exitCode.ok;
      }),
    );
}

function addNodes(line: Command): void {
  line
    .command('nodes')
    .description('the nodes of the OPC UA output, to print')
    .option('--json', 'one JSON object')
    .action((options: OutputOptions) =>
      runCommand(options, async () => {
        const { nodeTables } = await import('../../station/line/opcua/nodes.ts');
        const tables = nodeTables();
        const text = tables.map(({ title, heads, rows }) => `${title}\n${columns([heads, ...rows])}`);
        print(options, { tables }, text.join('\n\n'));
        return exitCode.ok;
      }),
    );
}

/** Rows under each other, each column as wide as its longest. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}

export function addLineCommands(program: Command): void {
  const line = program
    .command('line')
    .description('the line: images from folders and cameras, decisions to controllers and plant');
  addCheck(line);
  addRegisters(line);
  addNodes(line);
}
