#!/usr/bin/env bash
# image-js 1.7.0 (npm): the fitted ellipse of spots in a mask: a disc of radius 20, an upright bar of 10 x 40 and a flat one of 40 x 10, and a scratch of 30 x 1.
#
# A reasonable guess: axes of the spot's own area that tell its shape: 40 and 40 of the disc, 45 and 11 of both bars, over 30 and about 1 of the scratch.
# Seen: the disc is twice as long as wide, the scratch 9 long and 4 wide, and the bar has other axes when it is turned by a quarter. The length of
# the short axis is measured to an end of the long one, and both are then scaled by that. Only the area is right. Lengths and slenderness of
# defects by which a part is judged are other numbers; `width`, `height` and `feret` are right.
#
# seen: disc 56.6 28.3 | upright 64.0 8.0 | flat 30.2 16.9 | scratch 8.7 4.4 | feret of the scratch 30.0
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts image-js@1.7.0 2>/dev/null
cat > look.mjs <<'JS'
import { fromMask, Mask } from 'image-js';

function look(name, within) {
  const mask = new Mask(80, 80);
  for (let y = 0; y < 80; y++) for (let x = 0; x < 80; x++) if (within(x, y)) mask.setBit(x, y, true);
  const [spot] = fromMask(mask).getRois({ kind: 'white' });
  const { majorAxis, minorAxis } = spot.ellipse;
  return [`${name} ${majorAxis.length.toFixed(1)} ${minorAxis.length.toFixed(1)}`, spot.feret.maxDiameter.length.toFixed(1)];
}
const box = (left, top, width, height) => (x, y) => x >= left && x < left + width && y >= top && y < top + height;
const rows = [
  look('disc', (x, y) => (x - 40) ** 2 + (y - 40) ** 2 <= 400), look('upright', box(10, 10, 10, 40)),
  look('flat', box(10, 10, 40, 10)), look('scratch', box(10, 10, 30, 1)),
];
console.log(`${rows.map(([axes]) => axes).join(' | ')} | feret of the scratch ${rows[3][1]}`);
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "disc 56.6 28.3 | upright 64.0 8.0 | flat 30.2 16.9 | scratch 8.7 4.4 | feret of the scratch 30.0" ]
