#!/usr/bin/env bash
# onnxruntime-node 1.30.0 on the processor, TopK of 8 floats (opset 18, largest, sorted, k = 3), one of which is NaN.
# A guess: NaN comes first (as in numpy.sort's end, PyTorch's topk and TensorFlow), or is passed over, and the other places hold the largest numbers.
# Seen: it depends on where the NaN stands. At the last place it is passed over and the three largest are right. At the first place the
# answer holds two small numbers and the NaN last; 7 and 6, which are in the input, are missing. Nothing says so.
#   seen: NaN last  -> 7,6,5
#   seen: NaN first -> 0,-1,NaN   (input NaN,-1,0,1,...: not one of the three largest numbers)
# So a score that is the mean of the largest values can be small, for a map that holds a NaN: the map has to be looked at before.
set -euo pipefail
here=$(mktemp -d); trap 'rm -rf "$here"' EXIT; cd "$here"
npm init -y >/dev/null 2>&1
npm install --ignore-scripts --no-audit --no-fund onnxruntime-node@1.30.0 >/dev/null 2>&1
cat > run.cjs <<'JS'
const ort = require('onnxruntime-node');
// the few messages of an ONNX model, written as protobuf
const varint = (n) => { const out = []; do { out.push((n & 127) | (n > 127 ? 128 : 0)); n >>>= 7; } while (n); return Buffer.from(out); };
const field = (number, value) => typeof value === 'number'
  ? Buffer.concat([varint(number << 3), varint(value)])
  : Buffer.concat([varint((number << 3) | 2), varint(Buffer.byteLength(value)), Buffer.from(value)]);
const message = (...fields) => Buffer.concat(fields.map(([number, value]) => field(number, value)));
const tensorType = (element, size) => message([1, message([1, element], [2, message([1, message([1, size])])])]);
const value = (name, element, size) => message([1, name], [2, tensorType(element, size)]);
const k = message([1, 1], [2, 7], [8, 'k'], [9, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0])]);
const node = message([1, 'x'], [1, 'k'], [2, 'values'], [2, 'places'], [4, 'TopK']);
const graph = message([1, node], [2, 'g'], [5, k], [11, value('x', 1, 8)], [12, value('values', 1, 3)], [12, value('places', 7, 3)]);
const model = message([1, 8], [7, graph], [8, message([2, 18])]);
(async () => {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'], logSeverityLevel: 3 });
  const of = async (numbers) => Array.from((await session.run({ x: new ort.Tensor('float32', Float32Array.from(numbers), [8]) })).values.data);
  const last = await of([1, 2, 3, 4, 5, 6, 7, NaN]);
  const first = await of([NaN, -1, 0, 1, 2, 5, 6, 7]);
  console.log(`NaN last  -> ${last}\nNaN first -> ${first}`);
  const asSeen = String(last) === '7,6,5' && !first.includes(7);
  process.exit(asSeen ? 0 : 1);
})();
JS
node run.cjs
