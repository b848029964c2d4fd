/** Makes docs/operators.md from the engine's operator table. */
import { operatorTable } from '../src/engine/operators/table.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const operatorsPath = 'docs/operators.md';

export function operatorsDocument(): string {
  const rows = Object.entries(operatorTable).map(([name, { doc, gradient }]) => [
    `\`${name}\``,
    doc,
    gradient === 'none' ? 'no' : 'yes',
  ]);
  const differentiable = rows.filter((row) => row[2] === 'yes').length;
  return `# Operators

Made from the table in \`src/engine/operators/table.ts\` by \`npm run docs\`; edit the table, not this file.

The engine's closed set: ${rows.length} operators, ${differentiable} of them differentiable. Networks, losses and gradients are graphs of these alone. Each has a shape
rule, an ONNX form and, where differentiable, a gradient rule that a test compares with finite differences on random
inputs. CONTRIBUTING.md says how to add one.

${markdownTable(['operator', 'what it does', 'differentiable'], rows)}
`;
}

if (isMain(import.meta.url)) await writeDocument(operatorsPath, operatorsDocument());
