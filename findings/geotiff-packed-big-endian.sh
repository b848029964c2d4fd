#!/usr/bin/env bash
# geotiff 3.0.5 (npm), readRasters of valid TIFFs of packed 12-bit grey values, the same values in a little- and in a big-endian file.
# A guess: packed bits run from the most significant one on in both, so both give the same values (tifffile reads them so).
# Seen: the little-endian file is right; every value of the big-endian one comes out with its two bytes exchanged. Nothing says so.
#   seen: little-endian -> 1000,2047,3,4095
#   seen: big-endian    -> 59395,65287,768,65295
# So a 12-bit image from a big-endian writer is noise of 16 bits, unless the reader turns the bytes back.
set -euo pipefail
here=$(mktemp -d); trap 'rm -rf "$here"' EXIT; cd "$here"
npm init -y >/dev/null 2>&1
npm install --ignore-scripts --no-audit --no-fund geotiff@3.0.5 >/dev/null 2>&1
cat > run.mjs <<'JS'
import { fromArrayBuffer } from 'geotiff';
// 1000, 2047, 3, 4095 as 12 bits each
const data = Buffer.from('3e87ff003fff', 'hex');
function tiff(big) {
  const tags = [[256, 4, 4], [257, 4, 1], [258, 3, 12], [259, 3, 1], [262, 3, 1], [273, 4, 8], [277, 3, 1], [278, 4, 1], [279, 4, data.length]];
  const table = Buffer.alloc(2 + tags.length * 12 + 4);
  const put = (value, at, size) => (big ? table.writeUIntBE(value, at, size) : table.writeUIntLE(value, at, size));
  put(tags.length, 0, 2);
  tags.forEach(([tag, type, value], i) => {
    put(tag, 2 + 12 * i, 2);
    put(type, 4 + 12 * i, 2);
    put(1, 6 + 12 * i, 4);
    put(value, 10 + 12 * i, type === 3 ? 2 : 4);
  });
  const head = Buffer.from(big ? '4d4d002a0000000e' : '49492a000e000000', 'hex');
  return Buffer.concat([head, data, table]);
}
const read = async (big) => {
  const bytes = Uint8Array.from(tiff(big));
  const image = await (await fromArrayBuffer(bytes.buffer)).getImage();
  return [...(await image.readRasters({ interleave: true }))].join();
};
const [little, big] = [await read(false), await read(true)];
console.log(`little-endian -> ${little}\nbig-endian    -> ${big}`);
process.exit(little === '1000,2047,3,4095' && big === '59395,65287,768,65295' ? 0 : 1);
JS
node run.mjs
