#!/usr/bin/env bash
# opencv-python-headless 4.14.0.94 (cv2.dnn) against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6): a score is cut to a whole number, Cast to int32
# and back to float, and the marked pixels are counted, Cast to bool, back to float, ReduceSum. Values 0.2, 0.7, 1.9, 2.5.
#
# A reasonable guess: 0, 0, 1, 2 and 4 pixels in both, or cv2.dnn refuses types that it does not have.
# Seen: cv2.dnn takes Cast for "do nothing": 0.2, 0.7, 1.9, 2.5 come back, and the four marked pixels are counted as 5.3. An area in pixels
# that is compared with a limit is then a sum of scores. (OpenCV 5.0.0.93 gives what onnxruntime gives; 4.14 is the newest of OpenCV 4.)
#
# seen: onnxruntime whole 0,0,1,2 pixels 4 | cv2.dnn whole 0.2,0.7,1.9,2.5 pixels 5.3
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile opencv-python-headless==4.14.0.94 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import cv2
import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper

x = np.array([[[[0.2, 0.7, 1.9, 2.5]]]], np.float32)

def both(nodes, shape):
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, shape)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 12)], ir_version=8)
    onnx.checker.check_model(model)
    model = model.SerializeToString()
    net = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
    net.setInput(x)
    results = (ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0], net.forward())
    return [",".join(f"{v:.3g}" for v in y.ravel()) for y in results]

node = helper.make_node
whole = both([node("Cast", ["x"], ["i"], to=TensorProto.INT32), node("Cast", ["i"], ["y"], to=TensorProto.FLOAT)], x.shape)
pixels = both([node("Cast", ["x"], ["i"], to=TensorProto.BOOL), node("Cast", ["i"], ["f"], to=TensorProto.FLOAT),
               node("ReduceSum", ["f"], ["y"], axes=[3], keepdims=1)], [1, 1, 1, 1])
print(" | ".join(f"{name} whole {whole[i]} pixels {pixels[i]}" for i, name in enumerate(("onnxruntime", "cv2.dnn"))))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime whole 0,0,1,2 pixels 4 | cv2.dnn whole 0.2,0.7,1.9,2.5 pixels 5.3" ]
