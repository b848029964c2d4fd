#!/usr/bin/env bash
# chroma-js 3.2.0 against culori 4.0.2 (both npm): the colour difference CIEDE2000 between a sample and a part, as a spectrophotometer measured them in Lab
# (D65): two greys, two turquoises, two yellows.
#
# A reasonable guess: the same to two digits. Both take Lab, both compute from Lab, and no screen is part of it.
# Seen: chroma-js turns Lab into RGB at once and cuts it to what a screen shows; what it computes from is the cut colour. A turquoise part that differs by
# 2.13 from its sample is 0.52 off, within any tolerance, and two yellows 1.91 apart are nearly equal. Greys are right. `deltaE` says nothing.
#
# seen: grey culori 1.53 chroma-js 1.53 | turquoise culori 2.13 chroma-js 0.52 | yellow culori 1.91 chroma-js 0.05
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts chroma-js@3.2.0 culori@4.0.2 2>/dev/null
cat > look.mjs <<'JS'
import chroma from 'chroma-js';
import { differenceCiede2000 } from 'culori';

const difference = differenceCiede2000();
const lab65 = ([l, a, b]) => ({ mode: 'lab65', l, a, b });
const rows = [
  ['grey', [50, 0, 0], [51.5, 0.2, 0]],
  ['turquoise', [20.04, -11.3, -12.03], [20.31, -14.11, -12.92]],
  ['yellow', [85, 5, 90], [85, 5, 100]],
];
console.log(rows.map(([name, sample, part]) => `${name} culori ${difference(lab65(sample), lab65(part)).toFixed(2)} chroma-js ${
  chroma.deltaE(chroma.lab(...sample), chroma.lab(...part)).toFixed(2)}`).join(' | '));
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "grey culori 1.53 chroma-js 1.53 | turquoise culori 2.13 chroma-js 0.52 | yellow culori 1.91 chroma-js 0.05" ]
