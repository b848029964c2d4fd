#!/usr/bin/env bash
# tifffile 2026.3.3 (PyPI) writes the same values as 16-bit, 32-bit and float32 TIFF, deflated, with a predictor (differences along a row: 2; of
# bytes of floats: 3), with the low and with the high bytes first. geotiff 3.0.5 (npm) reads them.
#
# A guess: the order of the bytes is undone before the differences are summed, so both orders give the same values, as tifffile and libtiff read them.
# Seen: the little-endian files are right. Of the big-endian ones the differences are summed in the machine's own order, over bytes that are not turned:
# every value after the first of a row is another number, and of floats the first too. Nothing says so.
#   seen: 16 bits, big-endian -> 1000,1044,995,3489
#   seen: 32 bits, big-endian -> 1000,1044,4294900000,4294910000
#   seen: float, big-endian -> 4.38606e-41,1.18132e-38,5.93353e-39,4.3862e-41
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile tifffile==2026.3.3 imagecodecs==2026.3.6
npm init -y >/dev/null 2>&1
npm install --ignore-scripts --no-audit --no-fund --silent geotiff@3.0.5 2>/dev/null
cat > write.py <<'PY'
import numpy, tifffile
values = numpy.array([[1000, 1300, 1250, 4000]])
for name, kind, predictor in (('16 bits', 'u2', 2), ('32 bits', 'u4', 2), ('float', 'f4', 3)):
    for order in '<>':
        path = f"{name} {'little' if order == '<' else 'big'}.tif"
        tifffile.imwrite(path, values.astype(kind), byteorder=order, compression='zlib', predictor=predictor)
        assert (tifffile.imread(path) == values).all()
PY
venv/bin/python write.py
cat > read.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { fromArrayBuffer } from 'geotiff';
for (const kind of ['16 bits', '32 bits', 'float'])
  for (const order of ['little', 'big']) {
    const bytes = Uint8Array.from(readFileSync(`${kind} ${order}.tif`));
    const image = await (await fromArrayBuffer(bytes.buffer)).getImage();
    console.log(`${kind}, ${order}-endian -> ${[...(await image.readRasters({ interleave: true }))].map((v) => +v.toPrecision(6)).join(',')}`);
  }
JS
node read.mjs | tee seen
cat > expected <<'TXT'
16 bits, little-endian -> 1000,1300,1250,4000
16 bits, big-endian -> 1000,1044,995,3489
32 bits, little-endian -> 1000,1300,1250,4000
32 bits, big-endian -> 1000,1044,4294900000,4294910000
float, little-endian -> 1000,1300,1250,4000
float, big-endian -> 4.38606e-41,1.18132e-38,5.93353e-39,4.3862e-41
TXT
diff expected seen
