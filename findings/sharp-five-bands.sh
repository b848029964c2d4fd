#!/usr/bin/env bash
# sharp 0.35.5 (npm, libvips 8.18.7), raw pixels of a valid TIFF of five 8-bit bands (photometric: black is zero, ExtraSamples 0 = unspecified).
# A guess: raw() gives the five bands, 10 20 30 40 50, and says five channels.
# Seen: metadata says 5 channels and an alpha channel, raw() gives SEVEN: the first band three times, as if grey became RGB, then the others.
#   seen: metadata channels 5, hasAlpha true; raw channels 7: 10,10,10,20,30,40,50
#   seen: after removeAlpha() three channels are left: 10,10,10 (bands 2 to 5 are gone)
# So code that counts on width x height x channels of the metadata reads pixels from the wrong places.
set -euo pipefail
here=$(mktemp -d); trap 'rm -rf "$here"' EXIT; cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund sharp@0.35.5 >/dev/null 2>&1
cat > run.cjs <<'JS'
const sharp = require('sharp');
const [width, height] = [8, 4];
const data = Buffer.concat(Array(width * height).fill(Buffer.from([10, 20, 30, 40, 50])));
const after = 8 + data.length;
const tags = [[256, 4, 1, width], [257, 4, 1, height], [258, 3, 5, 'bits'], [259, 3, 1, 1], [262, 3, 1, 1], [273, 4, 1, 8], [277, 3, 1, 5], [278, 4, 1, height], [279, 4, 1, data.length], [338, 3, 4, 'extra']];
const table = Buffer.alloc(2 + tags.length * 12 + 4);
const end = after + table.length;
table.writeUInt16LE(tags.length, 0);
tags.forEach(([tag, type, count, value], i) => {
  const at = 2 + 12 * i;
  table.writeUInt16LE(tag, at);
  table.writeUInt16LE(type, at + 2);
  table.writeUInt32LE(count, at + 4);
  if (value === 'bits') table.writeUInt32LE(end, at + 8);
  else if (value === 'extra') table.writeUInt32LE(end + 10, at + 8);
  else table.writeUInt32LE(value, at + 8);
});
const head = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
head.writeUInt32LE(after, 4);
const bits = Buffer.from(Array(5).fill([8, 0]).flat());
const file = Buffer.concat([head, data, table, bits, Buffer.alloc(8)]);
(async () => {
  const { channels, hasAlpha } = await sharp(file).metadata();
  const raw = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const without = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const first = ({ data: pixels, info }) => [...pixels.subarray(0, info.channels)].join();
  console.log(`metadata channels ${channels}, hasAlpha ${hasAlpha}; raw channels ${raw.info.channels}: ${first(raw)}`);
  console.log(`removeAlpha: ${first(without)}`);
  process.exit(channels === 5 && first(raw) === '10,10,10,20,30,40,50' && first(without) === '10,10,10' ? 0 : 1);
})();
JS
node run.cjs
