/** Messages to a process and back: large arrays of bytes come whole, in order, each to where it belongs. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { compiledFile } from '../../../test/support/compiled.ts';
import { temporaryFolders } from '../../../test/support/folder.ts';
import { carrierOf } from './child.ts';
import { Thread } from './questions.ts';
import { startProcessAt } from './start.ts';

interface Tasks {
  echo: {
    ask: { name: string; bytes: Uint8Array };
    answer: { name: string; bytes: Uint8Array; map: { data: Uint8Array } };
  };
  whole: { ask: number; answer: Uint8Array };
  spin: { ask: null; answer: never };
}

const folder = temporaryFolders();

const script = `
import { answerQuestions } from ${JSON.stringify(pathToFileURL(compiledFile('engine/workers/questions')).href)};
answerQuestions({
  echo: ({ name, bytes }) => ({ name, bytes, map: { data: bytes.map((v) => 255 - v) } }),
  whole: (length) => new Uint8Array(length).fill(7),
  spin: () => { for (;;); },
});
`;

it('brings arrays of every size there and back, many at once', async () => {
  const file = join(await folder(), 'answers.mjs');
  await writeFile(file, script);
  const { FELFRI_COMPILED } = process.env;
  delete process.env['FELFRI_COMPILED'];
  const child = startProcessAt(pathToFileURL(file), null);
  process.env['FELFRI_COMPILED'] = FELFRI_COMPILED;
  const thread = new Thread<Tasks>(carrierOf(child), (why) => new Error(`gone: ${why}`));
  const sizes = [0, 1, 32_767, 32_768, 100_000, 1_500_000, 3, 1_000_000];
  const answers = await Promise.all(
    sizes.map(async (size, i) => {
      const bytes = Uint8Array.from({ length: size }, (_, j) => (i + j) % 251);
      const { name, bytes: back, map } = await thread.ask('echo', { name: `n${i}`, bytes });
      return [name, Buffer.compare(back, bytes), back.length, map.data.every((v, j) => v === 255 - bytes[j]!)];
    }),
  );
  expect(answers).toEqual(sizes.map((size, i) => [`n${i}`, 0, size, true]));
  expect(await thread.ask('whole', 200_000)).toEqual(new Uint8Array(200_000).fill(7));
  // what computes for ever is ended, also while it is asked something large
  const refused = [
    thread.ask('spin', null, { limitMillis: 300 }),
    thread.ask('echo', { name: 'late', bytes: new Uint8Array(3_000_000) }),
  ];
  for (const one of refused) await expect(one).rejects.toThrow('gone: no answer in 0.3 s');
  await thread.terminate();
  expect(child.signalCode).toBe('SIGKILL');
});
