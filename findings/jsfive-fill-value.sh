#!/usr/bin/env bash
# h5py 3.16.0 (numpy 2.4.6, PyPI) makes a map of scores of 2 x 6 in chunks of 2 x 3, fill value 1 (defective until measured), and writes the left half: 0.1.
# jsfive 0.4.2 (npm) reads the file.
#
# A reasonable guess: the right half is 1, as h5py and HDF5's own tools give it: what is not written has the fill value.
# Seen: it is `undefined`. Nothing is thrown; `undefined > 0.5` is false, so a search for places above the limit finds none, and the part
# of which half was never measured is good.
#
# seen: h5py 0.1,0.1,0.1,1,1,1,0.1,0.1,0.1,1,1,1 above 0.5: 6
# seen: jsfive 0.1,0.1,0.1,undefined,undefined,undefined,0.1,0.1,0.1,undefined,undefined,undefined above 0.5: 0
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile h5py==3.16.0 numpy==2.4.6
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts jsfive@0.4.2 2>/dev/null
cat > make.py <<'PY'
import h5py

with h5py.File("map.h5", "w") as file:
    file.create_dataset("scores", shape=(2, 6), dtype="f8", chunks=(2, 3), fillvalue=1)[:, :3] = 0.1
with h5py.File("map.h5") as file:
    scores = file["scores"][()].ravel()
    print("h5py", ",".join(f"{v:g}" for v in scores), "above 0.5:", int((scores > 0.5).sum()))
PY
cat > look.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { File } from 'jsfive';

const bytes = readFileSync('map.h5');
const scores = Array.from(new File(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), 'map.h5').get('scores').value);
console.log(`jsfive ${scores.map(String)} above 0.5: ${scores.filter((v) => v > 0.5).length}`);
JS
seen=$(venv/bin/python make.py; node look.mjs)
echo "$seen"
[ "$seen" = "h5py 0.1,0.1,0.1,1,1,1,0.1,0.1,0.1,1,1,1 above 0.5: 6
jsfive 0.1,0.1,0.1,undefined,undefined,undefined,0.1,0.1,0.1,undefined,undefined,undefined above 0.5: 0" ]
