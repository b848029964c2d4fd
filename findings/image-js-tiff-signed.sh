#!/usr/bin/env bash
# tifffile 2026.3.3 (PyPI) writes heights in signed 16 bits, as a profile sensor gives them: -1000, -1, 0, 1000 (SampleFormat 2). tiff 7.1.3 and
# image-js 1.7.0 (npm), which reads TIFF by it, read the file.
#
# A guess: the values come out as they are, in an Int16Array, or the file is refused, as image-js refuses floats and tiff 32 bits.
# Seen: 64536, 65535, 0, 1000 in a Uint16Array: the lowest places of the part are the highest. Nothing says so.
#
# seen: tiff Uint16Array 64536,65535,0,1000 | image-js GREY 16 64536,65535,0,1000
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile tifffile==2026.3.3
npm init -y >/dev/null 2>&1
npm install --ignore-scripts --no-audit --no-fund --silent tiff@7.1.3 image-js@1.7.0 2>/dev/null
venv/bin/python - <<'PY'
import numpy, tifffile
heights = numpy.array([[-1000, -1, 0, 1000]], "i2")
tifffile.imwrite("heights.tif", heights, photometric="minisblack")
assert (tifffile.imread("heights.tif") == heights).all()
PY
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { decode as read } from 'image-js';
import { decode } from 'tiff';
const file = readFileSync('heights.tif');
const [{ data }] = decode(file);
const image = read(file);
console.log(`tiff ${data.constructor.name} ${data} | image-js ${image.colorModel} ${image.bitDepth} ${image.getRawImage().data}`);
JS
seen=$(node read.mjs)
echo "$seen"
[ "$seen" = "tiff Uint16Array 64536,65535,0,1000 | image-js GREY 16 64536,65535,0,1000" ]
