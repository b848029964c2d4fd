#!/usr/bin/env bash
# tifffile 2026.3.3 (PyPI) writes a map of scores as float32 TIFF: 0, 0.5, 1, 1.5, 2, 10, -1. utif2 4.1.0 (npm) makes a picture of it by `toRGBA8`.
#
# A guess: 0 to 1 becomes black to white and what lies beyond is clamped, or the range of the map is stretched: the highest score is the brightest.
# Seen: 0 to 1 becomes 0 to 255, and what lies beyond wraps round: 1.5 is as grey as 0.5, 2 and 10 are a little darker than 1, and -1 is nearly black
# by chance alone. In the picture of a flow's map the defect has any brightness.
#
# seen: 0->0 0.5->128 1->255 1.5->127 2->254 10->246 -1->2
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile tifffile==2026.3.3
npm init -y >/dev/null 2>&1
npm install --ignore-scripts --no-audit --no-fund --silent utif2@4.1.0 2>/dev/null
venv/bin/python - <<'PY'
import numpy, tifffile
scores = numpy.array([[0, 0.5, 1, 1.5, 2, 10, -1]], "f4")
tifffile.imwrite("map.tif", scores, photometric="minisblack")
assert (tifffile.imread("map.tif") == scores).all()
PY
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import UTIF from 'utif2';
const { buffer } = Uint8Array.from(readFileSync('map.tif'));
const [map] = UTIF.decode(buffer);
UTIF.decodeImage(buffer, map);
const picture = UTIF.toRGBA8(map);
console.log([0, 0.5, 1, 1.5, 2, 10, -1].map((score, n) => `${score}->${picture[4 * n]}`).join(' '));
JS
seen=$(node read.mjs)
echo "$seen"
[ "$seen" = "0->0 0.5->128 1->255 1.5->127 2->254 10->246 -1->2" ]
