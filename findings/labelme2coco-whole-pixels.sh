#!/usr/bin/env bash
# labelme2coco 0.2.6 (pycocotools 2.0.11): labelme's own JSON of three photographs: a scratch drawn as a polygon, 30 long and 0.8 thick (y from 20.1 to 20.9), a
# pore drawn as a rectangle of 20 x 10, and a stain drawn as a polygon with corners at halves.
#
# A reasonable guess: the corners are kept as they are (COCO's are floats), and a rectangle becomes a polygon of four corners.
# Seen: the corners of `segmentation` lose all after the point, so the scratch is a line without area, and the stain is moved by half a pixel; the
# rectangle has no segmentation at all. `area` and `bbox` beside them are those of the real shapes, so counts and boxes look right, and the mask
# that pycocotools makes of the scratch has no pixel: a network learns it as background.
#
# seen: pore area 200 corners none pixels 0
# seen: scratch area 23 corners 10,20,40,20,40,20,10,20 pixels 0
# seen: stain area 200 corners 10,10,30,10,30,20,10,20 pixels 200
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile labelme2coco==0.2.6 pycocotools==2.0.11
cat > "$here/look.py" <<'PY'
import contextlib
import io
import json
import os
import sys

from labelme2coco import get_coco_from_labelme_folder
from PIL import Image
from pycocotools.coco import COCO

folder = sys.argv[1] + "/set"
os.mkdir(folder)
shapes = {
    "scratch": ("polygon", [[10.2, 20.1], [40.2, 20.1], [40.2, 20.9], [10.2, 20.9]]),
    "pore": ("rectangle", [[10, 10], [30, 20]]),
    "stain": ("polygon", [[10.5, 10.5], [30.5, 10.5], [30.5, 20.5], [10.5, 20.5]]),
}
for name, (kind, points) in shapes.items():
    Image.new("L", (100, 80)).save(f"{folder}/{name}.png")
    shape = {"label": name, "points": points, "group_id": None, "shape_type": kind, "flags": {}}
    json.dump({"version": "5.4.1", "flags": {}, "shapes": [shape], "imagePath": f"{name}.png", "imageData": None,
               "imageHeight": 80, "imageWidth": 100}, open(f"{folder}/{name}.json", "w"))
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    converted = get_coco_from_labelme_folder(folder).json
    coco = COCO()
    coco.dataset = converted
    coco.createIndex()
names = {c["id"]: c["name"] for c in converted["categories"]}
for a in sorted(converted["annotations"], key=lambda a: names[a["category_id"]]):
    corners = [f"{v:g}" for polygon in a["segmentation"] for v in polygon]
    print(names[a["category_id"]], "area", f"{a['area']:g}", "corners", ",".join(corners) or "none",
          "pixels", int(coco.annToMask(a).sum()) if corners else 0)
PY
seen=$("$here/venv/bin/python" "$here/look.py" "$here" 2>/dev/null)
echo "$seen"
[ "$seen" = "pore area 200 corners none pixels 0
scratch area 23 corners 10,20,40,20,40,20,10,20 pixels 0
stain area 200 corners 10,10,30,10,30,20,10,20 pixels 200" ]
