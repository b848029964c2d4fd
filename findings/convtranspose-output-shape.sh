#!/usr/bin/env bash
# tract 0.23.9 (PyPI, the Rust engine), openvino 2026.4.1 and onnxruntime 1.32.0 (onnx 1.23.2, numpy 2.4.6) on the processor, opset 13: ConvTranspose with
# stride 2 and a kernel of 3 (1, 10, 100) makes four numbers of 1, 2, its size given by `output_shape`. One of five numbers is to be cut: by the
# standard at the start, or at the end with auto_pad SAME_UPPER.
#
# A reasonable guess: 10,102,20,200 and with SAME_UPPER 1,10,102,20 in all.
# Seen: onnxruntime does so. tract cuts at the end without `auto_pad` too, and OpenVINO at the start with SAME_UPPER too. Sizes are right and nothing
# is said, but the map of a decoder is moved by a pixel of that level, eight of the image at the third, away from what it marks.
# With `pads` in place of `output_shape` all three agree.
#
# seen: output_shape: onnxruntime 10,102,20,200 openvino 10,102,20,200 tract 1,10,102,20
# seen: SAME_UPPER: onnxruntime 1,10,102,20 openvino 10,102,20,200
# seen: pads: onnxruntime 10,102,20,200 openvino 10,102,20,200 tract 10,102,20,200
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile tract==0.23.9 openvino==2026.4.1 onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import sys
import numpy as np
import onnxruntime as ort
import openvino as ov
import tract
from onnx import TensorProto, checker, helper, numpy_helper

path = sys.argv[1] + "/model.onnx"
core = ov.Core()
x = np.array([1, 2], np.float32).reshape(1, 1, 1, 2)
kernel = numpy_helper.from_array(np.array([1, 10, 100], np.float32).reshape(1, 1, 1, 3), "w")
run = {
    "onnxruntime": lambda: ort.InferenceSession(path, providers=["CPUExecutionProvider"]).run(None, {"x": x})[0],
    "openvino": lambda: core.compile_model(core.read_model(path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})(x)[0],
    "tract": lambda: tract.onnx().load(path).into_model().into_runnable().run([x])[0].to_numpy(),
}

def look(name, engines, **attributes):
    graph = helper.make_graph([helper.make_node("ConvTranspose", ["x", "w"], ["y"], strides=[1, 2], kernel_shape=[1, 3], **attributes)], "g",
                              [helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, 1, 4])], [kernel])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    checker.check_model(model)
    open(path, "wb").write(model.SerializeToString())
    print(f"{name}:", *(e + " " + ",".join(f"{v:g}" for v in run[e]().ravel()) for e in engines))

look("output_shape", run, output_shape=[1, 4])
look("SAME_UPPER", ["onnxruntime", "openvino"], output_shape=[1, 4], auto_pad="SAME_UPPER")
look("pads", run, pads=[0, 1, 0, 0])
PY
seen=$("$here/venv/bin/python" "$here/look.py" "$here" 2>/dev/null)
echo "$seen"
[ "$seen" = "output_shape: onnxruntime 10,102,20,200 openvino 10,102,20,200 tract 1,10,102,20
SAME_UPPER: onnxruntime 1,10,102,20 openvino 10,102,20,200
pads: onnxruntime 10,102,20,200 openvino 10,102,20,200 tract 10,102,20,200" ]
