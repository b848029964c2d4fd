#!/usr/bin/env bash
# onnx 1.23.2 (onnxruntime 1.32.0, numpy 2.4.6): `version_converter.convert_version` from opset 10 to 11, 13 and 18 of a model that doubles its map by
# Resize, mode linear. The row 0, 1 (opset 10 knows one way only: position = index / scale).
#
# A reasonable guess: the converted model computes what the first one did; opset 11 can say the old way, coordinate_transformation_mode "asymmetric".
# Seen: the converter leaves the attribute out, and its default in opset 11 is another one, "half_pixel". The model passes the checker and runs, and
# its map is moved by up to half a pixel of the small map: 0, 0.5, 1, 1 becomes 0, 0.25, 0.75, 1. With a map of 1/8 of the photograph that is 4 pixels.
# (Mode nearest and scale 2 come out alike.)
#
# seen: opset 10 0,0.5,1,1 | 11 0,0.25,0.75,1 | 13 0,0.25,0.75,1 | 18 0,0.25,0.75,1
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper, version_converter

graph = helper.make_graph(
    [helper.make_node("Resize", ["x", "scales"], ["y"], mode="linear")], "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 1, 2, 2])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 4, 4])],
    [numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), "scales")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 10)], ir_version=8)
onnx.checker.check_model(model)
x = np.array([[[[0, 1], [0, 1]]]], np.float32)

def row(of):
    onnx.checker.check_model(of)
    y = ort.InferenceSession(of.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    return ",".join(f"{v:g}" for v in y[0, 0, 0])

print(f"opset 10 {row(model)} | " + " | ".join(f"{to} {row(version_converter.convert_version(model, to))}" for to in (11, 13, 18)))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "opset 10 0,0.5,1,1 | 11 0,0.25,0.75,1 | 13 0,0.25,0.75,1 | 18 0,0.25,0.75,1" ]
