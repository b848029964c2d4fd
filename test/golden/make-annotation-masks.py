"""Masks that annotation tools make of shapes drawn at random, as run lengths: annotation_masks.json.

Python 3.11 with labelme 6.3.1 (Pillow 12.3.0), pycocotools 2.0.11, opencv-python-headless 4.12.0.88, numpy 2.2.6, datumaro 1.13.12 and
label-studio-sdk 2.1.2:  pip install these, then  python make-annotation-masks.py
"""
import json
import random
from pathlib import Path

import cv2
import numpy as np
from label_studio_sdk.converter import brush
from labelme.utils.shape import shape_to_mask
from pycocotools import mask as coco

random.seed(15)
cases = []


def runs(mask):
    """Row-major run lengths, the first of zeros."""
    flat = np.asarray(mask).astype(bool).ravel()
    counts, value, length = [], False, 0
    for v in flat:
        if v != value:
            counts.append(length)
            value, length = v, 0
        length += 1
    return counts + [int(length)]


def add(kind, width, height, mask, **shape):
    cases.append({"kind": kind, "width": width, "height": height, **shape, "runs": runs(mask)})


def size():
    return random.randint(9, 34), random.randint(9, 34)


def coordinate(limit, style):
    """Whole, half, or any; some lie outside."""
    value = random.uniform(-4, limit + 4)
    return {"whole": round(value), "half": round(value * 2) / 2, "any": round(value, 3)}[style]


def polygon(width, height, most=9):
    style = random.choice(["whole", "half", "any"])
    return [[coordinate(width, style), coordinate(height, style)] for _ in range(random.randint(3, most))]


def flat(points):
    return [v for point in points for v in point]


for i in range(70):
    w, h = size()
    points = polygon(w, h)
    add("pillow-polygon", w, h, shape_to_mask((h, w), points, "polygon"), points=flat(points))
    add("coco-polygon", w, h, coco.decode(coco.merge(coco.frPyObjects([flat(points)], h, w))), points=flat(points))
    drawn = np.zeros((h, w), np.uint8)
    cv2.fillPoly(drawn, [np.asarray(points, dtype=np.int32)], color=1)  # as ultralytics' polygon2mask does
    add("opencv-polygon", w, h, drawn, points=flat(points))
    strip = polygon(w, h, 5)
    add("pillow-line", w, h, shape_to_mask((h, w), strip, "linestrip"), points=flat(strip))
    corners = polygon(w, h)[:2]
    add("pillow-rectangle", w, h, shape_to_mask((h, w), corners, "rectangle"), points=flat(corners))
    centre, rim = polygon(w, h)[:2]
    add("pillow-circle", w, h, shape_to_mask((h, w), [centre, rim], "circle"), points=flat([centre, rim]))
    add("pillow-point", w, h, shape_to_mask((h, w), [centre], "point"), points=centre)
    x, y = coordinate(w, "any"), coordinate(h, "any")
    bw, bh = random.choice([round(random.uniform(0.2, w), 2), random.randint(1, w)]), round(random.uniform(0.2, h), 2)
    add("coco-box", w, h, coco.decode(coco.frPyObjects(np.array([[x, y, bw, bh]]), h, w)[0]), box=[x, y, bw, bh])
    # as CVAT's server does: cvat/apps/dataset_manager/formats/transformations.py, EllipsesToMasks
    rx, ry = random.choice([(random.uniform(0, 12), random.uniform(0, 12)), (random.uniform(0, 40), random.uniform(0, 20))])
    angle = random.choice([0, 30, random.uniform(0, 360)])
    drawn = np.zeros((h, w), np.uint8)
    cv2.ellipse(drawn, (round(x), round(y)), (round(rx), round(ry)), angle, 0, 360, 1, thickness=-1)
    add("opencv-ellipse", w, h, drawn, ellipse=[x, y, rx, ry, angle])
    blob = (np.random.default_rng(i).random((h, w)) < random.choice([0.02, 0.3, 0.9])).astype(np.uint8)
    encoded = coco.encode(np.asfortranarray(blob))
    add("coco-string", w, h, blob, counts=encoded["counts"].decode())
    if i < 12:
        # Label Studio's own encoder makes RGBA of one value a pixel
        add("brush", w, h, blob, rle=brush.mask2rle(blob * 255))

Path(__file__).with_name("annotation_masks.json").write_text(json.dumps(cases, separators=(",", ":")).replace('{"kind"', '\n{"kind"') + "\n")
print(len(cases))
