#!/usr/bin/env bash
# openvino 2026.4.1, onnxruntime 1.32.0 and the ReferenceEvaluator of onnx 1.23.2 (numpy 2.4.6) on the processor: Softmax, LogSoftmax and Hardmax with
# axis 1 of two classes (2 and 0 everywhere) at 2 x 2 places, in opset 11 and in opset 13.
#
# A reasonable guess: each opset by its own rule in all three. Up to opset 12 all dimensions from `axis` on are one: the eight numbers share a sum of 1,
# so 0.22 and 0.03. From opset 13 on the two classes of a place do: 0.88 and 0.12.
# Seen: onnxruntime does so. OpenVINO computes Softmax of opset 11 by the rule of opset 13, four times as much here and with the number of pixels more
# in a map, but its LogSoftmax and Hardmax by the old rule. onnx's own reference computes all three by the new one. Nothing says so: a limit
# that was measured with one is worth nothing with the other.
#
# seen: opset 11: onnxruntime 0.22 0.03, log -1.51 -3.51, hard 1 of 8 | openvino 0.88 0.12, log -1.51 -3.51, hard 1 of 8
# seen: opset 11: reference 0.88 0.12, log -0.13 -2.13, hard 4 of 8 | opset 13: all three 0.88 0.12, log -0.13 -2.13, hard 4 of 8
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnxruntime as ort
import openvino as ov
from onnx import TensorProto, checker, helper
from onnx.reference import ReferenceEvaluator

core = ov.Core()
x = np.array([2, 0], np.float32).reshape(1, 2, 1, 1).repeat(2, 2).repeat(2, 3)
run = {
    "onnxruntime": lambda m: ort.InferenceSession(m.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0],
    "openvino": lambda m: core.compile_model(core.read_model(m.SerializeToString()), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(x)[0],
    "reference": lambda m: ReferenceEvaluator(m).run(None, {"x": x})[0],
}

def model(operator, opset):
    shape = [1, 2, 2, 2]
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], axis=1)], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    checker.check_model(made)
    return made

for opset in (11, 13):
    for name, of in run.items():
        soft, log, hard = (of(model(o, opset)) for o in ("Softmax", "LogSoftmax", "Hardmax"))
        print(opset, name, f"{soft[0, 0, 0, 0]:.2f} {soft[0, 1, 0, 0]:.2f}, log {log[0, 0, 0, 0]:.2f} {log[0, 1, 0, 0]:.2f}, hard {hard.sum():.0f} of 8")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "11 onnxruntime 0.22 0.03, log -1.51 -3.51, hard 1 of 8
11 openvino 0.88 0.12, log -1.51 -3.51, hard 1 of 8
11 reference 0.88 0.12, log -0.13 -2.13, hard 4 of 8
13 onnxruntime 0.88 0.12, log -0.13 -2.13, hard 4 of 8
13 openvino 0.88 0.12, log -0.13 -2.13, hard 4 of 8
13 reference 0.88 0.12, log -0.13 -2.13, hard 4 of 8" ]
