#!/usr/bin/env bash
# tifffile 2026.3.3 writes a boolean mask so that other programs see it inverted.
# Guess: a mask of False and True, written by tifffile.imwrite, is black where False and white where True, as Pillow writes
#   the same array, and as tifffile itself writes 0 and 255.
# Behaviour: it is written with PhotometricInterpretation 0 (min is white), so True is black. tifffile's own asarray() gives
#   True back, since it does not invert; Pillow 11.3.0 and OpenCV 5.0.0 obey the tag and give the mask's complement.
# seen: photometric 0, tifffile True, Pillow False, OpenCV 0 for the one pixel that is True
#       tifffile False, Pillow True, OpenCV 255 for a pixel that is False
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet tifffile==2026.3.3 pillow==11.3.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
env/bin/python - <<'PYTHON'
import sys

import cv2
import numpy as np
import PIL.Image
import tifffile

mask = np.zeros((24, 32), bool)
mask[6, 6] = True
tifffile.imwrite("mask.tif", mask)
photometric = int(tifffile.TiffFile("mask.tif").pages[0].photometric)
readers = {
    "tifffile": tifffile.imread("mask.tif"),
    "Pillow": np.array(PIL.Image.open("mask.tif")),
    "OpenCV": cv2.imread("mask.tif", cv2.IMREAD_UNCHANGED),
}
print("photometric", photometric)
for name, read in readers.items():
    print(name, "marked:", read[6, 6], "background:", read[0, 0])
same = (
    photometric == 0
    and readers["tifffile"][6, 6] and not readers["tifffile"][0, 0]
    and not readers["Pillow"][6, 6] and readers["Pillow"][0, 0]
    and readers["OpenCV"][6, 6] == 0 and readers["OpenCV"][0, 0] == 255
)
sys.exit(0 if same else 1)
PYTHON
