/** The documents that are made from the source say what the source says now. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { annotationsDocument, annotationsPath } from '../scripts/annotations-doc.ts';
import { readPackage } from '../scripts/bundled-dependencies.ts';
import { withContents } from '../scripts/contents.ts';
import { dataSetsDocument, dataSetsPath } from '../scripts/data-sets-doc.ts';
import { indexedDocuments } from '../scripts/docs-site.ts';
import { errorsDocument, errorsPath } from '../scripts/errors-doc.ts';
import { glossaryDocument, glossaryPath, readmeWithWords } from '../scripts/glossary-doc.ts';
import { httpApiDocument, httpApiPath } from '../scripts/http-api-doc.ts';
import { documentPaths } from '../scripts/layout-doc.ts';
import { type LockFile, licencesDocument, licencesPath, readLockFile, refusedLicences } from '../scripts/licences.ts';
import { lineOutputsDocument, lineOutputsPath, lineSourcesDocument, lineSourcesPath } from '../scripts/line-doc.ts';
import { operatorsDocument, operatorsPath } from '../scripts/operators-doc.ts';
import { repositoryPath } from '../scripts/repository.ts';
import { readComparisons, resultsDocument, resultsPath } from '../scripts/results-doc.ts';
import { wrapped } from '../scripts/wrapped.ts';
import { laidOut } from '../scripts/write-document.ts';
import { rules } from '../src/judge/rules/table.ts';
import { formOf, ruleKinds } from '../src/judge/rules/text.ts';

describe('made documents', () => {
  it.each([
    [errorsPath, async () => errorsDocument()],
    [lineOutputsPath, async () => lineOutputsDocument()],
    [lineSourcesPath, async () => lineSourcesDocument()],
    [glossaryPath, async () => glossaryDocument()],
    [annotationsPath, async () => annotationsDocument()],
    [dataSetsPath, async () => dataSetsDocument()],
    [operatorsPath, async () => operatorsDocument()],
    [httpApiPath, async () => httpApiDocument()],
    [licencesPath, async () => licencesDocument(await readLockFile())],
    [resultsPath, async () => resultsDocument(await readComparisons())],
  ])('%s is what its source gives (else run npm run docs)', async (path, make) => {
    expect(await readFile(repositoryPath(path), 'utf8')).toBe(laidOut(await make()));
  });
});

describe('a document', () => {
  it('lists its sections first where it is long, and keeps to 100 columns (else run npm run docs)', async () => {
    for (const path of await documentPaths()) {
      const text = await readFile(repositoryPath(path), 'utf8');
      expect(laidOut(text), path).toBe(text);
    }
  });

  it('has no list where it is short, and takes no line of code for a section', () => {
    expect(withContents('# A\n\n## B\n')).toBe('# A\n\n## B\n');
    const sections = ['One', 'Two, and more', 'Three'].map((name) => `## ${name}\n\n\`\`\`sh\n## no section\n\`\`\`\n`);
    const long = `# A\n\n${sections.join('\n')}${'text\n'.repeat(200)}`;
    const listed = withContents(long);
    expect(listed.match(/^\* .*$/gm)).toEqual([
      '* [One](#one)',
      '* [Two, and more](#two-and-more)',
      '* [Three](#three)',
    ]);
    expect(withContents(listed)).toBe(listed);
  });
});

describe('wrapping', () => {
  const words = (count: number): string => Array.from({ length: count }, () => 'nine chars').join(' ');

  it('fills paragraphs, items and quotations, each in its own indent', () => {
    expect(wrapped(words(10))).toBe(`${words(9)}\nnine chars`);
    expect(wrapped(`* ${words(10)}\n* chars`)).toBe(`* ${words(9)}\n  nine chars\n* chars`);
    expect(wrapped(`> ${words(9)}\n> nine`)).toBe(`> ${words(9)}\n> nine`);
  });

  it('leaves code, tables and headings as they are, and begins no list by chance', () => {
    const verbatim = ['```', 'a', 'b', '```', `| ${words(12)} |`, `## ${words(12)}`].join('\n');
    expect(wrapped(verbatim)).toBe(verbatim);
    expect(wrapped(`${words(9)} 12. more`)).toBe(`${words(8)} nine\nchars 12. more`);
    expect(wrapped('ten instead of\n4. No pair')).toBe('ten instead of 4. No pair');
  });
});

describe('the README', () => {
  it('says its words as the glossary does (else run npm run docs)', async () => {
    const readme = await readFile(repositoryPath('README.md'), 'utf8');
    expect(readme).toContain('| recall | share of defective parts');
    expect(readmeWithWords(readme)).toBe(readme);
  });
});

describe('the index', () => {
  it('lists every document once, so that the site holds each', async () => {
    const listed = indexedDocuments(await readFile(repositoryPath('docs/README.md'), 'utf8')).map(({ path }) => path);
    const there = (await readdir(repositoryPath('docs'), { recursive: true })).filter((path) => path.endsWith('.md'));
    const own = there.filter((path) => path !== 'README.md').map((path) => `docs/${path}`);
    expect(listed.filter((path) => path.startsWith('docs/')).sort()).toEqual(own.sort());
    expect(new Set(listed).size).toBe(listed.length);
  });
});

describe('the security requirements', () => {
  it('name tests that are there', async () => {
    const text = await readFile(repositoryPath('docs/security-requirements.md'), 'utf8');
    const named = [...text.matchAll(/`([\w./-]+\.test\.ts|[\w./-]+\/actions\.ts)`/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(50);
    const whole = (path: string) => (/^(src|test)\//.test(path) ? path : `src/station/${path}`);
    const missing = named.filter((path) => !existsSync(repositoryPath(whole(path))));
    expect(missing).toEqual([]);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const met = rows.filter((line) => line.split('|').some((cell) => /^ met\b/.test(cell)));
    expect(met.length).toBeGreaterThan(40);
    expect(met.filter((line) => !line.includes('.test.ts`'))).toEqual([]);
  });
});

describe('the lock file', () => {
  it('names no install script that would run for users, as that of onnxruntime asks another host (else run npm run lock)', async () => {
    const { packages } = await readLockFile();
    const running = Object.entries(packages).filter(
      ([, entry]) => entry.hasInstallScript === true && entry.dev !== true,
    );
    expect(running.map(([path]) => path)).toEqual([]);
  });
});

describe('a packed felfri', () => {
  it('bundles every dependency (else run npm run lock)', async () => {
    const { dependencies, bundleDependencies } = await readPackage(repositoryPath('package.json'));
    expect(bundleDependencies).toEqual(Object.keys(dependencies!).sort());
  });
});

describe('the guide', () => {
  it('lists every threshold rule as the table has it', async () => {
    const guide = await readFile(repositoryPath('docs/guide/engineer.md'), 'utf8');
    for (const kind of ruleKinds) expect(guide).toContain(`| \`${formOf(kind)}\` | ${rules[kind].meaning} |`);
  });
});

describe('licences', () => {
  const lock = (name: string, license: string | undefined, dev = false): LockFile => ({
    packages: {
      '': { license: 'Apache-2.0' },
      [`node_modules/${name}`]: { version: '1.0.0', dev, ...(license === undefined ? {} : { license }) },
    },
  });

  it('are all accepted', async () => {
    expect(refusedLicences(await readLockFile())).toEqual([]);
  });

  it.each([
    ['a copyleft licence', 'GPL-3.0-only'],
    ['both sides of an AND', 'MIT AND GPL-2.0'],
    ['a choice of two such', '(GPL-2.0 OR AGPL-3.0)'],
    ['libvips’ licence elsewhere', 'LGPL-3.0-or-later'],
    ['no licence', undefined],
    ['text that is no expression', 'SEE LICENSE IN FILE'],
    ['an open bracket', '(MIT'],
  ])('refuse %s', (_, license) => {
    expect(refusedLicences(lock('something', license))).toEqual([
      `something 1.0.0: ${license === undefined ? 'none stated' : license}`,
    ]);
  });

  it.each(['MIT', '(MIT OR GPL-3.0)', 'Apache-2.0 AND (MIT OR GPL-3.0)', 'ISC'])('accept %s', (license) => {
    expect(refusedLicences(lock('something', license))).toEqual([]);
  });

  it('make exceptions for the named packages alone, one of them in development alone', () => {
    expect(refusedLicences(lock('@img/sharp-libvips-linux-x64', 'LGPL-3.0-or-later'))).toEqual([]);
    expect(refusedLicences(lock('lightningcss', 'MPL-2.0', true))).toEqual([]);
    expect(refusedLicences(lock('lightningcss', 'MPL-2.0'))).toHaveLength(1);
  });
});
