#!/usr/bin/env bash
# jstat 1.9.6 against d3-array 3.2.4 (both npm): percentiles of the scores of 20 good parts, 1 to 19 and one of 40, for a limit that 99 of 100 good parts
# shall keep.
#
# A reasonable guess: the same in both. Both state the common rule (R's type 7), and jstat's own example, 1.9 for 0.3 of 1 to 4, has it.
# Seen: equal up to 0.9. Between the two largest values jstat does not interpolate but gives the second largest, up to the largest itself at
# exactly 1: 19 in place of 36.01 for 0.99. With up to 100 parts every limit at 0.99 is so, and every one at 0.999 with up to 1000: too low where
# the largest stands apart, and good parts like it are rejected.
#
# seen: 0.5 10.5 10.5 | 0.9 18.1 18.1 | 0.95 20.05 19 | 0.99 36.01 19 | 0.999 39.601 19 | 1 40 40
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts jstat@1.9.6 d3-array@3.2.4 2>/dev/null
cat > look.mjs <<'JS'
import { quantile } from 'd3-array';
import jstat from 'jstat';

const scores = [...Array.from({ length: 19 }, (_, i) => i + 1), 40];
const short = (value) => String(Number(value.toFixed(4)));
console.log([0.5, 0.9, 0.95, 0.99, 0.999, 1].map((k) => `${k} ${short(quantile(scores, k))} ${short(jstat.jStat.percentile(scores, k))}`).join(' | '));
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "0.5 10.5 10.5 | 0.9 18.1 18.1 | 0.95 20.05 19 | 0.99 36.01 19 | 0.999 39.601 19 | 1 40 40" ]
