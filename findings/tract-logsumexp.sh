#!/usr/bin/env bash
# tract 0.23.9 (PyPI, the Rust engine) against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6), opset 18: ReduceLogSumExp of rows as a mixture or a flow has
# them (log-likelihoods), Softplus of scores, LogSoftmax of logits.
#
# A reasonable guess: the same to five digits. Every engine takes the largest number out before it exponentiates.
# Seen: tract does as the formula is written. Above 89 the result is inf, and below -104 ReduceLogSumExp is -inf: a part far from everything that
# the model knows has minus infinity, which is below every limit, and two such parts are equal. LogSoftmax of a class 120 below the best
# is -inf. At 22 or -20 all is right, so good parts show nothing.
#
# seen: ReduceLogSumExp onnxruntime 22.13,91.31,-19.87,-109.87 tract 22.13,inf,-19.87,-inf
# seen: Softplus onnxruntime 20.00,88.00,89.00,100.00 tract 20.00,88.00,inf,inf
# seen: LogSoftmax onnxruntime -120.00,-70.00,-40.00,0.00 tract -inf,-70.00,-40.00,0.00
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile tract==0.23.9 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import sys
import numpy as np
import onnxruntime as ort
import tract
from onnx import TensorProto, checker, helper, numpy_helper

def look(operator, x, extra=(), **attributes):
    x = np.array(x, np.float32)
    constants = [numpy_helper.from_array(np.array([1]), k) for k in extra]
    graph = helper.make_graph([helper.make_node(operator, ["x", *extra], ["y"], **attributes)], "g",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", "columns"])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    checker.check_model(model)
    path = sys.argv[1] + "/model.onnx"
    open(path, "wb").write(model.SerializeToString())
    one = ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
    other = tract.onnx().load(path).into_model().into_runnable().run([x])[0].to_numpy()
    print(operator, *(f"{name} " + ",".join(f"{v:.2f}" for v in y.ravel()) for name, y in (("onnxruntime", one), ("tract", other))))

look("ReduceLogSumExp", [[20, 22], [90, 91], [-20, -22], [-110, -112]], ["axes"])
look("Softplus", [[20, 88, 89, 100]])
look("LogSoftmax", [[0, 50, 80, 120]], axis=1)
PY
seen=$("$here/venv/bin/python" "$here/look.py" "$here" 2>/dev/null)
echo "$seen"
[ "$seen" = "ReduceLogSumExp onnxruntime 22.13,91.31,-19.87,-109.87 tract 22.13,inf,-19.87,-inf
Softplus onnxruntime 20.00,88.00,89.00,100.00 tract 20.00,88.00,inf,inf
LogSoftmax onnxruntime -120.00,-70.00,-40.00,0.00 tract -inf,-70.00,-40.00,0.00" ]
