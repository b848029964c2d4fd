/** The documents that are made from the source say what the source says now. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { annotationsDocument, annotationsPath } from '../scripts/annotations-doc.ts';
import { readPackage } from '../scripts/bundled-dependencies.ts';
import { dataSetsDocument, dataSetsPath } from '../scripts/data-sets-doc.ts';
import { errorsDocument, errorsPath } from '../scripts/errors-doc.ts';
import { httpApiDocument, httpApiPath } from '../scripts/http-api-doc.ts';
import { type LockFile, licencesDocument, licencesPath, readLockFile, refusedLicences } from '../scripts/licences.ts';
import { operatorsDocument, operatorsPath } from '../scripts/operators-doc.ts';
import { readComparisons, resultsDocument, resultsPath } from '../scripts/results-doc.ts';
import { repositoryPath } from '../scripts/write-document.ts';
import { rules } from '../src/judge/rules/table.ts';
import { formOf, ruleKinds } from '../src/judge/rules/text.ts';

describe('made documents', () => {
  it.each([
    [errorsPath, async () => errorsDocument()],
    [annotationsPath, async () => annotationsDocument()],
    [dataSetsPath, async () => dataSetsDocument()],
    [operatorsPath, async () => operatorsDocument()],
    [httpApiPath, async () => httpApiDocument()],
    [licencesPath, async () => licencesDocument(await readLockFile())],
    [resultsPath, async () => resultsDocument(await readComparisons())],
  ])('%s is what its source gives (else run npm run docs)', async (path, make) => {
    expect(await readFile(repositoryPath(path), 'utf8')).toBe(await make());
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
