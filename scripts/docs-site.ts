/** Builds the documents and the library's reference as one site that needs no network: `npm run docs:site`; the station serves it under /docs. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, normalize, relative } from 'node:path';
import { Application, Converter, type DocumentReflection } from 'typedoc';
import { isMain, repositoryPath } from './repository.ts';

/** Within the built page, which the station serves and the package holds. */
const siteFolder = 'dist/web/docs';
const index = 'docs/README.md';

/** A document that the index lists: its path from the repository's root, and the need that it stands under. */
export interface IndexedDocument {
  readonly path: string;
  readonly need: string;
}

/** The documents in the index's order, which is the one list of what there is. */
export function indexedDocuments(markdown: string): readonly IndexedDocument[] {
  const documents: IndexedDocument[] = [];
  let need = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) need = line.slice(3);
    for (const [, target = ''] of line.matchAll(/\]\(([^)#:]+\.md)\)/g)) {
      documents.push({ path: normalize(join('docs', target)), need });
    }
  }
  return documents;
}

/** What a document is called: its heading. */
const headingOf = ({ content, name }: DocumentReflection): string => content[0]?.text.match(/^# (.+)\n/)?.[1] ?? name;

async function convert(documents: readonly IndexedDocument[]): Promise<void> {
  const needs = [...new Set(documents.map(({ need }) => need))];
  const app = await Application.bootstrapWithPlugins({
    name: 'felfri',
    tsconfig: repositoryPath('tsconfig.build.json'),
    entryPoints: ['src/index.ts', 'src/engine/index.ts', 'src/station/client/client.ts'].map(repositoryPath),
    sortEntryPoints: false,
    projectDocuments: documents.map(({ path }) => repositoryPath(path)),
    readme: repositoryPath(index),
    out: repositoryPath(siteFolder),
    plugin: ['typedoc-plugin-missing-exports'],
    // the compiler has checked the same files
    skipErrorChecking: true,
    disableSources: true,
    favicon: repositoryPath('web/public/icon.svg'),
    hideGenerator: true,
    cacheBust: true,
    navigation: { includeGroups: true },
    searchInDocuments: true,
    searchInComments: true,
    excludePrivate: true,
    excludeExternals: true,
    groupOrder: [...needs, 'Modules'],
    // who searches wants to read first; the reference comes after
    searchGroupBoosts: Object.fromEntries(needs.map((need) => [need, 4])),
    sort: ['source-order'],
    kindSortOrder: ['Document', 'Project', 'Module', 'Namespace'],
    validation: {
      notExported: false,
      invalidLink: true,
      invalidPath: false,
      rewrittenLink: true,
      notDocumented: false,
      unusedMergeModuleWith: true,
    },
    logLevel: 'Warn',
  });
  const needOf = new Map(documents.map(({ path, need }) => [repositoryPath(path), need]));
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => {
    const file = document.project.files.getReflectionPath(document);
    document.frontmatter['group'] = needOf.get(file ?? '') ?? 'To look up';
    document.name = headingOf(document);
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('the sources could not be read');
  await app.generateOutputs(project);
  if (app.logger.hasErrors()) throw new Error('the site has errors');
}

const INLINE = /<script>([^<]+)<\/script>/g;

/** The station's pages run no inline script, so each becomes a file beside the others. */
async function withoutInlineScripts(folder: string): Promise<void> {
  const scripts = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true })) {
    if (!entry.endsWith('.html')) continue;
    const path = join(folder, entry);
    const html = await readFile(path, 'utf8');
    const assets = relative(join(path, '..'), join(folder, 'assets')).replaceAll('\\', '/');
    const linked = html.replace(INLINE, (_, script: string) => {
      const name = scripts.get(script) ?? `inline-${scripts.size + 1}.js`;
      scripts.set(script, name);
      return `<script src="${assets}/${name}"></script>`;
    });
    if (linked !== html) await writeFile(path, linked);
  }
  for (const [script, name] of scripts) await writeFile(join(folder, 'assets', name), script);
}

/** Builds the site anew. */
async function buildSite(): Promise<void> {
  await rm(repositoryPath(siteFolder), { recursive: true, force: true });
  await convert(indexedDocuments(await readFile(repositoryPath(index), 'utf8')));
  await withoutInlineScripts(repositoryPath(siteFolder));
  console.log(`wrote ${siteFolder}/index.html`);
}

if (isMain(import.meta.url)) await buildSite();
