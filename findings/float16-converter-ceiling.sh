#!/usr/bin/env bash
# onnxconverter-common 1.16.0 (onnx 1.23.2, onnxruntime 1.32.0, numpy 2.4.6): `convert_float_to_float16` of a model that brings 16-bit grey values
# to -1..1 by (x - 32768) / 32768.
#
# A reasonable guess: float16 holds 32768 exactly and numbers to 65504, so the converted model gives the same within 0.001.
# Seen: the converter cuts every constant at 10000, its own default of max_finite_val, and says so in a Python warning alone, which a pipeline hides. Both
# constants become 10000: -0.5, 0, 0.221, 0.831 becomes 0.638, 2.28, 3, 5. Give max_finite_val=65504, or divide by 65535 first.
#
# seen: before -0.5,0,0.221,0.831 | after 0.638,2.28,3,5 | constants 10000,10000
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile onnxconverter-common==1.16.0 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxconverter_common import float16

graph = helper.make_graph(
    [helper.make_node("Sub", ["x", "middle"], ["a"]), helper.make_node("Div", ["a", "range"], ["y"])], "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4])], [helper.make_tensor_value_info("y", TensorProto.FLOAT, [4])],
    [numpy_helper.from_array(np.array([32768], np.float32), name) for name in ("middle", "range")])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
x = np.array([16384, 32768, 40000, 60000], np.float32)

def result(of):
    y = ort.InferenceSession(of.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    return ",".join(f"{v:.3g}" for v in y)

before = result(model)
after = float16.convert_float_to_float16(model, keep_io_types=True)
constants = ",".join(f"{float(numpy_helper.to_array(i)[0]):g}" for i in after.graph.initializer)
print(f"before {before} | after {result(after)} | constants {constants}")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "before -0.5,0,0.221,0.831 | after 0.638,2.28,3,5 | constants 10000,10000" ]
