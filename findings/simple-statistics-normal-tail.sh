#!/usr/bin/env bash
# simple-statistics 7.12.1 against jstat 1.9.6 (both npm): the share of parts beyond a limit, in parts per million, from its distance in standard deviations
# (3 x Cpk): 1 minus the cumulative normal distribution at 3, 4, 4.5 and 5.
#
# A reasonable guess: 1350, 32, 3.4 and 0.29 in both, up to the last digits.
# Seen: simple-statistics gives 1300, then 1000 for every distance above 3.09. It looks the value up in a printed table of four
# digits and takes its last row for all that follows. A process with Cpk 1.67 (0.29 ppm) and one with 1.05 are the same, 3,500 times too bad.
#
# seen: simple-statistics 1300, 1000, 1000, 1000 | jstat 1350, 31.7, 3.40, 0.287
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts simple-statistics@7.12.1 jstat@1.9.6 2>/dev/null
cat > look.cjs <<'JS'
const { cumulativeStdNormalProbability } = require('simple-statistics');
const { jStat } = require('jstat');
const row = (beyond) => [3, 4, 4.5, 5].map((z) => {
  const ppm = 1e6 * beyond(z);
  return ppm >= 1000 ? String(Math.round(ppm)) : ppm.toPrecision(3);
}).join(', ');
console.log(`simple-statistics ${row((z) => 1 - cumulativeStdNormalProbability(z))} | jstat ${row((z) => jStat.normal.cdf(-z, 0, 1))}`);
JS
seen=$(node look.cjs)
echo "$seen"
[ "$seen" = "simple-statistics 1300, 1000, 1000, 1000 | jstat 1350, 31.7, 3.40, 0.287" ]
