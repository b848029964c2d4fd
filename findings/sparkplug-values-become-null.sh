#!/usr/bin/env bash
# pysparkplug 0.6.1 (PyPI) writes Sparkplug B messages, sparkplug-payload 1.0.3 (npm) reads them: the birth of a device (DBIRTH) and its data (DDATA), with
# a score (Float 0.5), a level (Int32 7), a count of parts (UInt32 7) and a verdict (String NG).
#
# A reasonable guess: 0.5, 7, 7, NG in both. The types are told in the birth, and the data have each value in the field of its own type
# (float_value, int_value, string_value); a reader that cannot do without a type says so.
# Seen: all values of the data are null, without an error. Sparkplug 3.0 says that data messages should not repeat the datatype; pysparkplug leaves it out, and
# sparkplug-payload finds a value by its datatype alone. In the birth the count is null too: written as uint32 (int_value), looked for in long_value.
#
# seen: DBIRTH 0.5,7,null,NG | DDATA null,null,null,null
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile pysparkplug==0.6.1
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts sparkplug-payload@1.0.3 2>/dev/null
cat > write.py <<'PY'
import pysparkplug as spark

metrics = tuple(spark.Metric(timestamp=1700000000000, name=name, datatype=kind, value=value) for name, kind, value in (
    ("score", spark.DataType.FLOAT, 0.5), ("level", spark.DataType.INT32, 7), ("count", spark.DataType.UINT32, 7),
    ("verdict", spark.DataType.STRING, "NG")))
for kind in (spark.DBirth, spark.DData):
    with open(kind.__name__.upper(), "wb") as file:
        file.write(kind(timestamp=1700000000000, seq=1, metrics=metrics).encode())
PY
venv/bin/python write.py
cat > look.cjs <<'JS'
const { readFileSync } = require('node:fs');
const codec = require('sparkplug-payload').get('spBv1.0');
const values = (name) => `${name} ${codec.decodePayload(readFileSync(name)).metrics.map((metric) => String(metric.value)).join(',')}`;
console.log(`${values('DBIRTH')} | ${values('DDATA')}`);
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = "DBIRTH 0.5,7,null,NG | DDATA null,null,null,null" ]
