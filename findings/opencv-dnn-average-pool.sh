#!/usr/bin/env bash
# opencv-python-headless 4.14.0.94 (cv2.dnn) against onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6): AveragePool 3 x 3, stride 1, padding 1,
# count_include_pad = 1 over an image of ones. It is what PyTorch's AvgPool2d(3, 1, 1) is exported to, with which PatchCore gathers its neighbours.
#
# A reasonable guess: 0.444 in the corner, 0.667 at the border, 1 inside, in both; the attribute is older than opset 7.
# Seen: cv2.dnn passes over the attribute and divides by the pixels that lie within: 1 everywhere. The features along the border are up to
# 2.25 times those of the network that was trained, and nothing says so. Inside of the image both agree, so a test part looks right.
# (OpenCV 5.0.0.93 gives what onnxruntime gives, so the border changes with an upgrade; 4.14 is the newest of OpenCV 4.)
#
# seen: onnxruntime 0.444 0.667 0.667 0.444 | cv2.dnn 1.000 1.000 1.000 1.000
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

image = [1, 1, 4, 4]
graph = helper.make_graph(
    [helper.make_node("AveragePool", ["x"], ["y"], kernel_shape=[3, 3], pads=[1, 1, 1, 1], count_include_pad=1)], "g",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, image)], [helper.make_tensor_value_info("y", TensorProto.FLOAT, image)])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
onnx.checker.check_model(model)
model = model.SerializeToString()
x = np.ones(image, np.float32)
here = ort.InferenceSession(model, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0]
net = cv2.dnn.readNetFromONNX(np.frombuffer(model, np.uint8))
net.setInput(x)
there = net.forward()
row = lambda picture: " ".join(f"{v:.3f}" for v in picture[0, 0, 0])
print(f"onnxruntime {row(here)} | cv2.dnn {row(there)}")
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "onnxruntime 0.444 0.667 0.667 0.444 | cv2.dnn 1.000 1.000 1.000 1.000" ]
