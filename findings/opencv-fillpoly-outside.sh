#!/usr/bin/env bash
# opencv-python-headless 4.12.0.88 (numpy 2.2.6): which pixels of an 8 x 8 image does fillPoly set for the thin triangle
# (-6,0), (0,7), (-6,0), which touches the image in its corner pixel (0,7) alone?
#
# A reasonable guess: that one pixel; drawing on a larger canvas and cutting out the image gives the same as drawing on the image.
# Seen: on a larger canvas one pixel, as guessed. On the image itself the whole first column, 8 pixels: ends of edges are moved
# to the border for the filling, but not their rows, so that a slanted edge outside becomes an upright one at the border.
# Masks for training are made so by tools that call fillPoly on the image (ultralytics' polygon2mask does).
#
# seen: larger canvas 1 | image 8 rows 0,1,2,3,4,5,6,7 of column 0
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q opencv-python-headless==4.12.0.88 numpy==2.2.6
cat > "$here/look.py" <<'PY'
import cv2
import numpy as np

triangle = np.array([[-6, 0], [0, 7], [-6, 0]], np.int32)
image = np.zeros((8, 8), np.uint8)
cv2.fillPoly(image, [triangle], 1)
larger = np.zeros((28, 28), np.uint8)
cv2.fillPoly(larger, [triangle + 10], 1)
cut = larger[10:18, 10:18]
rows, columns = np.nonzero(image)
assert set(columns) == {0}
print(f"larger canvas {cut.sum()} | image {image.sum()} rows {','.join(map(str, rows))} of column 0")
PY
seen=$("$here/venv/bin/python" "$here/look.py")
echo "$seen"
[ "$seen" = "larger canvas 1 | image 8 rows 0,1,2,3,4,5,6,7 of column 0" ]
