"""Writes raw_frames.json: Bayer mosaics, and the colours that OpenCV makes of them, bilinear.

pip install opencv-python-headless==5.0.0.93 numpy
python make-raw-frames.py
"""
import json
import pathlib

import cv2
import numpy as np

H, W = 6, 8
rng = np.random.default_rng(11)
# OpenCV names a mosaic by the second and third pixel of the second line, GenICam by the first two of the first
MOSAICS = {"RG": cv2.COLOR_BayerBG2RGB, "GR": cv2.COLOR_BayerGB2RGB, "GB": cv2.COLOR_BayerGR2RGB, "BG": cv2.COLOR_BayerRG2RGB}

cases = []
for order, code in MOSAICS.items():
    for bits, dtype in ((8, np.uint8), (12, np.uint16)):
        mosaic = rng.integers(0, 2**bits, (H, W)).astype(dtype)
        colours = cv2.cvtColor(mosaic, code)
        cases.append({"format": f"Bayer{order}{bits}", "width": W, "height": H, "mosaic": mosaic.ravel().tolist(), "rgb": colours.ravel().tolist()})
pathlib.Path(__file__).with_name("raw_frames.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
