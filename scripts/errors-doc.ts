/** Makes docs/errors.md from src/core/errors.ts. */
import { errorCodes } from '../src/core/errors.ts';
import { isMain } from './repository.ts';
import { markdownTable, writeDocument } from './write-document.ts';

export const errorsPath = 'docs/errors.md';

export function errorsDocument(): string {
  const rows = Object.entries(errorCodes).map(([code, { http, meaning }]) => [`\`${code}\``, String(http), meaning]);
  return `# Errors

Made from \`src/core/errors.ts\` by \`npm run docs\`; edit that file, not this one.

Every error that felfri raises on purpose is a \`FelfriError\` with one of these codes. Codes are stable: scripts may rely on
them, and none changes its meaning. The message says what was got, what is legal and what to do; \`subject\` names the file or
option it is about. HTTP is the status of the station's answer. An error about one image never stops the work on the others.

${markdownTable(['code', 'HTTP', 'meaning'], rows)}
`;
}

if (isMain(import.meta.url)) await writeDocument(errorsPath, errorsDocument());
