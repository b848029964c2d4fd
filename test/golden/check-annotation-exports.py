"""What felfri writes, read by the tools themselves and compared with the masks that it was made of, pixel by pixel.

Python 3.11 with labelme 6.3.1 (Pillow 12.3.0), pycocotools 2.0.11, datumaro 1.13.12, label-studio-sdk 2.1.2 and
opencv-python-headless 4.12.0.88. From the root of the repository:

python test/golden/check-annotation-exports.py npx tsx src/cli/main.ts
"""
import contextlib
import csv
import io
import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import datumaro as dm
import numpy as np
from datumaro.components.annotation import AnnotationType
from label_studio_sdk.converter import brush
from labelme._label_file import LabelFile
from labelme.utils.shape import shapes_to_label
from loguru import logger
from PIL import Image
from pycocotools import mask as coco
from pycocotools.coco import COCO

logging.disable(logging.WARNING)
logger.remove()
FELFRI = sys.argv[1:] or ["npx", "felfri"]
W, H = 97, 61
rng = np.random.default_rng(15)


def drawn():
    """Blobs with holes, hairlines and single pixels."""
    m = np.zeros((H, W), bool)
    for _ in range(4):
        x, y = rng.integers(0, W - 20), rng.integers(0, H - 16)
        w, h = rng.integers(2, 20), rng.integers(2, 16)
        m[y : y + h, x : x + w] = True
        if w > 4 and h > 4:
            m[y + 2 : y + h - 2, x + 2 : x + w - 2] = False
    m[rng.integers(0, H), : rng.integers(10, W)] = True
    start = rng.integers(0, H - 1)
    for x in range(rng.integers(20, W)):
        m[(start + x // 2) % H, x] = True
    for _ in range(12):
        m[rng.integers(0, H), rng.integers(0, W)] = True
    return m


def polygons(points):
    return coco.decode(coco.merge(coco.frPyObjects(points, H, W))).astype(bool)


def read_coco(root):
    with contextlib.redirect_stdout(io.StringIO()):
        api = COCO(str(next(root.rglob("*.json"))))
    for image in api.loadImgs(api.getImgIds()):
        parts = [api.annToMask(a) > 0 for a in api.loadAnns(api.getAnnIds(image["id"]))]
        yield Path(image["file_name"]).stem, parts


def read_labelme(root):
    for path in root.rglob("*.json"):
        loaded = LabelFile(str(path))
        names = {s["label"]: i + 1 for i, s in enumerate(loaded.shapes)}
        yield path.stem, [shapes_to_label((H, W), loaded.shapes, names)[0] > 0] if loaded.shapes else []


def read_datumaro(form):
    def read(root):
        data = dm.Dataset.import_from(str(root), form)
        names = [c.name for c in data.categories()[AnnotationType.label]]
        for item in data:
            parts = []
            for a in item.annotations:
                if a.type == AnnotationType.mask and names[a.label] != "background":
                    parts.append(np.asarray(a.image) > 0)
                elif a.type == AnnotationType.polygon:
                    parts.append(polygons([list(a.points)]))
            yield Path(item.id).stem, parts

    return read


def read_yolo(root):
    # as ultralytics draws segments
    for path in (root / "labels").rglob("*.txt"):
        m = np.zeros((H, W), np.uint8)
        for line in path.read_text().splitlines():
            points = np.array(line.split()[1:], np.float32).reshape(-1, 2) * np.array([W, H], np.float32)
            cv2.fillPoly(m, [points.astype(np.int32)], 1)
        yield path.stem, [m > 0]


def read_label_studio(root):
    for task in json.loads(next(root.rglob("*.json")).read_text()):
        parts = []
        for result in task["annotations"][0]["result"]:
            value = result["value"]
            if "rle" in value:
                parts.append(brush.decode_rle(value["rle"]).reshape(H, W, 4)[:, :, 3] > 0)
            elif "points" in value:
                parts.append(polygons([[v * side / 100 for p in value["points"] for v, side in zip(p, (W, H))]]))
        yield Path(task["data"]["image"]).stem, parts


def read_severstal(root):
    found = {}
    with open(next(root.rglob("*.csv")), newline="") as file:
        for row in csv.DictReader(file):
            name = Path(row.get("ImageId") or row["ImageId_ClassId"].rsplit("_", 1)[0]).stem
            flat = np.zeros(W * H, bool)
            numbers = [int(v) for v in row["EncodedPixels"].split()]
            for start, length in zip(numbers[::2], numbers[1::2]):
                flat[start - 1 : start - 1 + length] = True
            found.setdefault(name, []).append(flat.reshape(W, H).T)
    yield from found.items()


def read_png(root):
    for path in (root / "SegmentationClass").rglob("*.png"):
        m = np.array(Image.open(path))
        yield path.stem, [(m > 0) & (m < 255)]


READERS = [
    ("coco", [], read_coco), ("coco", ["--polygons"], read_coco), ("labelme", [], read_labelme),
    ("cvat", [], read_datumaro("cvat")), ("cvat", ["--polygons"], read_datumaro("cvat")), ("voc", [], read_datumaro("voc")),
    ("yolo", [], read_yolo), ("label-studio", [], read_label_studio), ("label-studio", ["--polygons"], read_label_studio),
    ("severstal", [], read_severstal), ("png", [], read_png),
]

with tempfile.TemporaryDirectory() as folder:
    source, masks = Path(folder) / "source", {}
    for i in range(16):
        kind = ["good", "defective/dent", "defective/pore", "defective/dent"][i % 4]
        name = f"p{i:02}"
        masks[name] = np.zeros((H, W), bool) if kind == "good" else drawn()
        for below, pixels in [(kind, np.full((H, W), 90, np.uint8)), ("masks/" + kind, masks[name].astype(np.uint8) * 255)]:
            (source / below).mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(source / below / f"{name}.png")
    print(f"{len(masks)} images, {sum(int(m.sum()) for m in masks.values())} marked pixels")
    failed = 0
    for form, more, read in READERS:
        out = Path(folder) / f"{form}{len(more)}"
        subprocess.run([*FELFRI, "data", "convert", str(source), "-o", str(out), "--to", form, "--quiet", *more],
                       check=True, stdout=subprocess.DEVNULL)
        found = {name: np.logical_or.reduce(parts) if parts else np.zeros((H, W), bool) for name, parts in read(out)}
        differing = sum(int((found.get(name, np.zeros((H, W), bool)) != m).sum()) for name, m in masks.items())
        missing = sorted(name for name, m in masks.items() if m.any() and name not in found)
        failed += differing + len(missing)
        print(f"{form} {' '.join(more)}: {differing} pixels differ" + (f", not found {missing}" if missing else ""))
sys.exit(1 if failed else 0)
