#!/usr/bin/env bash
# pycocotools 2.0.11 (numpy 2.4.6): two photographs with one defect each, and a detector that finds both boxes exactly.
# The annotations have the ids 1 and 2 in one data set, 0 and 1 in the other; nothing else differs.
#
# A reasonable guess: average precision and recall are 1 in both. COCO's format says of an annotation's id that it is a number.
# Seen: with the ids from 0 the recall is 0.5 and the average precision 0.252. COCOeval keeps the id of the matched annotation in an array
# where 0 means "matched by nothing", so the defect with id 0 is found and counted as a false alarm. There is no message.
#
# seen: ids from 1: AP 1.000 recall 1.000 | ids from 0: AP 0.252 recall 0.500
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile pycocotools==2.0.11 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import contextlib, io
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

boxes = [[10, 10, 40, 40], [100, 100, 50, 50]]

def figures(first_id):
    truth = COCO()
    truth.dataset = {
        "images": [{"id": i + 1, "file_name": f"{i}.png", "width": 300, "height": 300} for i in range(2)],
        "categories": [{"id": 1, "name": "scratch"}],
        "annotations": [{"id": first_id + i, "image_id": i + 1, "category_id": 1, "iscrowd": 0, "area": b[2] * b[3], "bbox": b}
                        for i, b in enumerate(boxes)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        truth.createIndex()
        found = truth.loadRes([{"image_id": i + 1, "category_id": 1, "bbox": b, "score": 0.9 - 0.1 * i} for i, b in enumerate(boxes)])
        judged = COCOeval(truth, found, "bbox")
        judged.evaluate(); judged.accumulate(); judged.summarize()
    return f"AP {judged.stats[0]:.3f} recall {judged.stats[8]:.3f}"

print(f"ids from 1: {figures(1)} | ids from 0: {figures(0)}")
PY
seen=$("$here/venv/bin/python" "$here/look.py")
echo "$seen"
[ "$seen" = "ids from 1: AP 1.000 recall 1.000 | ids from 0: AP 0.252 recall 0.500" ]
