"""Annotation files as the tools write them, with the masks that the tools themselves read from them: annotation_files.json.

Python 3.11 with labelme 6.3.1 (Pillow 12.3.0), pycocotools 2.0.11, datumaro 1.13.12 and label-studio-sdk 2.1.2:
pip install these, then  python make-annotation-files.py
"""
import base64
import json
import random
import tempfile
from pathlib import Path

import datumaro as dm
import numpy as np
from datumaro.components.annotation import AnnotationType
from label_studio_sdk.converter import brush
from labelme import utils
from labelme._label_file import LabelFile, write_label_file
from labelme.utils.shape import shapes_to_label
from PIL import Image
from pycocotools import mask as coco
from pycocotools.coco import COCO

random.seed(16)
rng = np.random.default_rng(16)
W, H = 31, 23
NAMES = ["a", "b", "good"]
sets = []


def runs(mask):
    counts, value, length = [], False, 0
    for v in np.asarray(mask).astype(bool).ravel():
        if v != value:
            counts.append(length)
            value, length = v, 0
        length += 1
    return counts + [int(length)]


def blob():
    m = np.zeros((H, W), np.uint8)
    for _ in range(4):
        x, y = rng.integers(0, W - 6), rng.integers(0, H - 6)
        m[y : y + rng.integers(1, 7), x : x + rng.integers(1, 7)] = 1
    m[rng.integers(0, H), :] = 1  # a hairline
    return m


def content(path):
    data = path.read_bytes()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def add(name, root, masks):
    """Files below root but photographs, which the test makes; `photographs` says where."""
    files, photographs = {}, []
    for path in sorted(p for p in Path(root).rglob("*") if p.is_file()):
        below = path.relative_to(root).as_posix()
        if path.suffix == ".png" and "SegmentationClass" not in below and "SegmentationObject" not in below:
            photographs.append(below)
        elif "SegmentationObject" not in below:
            files[below] = content(path)
    sets.append({"name": name, "width": W, "height": H, "files": files, "photographs": photographs,
                 "masks": {k: runs(v) for k, v in masks.items()}})


def photograph(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((H, W), 90, np.uint8)).save(path)


# LabelMe: every shape, and a mask
with tempfile.TemporaryDirectory() as folder:
    root, masks = Path(folder), {}
    for name in NAMES:
        photograph(root / f"{name}.png")
        shapes = []
        if name != "good":
            point = lambda: [round(random.uniform(0, W - 1), 2), round(random.uniform(0, H - 1), 2)]
            near = point()
            for kind, points in [
                ("polygon", [point() for _ in range(5)]), ("rectangle", [point(), point()]),
                ("circle", [near, [near[0] + 3.3, near[1]]]), ("line", [point(), point()]),
                ("linestrip", [point() for _ in range(3)]), ("point", [point()]),
            ]:
                if random.random() < 0.5:
                    shapes.append(dict(label="dent", points=points, shape_type=kind, flags={}, group_id=None, description=""))
            shapes.append(dict(label="pore", points=[[4, 3], [12, 9]], shape_type="mask", flags={}, group_id=None, description="",
                               mask=utils.img_arr_to_b64(rng.random((7, 9)) < 0.6)))
        write_label_file(str(root / f"{name}.json"), shapes=shapes, image_path=f"{name}.png", image_height=H, image_width=W)
        loaded = LabelFile(str(root / f"{name}.json"))
        masks[f"{name}.png"] = shapes_to_label((H, W), loaded.shapes, {"dent": 1, "pore": 2})[0] > 0
    add("labelme", root, masks)


def dataset(annotations):
    items = [dm.DatasetItem(id=name, media=dm.Image.from_numpy(np.full((H, W, 3), 90, np.uint8)), annotations=annotations(name))
             for name in NAMES]
    return dm.Dataset.from_iterable(items, categories=["dent", "pore"])


