#!/usr/bin/env bash
# label-studio-sdk 2.1.2 (opencv-python-headless 4.12.0.88, pycocotools 2.0.11): three annotated photographs with brushes, exported by its
# own converter to COCO (converter/exports/brush_to_coco.py): a square of 10 x 10, a straight scratch of 20 x 1, and one that was
# looked at and has no defect.
#
# A reasonable guess: three images; annotations of 100 and 20 pixels; the third image without annotations, as COCO says "nothing here".
# Seen: one image. The square is a polygon through the middles of its pixels, of which COCO's own rasteriser fills 81. The scratch is a contour of
# two points, which is dropped, and with it its image; the image without a defect is dropped too. Neither the defective part with
# the scratch nor the good part is in the data set any more, without an error.
#
# seen: images square.png | pixels 81
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q label-studio-sdk==2.1.2 opencv-python-headless==4.12.0.88 pycocotools==2.0.11 numpy==2.2.6
cat > "$here/look.py" <<'PY'
import json, os, sys
import numpy as np
from label_studio_sdk.converter import brush
from label_studio_sdk.converter.exports.brush_to_coco import convert_to_coco
from pycocotools import mask as coco

def region(mask):
    return {"type": "brushlabels", "brushlabels": ["defect"], "format": "rle", "rle": brush.mask2rle(mask),
            "original_width": 40, "original_height": 30}

square = np.zeros((30, 40), np.uint8)
square[5:15, 5:15] = 255
scratch = np.zeros((30, 40), np.uint8)
scratch[20, 10:30] = 255
assert (brush.decode_rle(region(scratch)["rle"]).reshape(30, 40, 4)[:, :, 3] > 0).sum() == 20
items = [
    {"id": 1, "input": {"image": "square.png"}, "completed_by": {}, "output": {"tag": [region(square)]}},
    {"id": 2, "input": {"image": "scratch.png"}, "completed_by": {}, "output": {"tag": [region(scratch)]}},
    {"id": 3, "input": {"image": "good.png"}, "completed_by": {}, "output": {"tag": []}},
]
out = sys.argv[1]
convert_to_coco(items, out)
found = json.load(open(os.path.join(out, "result_coco.json")))
pixels = [int(coco.decode(coco.merge(coco.frPyObjects(a["segmentation"], 30, 40))).sum()) for a in found["annotations"]]
print("images", *(i["file_name"] for i in found["images"]), "| pixels", *pixels)
PY
seen=$("$here/venv/bin/python" "$here/look.py" "$here/out" 2>/dev/null | tail -1)
echo "$seen"
[ "$seen" = "images square.png | pixels 81" ]
