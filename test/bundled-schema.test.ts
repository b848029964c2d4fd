/** The one file that the build makes of core/schema.ts and its library. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { bundleSchema } from '../scripts/bundle-schema.ts';
import * as source from '../src/core/schema.ts';
import { temporaryFolders } from './support/folder.ts';

const folder = temporaryFolders();

it('is whole, says whose the library is, and checks as the source does', async () => {
  const file = join(await folder(), 'schema.mjs');
  await bundleSchema(file);
  const text = await readFile(file, 'utf8');
  expect(text).not.toMatch(/^(import|export)\b.*from /m);
  expect(text).toMatch(/^\/\*\nTypeBox\n\nThe MIT License \(MIT\)/);
  const bundled = (await import(pathToFileURL(file).href)) as typeof source;
  for (const { Type, Value } of [source, bundled]) {
    const shape = Type.Object({ name: Type.String(), sides: Type.Array(Type.Integer({ minimum: 1 })) });
    expect(JSON.parse(JSON.stringify(shape)).required).toEqual(['name', 'sides']);
    expect(Value.Check(shape, { name: 'a', sides: [1, 2] })).toBe(true);
    expect([...Value.Errors(shape, { name: 'a', sides: [0] })].map(({ instancePath }) => instancePath)).toEqual([
      '/sides/0',
    ]);
  }
});