def masks_of(items, folder, names=None):
    found = {}
    for item in items:
        m = np.zeros((H, W), bool)
        for a in item.annotations:
            if names and names[a.label] == "background":
                continue
            if a.type == AnnotationType.mask:
                m |= np.asarray(a.image) > 0
            elif a.type == AnnotationType.polygon:
                m |= coco.decode(coco.merge(coco.frPyObjects([list(a.points)], H, W))).astype(bool)
            elif a.type == AnnotationType.bbox:
                x, y, w, h = a.get_bbox()
                m |= coco.decode(coco.frPyObjects(np.array([[x, y, w, h]]), H, W)[0]).astype(bool)
        found[f"{folder}{item.id}.png"] = m
    return found


def some_masks(name):
    if name == "good":
        return []
    return [dm.Mask(blob(), label=0, group=1), dm.Mask(blob(), label=1, group=2)]


def some_polygons(name):
    if name == "good":
        return []
    ring = lambda: [round(random.uniform(0, W if i % 2 == 0 else H), 2) for i in range(8)]
    return [dm.Polygon(ring(), label=0, group=1), dm.Polygon(ring(), label=1, group=2)]


def some_boxes(name):
    return [] if name == "good" else [dm.Bbox(3, 4, 6, 5, label=0), dm.Bbox(20, 10, 1, 7, label=1)]


for title, make, extra in [("masks", some_masks, {"save_masks": True}), ("polygons", some_polygons, {}), ("boxes", some_boxes, {})]:
    for fmt in ["coco_instances", "cvat", "voc"]:
        if (fmt, title) in [("cvat", "masks"), ("voc", "polygons")]:
            continue
        state = random.getstate()
        with tempfile.TemporaryDirectory() as folder:
            options = {"save_media": True, "image_ext": ".png"}
            if fmt == "coco_instances" and title == "masks":
                options["segmentation_mode"] = "mask"
            dataset(make).export(folder, fmt, **options)
            root = Path(folder)
            if fmt == "coco_instances":
                api = COCO(str(next(root.glob("annotations/*.json"))))
                masks = {}
                for image in api.loadImgs(api.getImgIds()):
                    m = np.zeros((H, W), bool)
                    for a in api.loadAnns(api.getAnnIds(image["id"])):
                        one = coco.frPyObjects(np.array([a["bbox"]]), H, W)[0] if title == "boxes" else api.annToRLE(a)
                        m |= coco.decode(one).astype(bool)
                    masks[next(root.rglob(image["file_name"])).relative_to(root).as_posix()] = m
            else:
                back = dm.Dataset.import_from(folder, fmt)
                where = next(root.rglob("good.png")).parent.relative_to(root).as_posix()
                names = [c.name for c in back.categories()[AnnotationType.label]]
                masks = masks_of(back, f"{where}/", names)
            add(f"{fmt} {title}", root, masks)

# Label Studio: brushes by its own encoder
with tempfile.TemporaryDirectory() as folder:
    root, masks, tasks = Path(folder), {}, []
    for i, name in enumerate(NAMES):
        photograph(root / f"{name}.png")
        result = []
        masks[f"{name}.png"] = np.zeros((H, W), bool)
        if name != "good":
            m = blob()
            rle = brush.mask2rle(m * 255)
            masks[f"{name}.png"] = brush.decode_rle(rle).reshape(H, W, 4)[:, :, 3] > 0
            result = [{"id": "r1", "type": "brushlabels", "value": {"format": "rle", "rle": rle, "brushlabels": ["dent"]},
                       "to_name": "image", "from_name": "tag", "original_width": W, "original_height": H, "image_rotation": 0}]
        tasks.append({"id": i, "data": {"image": f"/data/upload/1/1a2b3c4d-{name}.png"},
                      "annotations": [{"id": i, "was_cancelled": False, "result": result}]})
    (root / "export.json").write_text(json.dumps(tasks))
    add("label-studio", root, masks)

Path(__file__).with_name("annotation_files.json").write_text(json.dumps(sets, separators=(",", ":")).replace('{"name"', '\n{"name"') + "\n")
print([(s["name"], len(s["files"]), s["photographs"]) for s in sets])
