#!/usr/bin/env bash
# supervision 0.31.2: `DetectionDataset.as_yolo` writes the masks of a slanted scratch, 30 pixels long and one wide, and of a block.
#
# A reasonable guess: both have masks, so both are written as segments, and the scratch keeps about its 30 pixels.
# Seen: the scratch is a line of five numbers, a box of 29 x 29 pixels: 841 in place of 30, in files of one set with
# the segments of other defects. Nothing says so, and a program that reads segments alone finds none there.
#
# seen: block: 9 numbers | scratch of 30 pixels: 5 numbers, a box of 29 x 29
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile supervision==0.31.2 numpy==2.4.6 pillow==12.3.0
cat > "$here/look.py" <<'PY'
import os, sys, warnings
import numpy as np, supervision as sv
from PIL import Image

warnings.filterwarnings("ignore")
scratch, block = np.zeros((40, 40), bool), np.zeros((40, 40), bool)
scratch[np.arange(3, 33), np.arange(3, 33)] = True
block[5:20, 5:20] = True

folder = sys.argv[1]
marked = {}
for name, mask in {"scratch": scratch, "block": block}.items():
    path = os.path.join(folder, f"{name}.png")
    Image.new("RGB", (40, 40)).save(path)
    # the box as supervision itself takes it from a mask
    marked[path] = sv.Detections(xyxy=sv.mask_to_xyxy(mask[None]).astype(float), mask=mask[None], class_id=np.array([0]))
sv.DetectionDataset(["defect"], list(marked), marked).as_yolo(annotations_directory_path=os.path.join(folder, "labels"))

def numbers(name):
    (line,) = open(os.path.join(folder, "labels", f"{name}.txt")).read().splitlines()
    return line.split()

wide, high = (round(float(part) * 40) for part in numbers("scratch")[3:5])
print(
    f"block: {len(numbers('block'))} numbers | "
    f"scratch of {scratch.sum()} pixels: {len(numbers('scratch'))} numbers, a box of {wide} x {high}"
)
PY
mkdir "$here/set"
seen=$("$here/venv/bin/python" "$here/look.py" "$here/set" 2>/dev/null)
echo "$seen"
[ "$seen" = "block: 9 numbers | scratch of 30 pixels: 5 numbers, a box of 29 x 29" ]
