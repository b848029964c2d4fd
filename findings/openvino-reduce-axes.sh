#!/usr/bin/env bash
# openvino 2026.4.1 against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6) on the processor: ReduceL1, ReduceLogSum, ReduceLogSumExp and ReduceMax along
# axis 1 of four rows of two numbers, in opsets 11, 13, 17 and 18. Up to opset 17 `axes` is an attribute, from 18 on an input.
#
# A reasonable guess: four numbers each time, one a row, and the same in both.
# Seen: in opsets 13 to 17 OpenVINO passes over the `axes` of ReduceL1, ReduceLogSum and ReduceLogSumExp and reduces everything to one number, without a
# word; ReduceMax and its other reductions keep them. With `keepdims` the one number fits all that follows, so a sum of absolute differences
# over the channels, a map, is the same large number at every place, and parts of one batch have one score.
#
# seen: opsets 11 and 18: four numbers of each, equal in both
# seen: opsets 13 and 17: L1 42,181,61,23 is 307 | LogSum 3.74,5.2,4.11,3.14 is 5.73 | LogSumExp 22.1,91.3,31.3,12.3 is 91.3 | Max equal
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnxruntime as ort
import openvino as ov
from onnx import TensorProto, checker, helper, numpy_helper

core = ov.Core()
x = np.array([[20, 22], [90, 91], [30, 31], [11, 12]], np.float32)

def both(operator, opset):
    constants = [numpy_helper.from_array(np.array([1]), "axes")] if opset >= 18 else []
    node = helper.make_node(operator, ["x", "axes"], ["y"]) if opset >= 18 else helper.make_node(operator, ["x"], ["y"], axes=[1])
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [4, 2])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 1])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)
    checker.check_model(model)
    model = model.SerializeToString()
    results = (ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0],
               core.compile_model(core.read_model(model), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(x)[0])
    ours, other = (",".join(f"{v:.3g}" for v in y.ravel()) for y in results)
    return operator[6:] + (" equal" if ours == other else f" {ours} is {other}")

for opset in (11, 13, 17, 18):
    print(opset, *(both("Reduce" + o, opset) for o in ("L1", "LogSum", "LogSumExp", "Max")))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "11 L1 equal LogSum equal LogSumExp equal Max equal
13 L1 42,181,61,23 is 307 LogSum 3.74,5.2,4.11,3.14 is 5.73 LogSumExp 22.1,91.3,31.3,12.3 is 91.3 Max equal
17 L1 42,181,61,23 is 307 LogSum 3.74,5.2,4.11,3.14 is 5.73 LogSumExp 22.1,91.3,31.3,12.3 is 91.3 Max equal
18 L1 equal LogSum equal LogSumExp equal Max equal" ]
