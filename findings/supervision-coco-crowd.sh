#!/usr/bin/env bash
# supervision 0.31.2, pycocotools 2.0.11: four images with a defect each (a block, two spots, a ring, a slanted scratch of one pixel), masks as NumPy
# arrays, are written by `DetectionDataset.as_coco` and a detector that found the block alone is judged by COCOeval.
#
# A reasonable guess: one of four defects was found, so the recall is 0.25.
# Seen: recall 1.00 and AP 1.00. A mask of several parts, with a hole, or that no polygon holds, is written as run lengths with `iscrowd` 1; COCOeval
# leaves crowds out, so the three defects that nobody found do not count as missed.
#
# seen: iscrowd [0, 1, 1, 1] | one of four found: recall 1.00, AP 1.00
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile supervision==0.31.2 pycocotools==2.0.11 numpy==2.4.6 pillow==12.3.0
cat > "$here/look.py" <<'PY'
import contextlib, io, os, sys, warnings
import numpy as np, supervision as sv
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

warnings.filterwarnings("ignore")
block, spots, ring, scratch = (np.zeros((40, 40), bool) for _ in range(4))
block[5:15, 5:15] = True
spots[5:9, 5:9] = spots[25:31, 25:31] = True
ring[5:20, 5:20] = True
ring[10:15, 10:15] = False
scratch[np.arange(3, 33), np.arange(3, 33)] = True

folder = sys.argv[1]
marked = {}
for number, mask in enumerate([block, spots, ring, scratch]):
    path = os.path.join(folder, f"{number}.png")
    Image.new("RGB", (40, 40)).save(path)
    ys, xs = np.nonzero(mask)
    box = np.array([[xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]], float)
    marked[path] = sv.Detections(xyxy=box, mask=mask[None], class_id=np.array([0]))
written = os.path.join(folder, "defects.json")
sv.DetectionDataset(["defect"], list(marked), marked).as_coco(annotations_path=written)

with contextlib.redirect_stdout(io.StringIO()):
    truth = COCO(written)
    first = truth.loadAnns(truth.getAnnIds())[0]
    found = {"image_id": first["image_id"], "category_id": first["category_id"], "segmentation": truth.annToRLE(first), "score": 0.9}
    judged = COCOeval(truth, truth.loadRes([found]), "segm")
    judged.evaluate()
    judged.accumulate()
    judged.summarize()
crowds = [one["iscrowd"] for one in truth.loadAnns(truth.getAnnIds())]
print(f"iscrowd {crowds} | one of four found: recall {judged.stats[8]:.2f}, AP {judged.stats[0]:.2f}")
PY
mkdir "$here/set"
seen=$("$here/venv/bin/python" "$here/look.py" "$here/set" 2>/dev/null)
echo "$seen"
[ "$seen" = "iscrowd [0, 1, 1, 1] | one of four found: recall 1.00, AP 1.00" ]
