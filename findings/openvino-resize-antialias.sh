#!/usr/bin/env bash
# openvino 2026.4.1 against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6) on the processor: one model, Resize (opset 18, linear,
# antialias = 1) from 16 x 16 to 4 x 4, as models have it that shrink the photograph themselves. Every eighth column is 255, the others are 0.
#
# A reasonable guess: the same picture in both, up to rounding; or OpenVINO refuses what it does not know.
# Seen: OpenVINO reads the model without a word and does not smooth: it takes the four nearest pixels, as with antialias = 0. The
# bright columns are gone altogether, where onnxruntime keeps 72, 24, 40 and 0. A thin scratch never reaches the network.
#
# seen: onnxruntime 72,24,40,0 | openvino 0,0,0,0
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnx
import onnxruntime as ort
import openvino as ov
from onnx import TensorProto, helper, numpy_helper

graph = helper.make_graph(
    [helper.make_node("Resize", ["x", "", "", "size"], ["y"], mode="linear", antialias=1)], "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 16, 16])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 4, 4])],
    [numpy_helper.from_array(np.array([1, 1, 4, 4], np.int64), "size")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
onnx.checker.check_model(model)
model = model.SerializeToString()
x = np.zeros((1, 1, 16, 16), np.float32)
x[..., ::8] = 255
here = ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
core = ov.Core()
there = core.compile_model(core.read_model(model), "CPU")(x)[0]
row = lambda picture: ",".join(str(round(float(v))) for v in picture[0, 0, 0])
print(f"onnxruntime {row(here)} | openvino {row(there)}")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime 72,24,40,0 | openvino 0,0,0,0" ]
