#!/usr/bin/env bash
# openvino 2026.4.1 against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6) on the processor, opset 18: the photograph minus the golden photograph,
# both uint8, as the ONNX operator Sub; grey 5 against 10, 100 against 100, 200 against 100.
#
# A reasonable guess: both give the same, whatever becomes of a difference below zero: the operator, the type and the file are the same.
# Seen: onnxruntime counts round like numpy (5 - 10 = 251), OpenVINO stops at 0. A stain a little darker than the golden
# part is the greatest difference of all in one, and no difference at all in the other. Subtract as float or as int16.
#
# seen: onnxruntime 251,0,100 | openvino 0,0,100
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
    [helper.make_node("Sub", ["photograph", "golden"], ["difference"])], "g",
    [helper.make_tensor_value_info("photograph", TensorProto.UINT8, [3])],
    [helper.make_tensor_value_info("difference", TensorProto.UINT8, [3])],
    [numpy_helper.from_array(np.array([10, 100, 100], np.uint8), "golden")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
onnx.checker.check_model(model)
model = model.SerializeToString()
photograph = np.array([5, 100, 200], np.uint8)
here = ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"photograph": photograph})[0]
core = ov.Core()
there = core.compile_model(core.read_model(model), "CPU")(photograph)[0]
print(f"onnxruntime {','.join(map(str, here))} | openvino {','.join(map(str, there))}")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime 251,0,100 | openvino 0,0,100" ]
