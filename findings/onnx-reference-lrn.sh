#!/usr/bin/env bash
# The ReferenceEvaluator of onnx 1.23.2 against onnxruntime 1.32.0 (numpy 2.4.6), opset 13: LRN over three channels of an image with channels 1 to 8,
# alone and in a batch of eight, and LpNormalization with p = 1 of 3, -1, -4.
#
# A reasonable guess: equal to the last digits. The reference is the standard in code, and exported models and other engines are checked against it.
# Seen: of an image alone LRN divides the first channel and gives the others back as they came; its loop over channels ends at the size of the batch, so
# that in a batch of eight all is right. LpNormalization divides by the sum with its signs, here -2: 1.5 in place of 0.375, and the sign turned. A
# right export fails the check, and an engine made by the reference is wrong.
#
# seen: onnxruntime LRN alone 0.1667,0.1333,0.1000,0.0784 in a batch the same | LpNormalization 0.375,-0.125,-0.500
# seen: reference LRN alone 0.1667,2.0000,3.0000,4.0000 in a batch 0.1667,0.1333,0.1000,0.0784 | LpNormalization -1.500,0.500,2.000
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
import onnxruntime as ort
from onnx import TensorProto, checker, helper
from onnx.reference import ReferenceEvaluator

def both(operator, x, **attributes):
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], **attributes)], "g",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, x.shape)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    return (ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, {"x": x})[0],
            ReferenceEvaluator(model).run(None, {"x": x})[0])

image = np.arange(1, 9, dtype=np.float32).reshape(1, 8, 1, 1)
rule = {"size": 3, "alpha": 3.0, "beta": 1.0, "bias": 1.0}
rows = zip(both("LRN", image, **rule), both("LRN", image.repeat(8, 0), **rule),
           both("LpNormalization", np.array([[3, -1, -4]], np.float32), axis=1, p=1))
for name, (alone, batch, share) in zip(("onnxruntime", "reference"), rows):
    one, other = (",".join(f"{v:.4f}" for v in y[0, :4, 0, 0]) for y in (alone, batch))
    print(name, "LRN alone", one, "in a batch", "the same" if one == other else other, "| LpNormalization", ",".join(f"{v:.3f}" for v in share[0]))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime LRN alone 0.1667,0.1333,0.1000,0.0784 in a batch the same | LpNormalization 0.375,-0.125,-0.500
reference LRN alone 0.1667,2.0000,3.0000,4.0000 in a batch 0.1667,0.1333,0.1000,0.0784 | LpNormalization -1.500,0.500,2.000" ]
