#!/usr/bin/env bash
# openvino 2026.4.1 against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6) on the processor, opset 18: Relu, Clip to 0..1 and "Greater than 1"
# of the four numbers NaN, -1, 0.5, 2.
#
# A reasonable guess: Relu and Clip of NaN are NaN, as in onnxruntime, PyTorch and numpy, so that a check of the score finds it; a
# comparison with NaN is false, as IEEE 754 has it.
# Seen: in OpenVINO Relu and Clip make 0 of NaN: a map that was not a number becomes "no anomaly", and no later check can
# see it. And "NaN greater than 1" is true. So one broken number is a silent OK or an NG, depending on which operator meets it first.
#
# seen: onnxruntime Relu nan,0,0.5,2 Clip nan,0,0.5,1 Greater False,False,False,True
# seen: openvino Relu 0,0,0.5,2 Clip 0,0,0.5,1 Greater True,False,False,True
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnxruntime as ort
import openvino as ov
from onnx import TensorProto, helper, numpy_helper

core = ov.Core()
x = np.array([[np.nan, -1, 0.5, 2]], np.float32)
constants = [numpy_helper.from_array(np.float32(v), k) for k, v in (("zero", 0), ("one", 1))]

def results(operator, extra, kind):
    graph = helper.make_graph(
        [helper.make_node(operator, ["x", *extra], ["y"])], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])],
        [helper.make_tensor_value_info("y", kind, [1, 4])], [c for c in constants if c.name in extra])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8).SerializeToString()
    both = [ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0],
            core.compile_model(core.read_model(model), "CPU")(x)[0]]
    return [operator + " " + ",".join(str(v) if v.dtype == bool else f"{v:g}" for v in y[0]) for y in both]

rows = zip(results("Relu", [], TensorProto.FLOAT), results("Clip", ["zero", "one"], TensorProto.FLOAT),
           results("Greater", ["one"], TensorProto.BOOL))
for name, row in zip(("onnxruntime", "openvino"), rows):
    print(name, *row)
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime Relu nan,0,0.5,2 Clip nan,0,0.5,1 Greater False,False,False,True
openvino Relu 0,0,0.5,2 Clip 0,0,0.5,1 Greater True,False,False,True" ]
