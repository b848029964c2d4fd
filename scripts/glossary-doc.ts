/** Makes docs/glossary.md, and the README's few words, from the table of words. */
import { readFile } from 'node:fs/promises';
import { glossary, type Word } from '../src/core/glossary.ts';
import { isMain, repositoryPath } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const glossaryPath = 'docs/glossary.md';

/** What somebody needs who reads the README alone. */
const firstWords: readonly Word[] = [
  'part',
  'mask',
  'score',
  'threshold',
  'REVIEW',
  'recall',
  'calibration',
  'fold',
  'bundle',
  'recipe',
];

const table = (words: readonly Word[]): string =>
  markdownTable(
    ['word', 'meaning'],
    words.map((word) => [word, glossary[word]]),
  );

const alphabetical = (Object.keys(glossary) as Word[]).sort((a, b) =>
  a.localeCompare(b, 'en', { sensitivity: 'base' }),
);

export const glossaryDocument = (): string => `# Words

Made from the table in \`src/core/glossary.ts\` by \`npm run docs\`; edit the table, not this file.

${table(alphabetical)}
`;

const section = /(?<=\n## Words\n\n)[\s\S]*?(?=\n## )/;

/** The README with its table of words as the glossary has it. */
export const readmeWithWords = (readme: string): string =>
  readme.replace(section, `${table(firstWords)}\n\nAll words: [glossary](${glossaryPath}).\n`);

if (isMain(import.meta.url)) {
  await writeDocument(glossaryPath, glossaryDocument());
  await writeDocument('README.md', readmeWithWords(await readFile(repositoryPath('README.md'), 'utf8')));
}
