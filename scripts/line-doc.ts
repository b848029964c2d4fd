/** Makes docs/line-outputs.md from the tables of connectors and of registers, and docs/line-sources.md from the table of sources. */
import type { TSchema } from '../src/core/schema.ts';
import { registerTables } from '../src/station/line/modbus/registers.ts';
import { partRows, stateRows } from '../src/station/line/mqtt/sparkplug/metrics.ts';
import { nodeTables } from '../src/station/line/opcua/nodes.ts';
import { commonSettings } from '../src/station/line/settings.ts';
import { partSettings } from '../src/station/line/sources/parts/settings.ts';
import { commonSourceSettings } from '../src/station/line/sources/settings.ts';
import { sourceKinds, sources } from '../src/station/line/sources/table.ts';
import { connectorKinds, connectors } from '../src/station/line/table.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const lineOutputsPath = 'docs/line-outputs.md';
export const lineSourcesPath = 'docs/line-sources.md';

const heads: Readonly<Record<number, readonly string[]>> = {
  5: ['address', 'name', 'type', 'written by', 'meaning'],
  3: ['bit', 'name', 'meaning'],
  2: ['value', 'meaning'],
};

function settingsTable(settings: Readonly<Record<string, TSchema>>): string {
  const rows = Object.entries(settings).map(([name, schema]) => {
    const { description = '', enum: legal } = schema as { description?: string; enum?: readonly unknown[] };
    const usual = 'default' in schema ? `\`${JSON.stringify(schema.default)}\`` : 'needed';
    const choices = legal ? ` (${legal.map((one) => `\`${JSON.stringify(one)}\``).join(', ')})` : '';
    return [`\`${name}\``, description + choices, usual];
  });
  return markdownTable(['setting', 'means', 'default'], rows);
}

interface Documented {
  readonly title: string;
  readonly does: string;
  readonly settings: Readonly<Record<string, TSchema>>;
}

const kindSection = (kind: string, { title, does, settings }: Documented): string =>
  `## ${title}\n\n\`"kind": "${kind}"\`. It ${does}.\n\n${settingsTable(settings)}`;

export function lineSourcesDocument(): string {
  return `# Sources of a line: settings

Made from \`src/station/line/sources/\` by \`npm run docs\`; edit that, not this. How to connect each is in
[images from folders and cameras](guide/sources.md).

## Every source

${settingsTable(commonSourceSettings)}

${sourceKinds.map((kind) => kindSection(kind, sources[kind])).join('\n\n')}

## Parts of several views

\`"parts": { "views": [...] }\`, beside sources and outputs.

${settingsTable(partSettings)}
`;
}

const metricTable = (
  rows: readonly { readonly name: string; readonly type: string; readonly meaning: string }[],
): string =>
  markdownTable(
    ['metric', 'type', 'meaning'],
    rows.map(({ name, type, meaning }) => [name, type, meaning]),
  );

export function lineOutputsDocument(): string {
  const kinds = connectorKinds.map((kind) => kindSection(kind, connectors[kind]));
  const tables = registerTables().map(
    ({ title, rows }) =>
      `### ${title}\n\n${markdownTable(
        [...heads[rows[0]!.length]!],
        rows.map((row) => [...row]),
      )}`,
  );
  const nodes = nodeTables().map(
    ({ title, heads: names, rows }) =>
      `### ${title}\n\n${markdownTable(
        [...names],
        rows.map((row) => [...row]),
      )}`,
  );
  return `# Outputs of a line: settings, registers and nodes

Made from \`src/station/line/\` by \`npm run docs\`; edit that, not this. How to connect each is in [the
integrator's guide](guide/integrator.md).

## Every output

${settingsTable(commonSettings)}

${kinds.join('\n\n')}

## Registers of Modbus

Addresses count from 0; some controllers call address 0 register 1, or 40001. Holding registers (function 3)
and input registers (4) are the same; functions 6, 16 and 23 write. A read beyond the end, or a write to what
the station writes, is refused whole with exception 2. \`felfri line registers\` prints this.

${tables.join('\n\n')}

## Metrics of Sparkplug B

With \`"payload": "sparkplug"\` of MQTT. The edge node is called as the station; its device \`line\` tells the last part. Beside
these the edge node has \`bdSeq\` and \`Node Control/Rebirth\`. A value that is not there is null.

### Of the edge node

${metricTable(stateRows)}

### Of the device

${metricTable(partRows)}

## Nodes of OPC UA

The object VisionSystem of OPC 40100-1 (namespace \`http://opcfoundation.org/UA/MachineVision\`) lies under Objects. Beside
its own ResultManagement it has that of OPC 40001-101 (\`http://opcfoundation.org/UA/Machinery/Result/\`). Ids of results
are ids on record. A reader is whoever was let in; roles are those of the station. \`felfri line nodes\` prints this.

${nodes.join('\n\n')}
`;
}

if (isMain(import.meta.url)) {
  await writeDocument(lineOutputsPath, lineOutputsDocument());
  await writeDocument(lineSourcesPath, lineSourcesDocument());
}
