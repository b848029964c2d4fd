#!/usr/bin/env bash
# pyarrow 26.0.1 (PyPI) writes diameters in millimetres as decimals of two digits after the point, 12.50 and -0.05, in an Arrow file and in a Parquet file.
# apache-arrow 21.2.0 and hyparquet 1.33.0 (both npm) read them.
#
# A reasonable guess: 12.5 and -0.05 in both, or of Arrow's a text "12.50", so that no digit is lost; its number of digits is known from the file.
# Seen: hyparquet gives 12.5. apache-arrow gives an object that is 1250 as a number, as a text and in JSON: a diameter a hundred times too large, or of
# three digits a thousand times. The column's `type.scale` says 2, but neither value nor text is scaled by it. A limit of 20 mm rejects all parts, a
# limit from below passes all.
#
# seen: apache-arrow 1250,-5 text 1250,-5 | scale 2 | hyparquet 12.5,-0.05
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile pyarrow==26.0.1
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts apache-arrow@21.2.0 hyparquet@1.33.0 2>/dev/null
cat > make.py <<'PY'
from decimal import Decimal
import pyarrow
import pyarrow.ipc
import pyarrow.parquet

table = pyarrow.table({"diameter": pyarrow.array([Decimal("12.50"), Decimal("-0.05")], pyarrow.decimal128(9, 2))})
pyarrow.parquet.write_table(table, "parts.parquet")
with pyarrow.ipc.new_file("parts.arrow", table.schema) as file:
    file.write_table(table)
PY
venv/bin/python make.py
cat > look.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { tableFromIPC } from 'apache-arrow';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

const column = tableFromIPC(readFileSync('parts.arrow')).getChild('diameter');
const values = [...column];
const rows = await parquetReadObjects({ file: await asyncBufferFromFile('parts.parquet') });
console.log(`apache-arrow ${values.map(Number)} text ${values.map(String)} | scale ${column.type.scale} | hyparquet ${rows.map((r) => r.diameter)}`);
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "apache-arrow 1250,-5 text 1250,-5 | scale 2 | hyparquet 12.5,-0.05" ]
