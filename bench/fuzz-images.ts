/**
 * Damages image files of every kind in test/golden/formats.json and reads them: each must give an image or a coded error, soon and in little
 * memory. `npx tsx bench/fuzz-images.ts [files of each kind, 1000 unless told] [part of a name]`
 */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { FelfriError } from '../src/core/errors.ts';
import { Random } from '../src/core/random.ts';
import { decodePixels } from '../src/data/image/decode.ts';
import { imageFormats } from '../src/data/image/formats.ts';
import { readImageHeader } from '../src/data/image/header.ts';
import { stateFrame } from '../src/data/image/raw/stated-frame.ts';
import { mutated } from '../test/support/mutated.ts';

const [count = '1000', part = ''] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(new URL('../test/golden/formats.json', import.meta.url), 'utf8')) as readonly {
  readonly name: string;
  readonly file: string;
}[];

const byFormat = new Map<string, (readonly [string, Buffer])[]>();
for (const { name, file } of cases) {
  const bytes = Buffer.from(file, 'base64');
  const { format } = await readImageHeader(bytes, name, 1e6);
  byFormat.set(format, [...(byFormat.get(format) ?? []), [name, bytes]]);
}

const noise = sharp(
  Uint8Array.from({ length: 48 * 40 * 3 }, (_, i) => (i * 7919) % 251),
  { raw: { width: 48, height: 40, channels: 3 } },
);
for (const format of ['jpeg', 'webp', 'gif'] as const)
  byFormat.set(format, [[format, await noise.clone().toFormat(format).toBuffer()]]);

const grey = new Uint8Array(48 * 40 * 1.5);
byFormat.set('frame', [['frame', Buffer.from(stateFrame(grey, '48x40:BayerRG12p'))]]);

let failures = 0;
for (const [format, files] of byFormat) {
  if (!format.includes(part)) continue;
  const codes = new Map<string, number>();
  let slowest = 0;
  let memory = 0;
  for (let i = 0; i < Number(count); i++) {
    const [name, bytes] = files[i % files.length]!;
    const damaged = mutated(bytes, Random.of(i, 'fuzz', name));
    const start = performance.now();
    const result = await decodePixels(damaged, name).catch((error: unknown) => error);
    slowest = Math.max(slowest, performance.now() - start);
    memory = Math.max(memory, process.memoryUsage.rss());
    const code =
      result instanceof FelfriError ? result.code : result instanceof Error ? `NO CODE: ${result.message}` : 'read';
    if (code.startsWith('NO CODE')) failures++;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  const told = [...codes].sort(([, a], [, b]) => b - a).map(([code, n]) => `${code} ${n}`);
  const { title } = imageFormats[format as keyof typeof imageFormats];
  console.log(
    `${title}: ${told.join(', ')}; slowest ${slowest.toFixed(0)} ms, memory up to ${(memory / 2 ** 20).toFixed(0)} MiB`,
  );
}
process.exitCode = failures > 0 ? 1 : 0;
