"""Writes jpegs.json: one small picture as JPEG by several encoders, in the forms that cameras and programs write.

pip install pillow==13.0.0 opencv-python-headless==5.0.0.93 numpy; apt-get install libjpeg-turbo-progs ffmpeg graphicsmagick
python make-jpegs.py
"""
import base64
import io
import json
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np
from PIL import Image

W, H = 61, 43
y, x = np.mgrid[0:H, 0:W]
noise = np.random.default_rng(1).integers(0, 20, (H, W))
rgb = np.stack([np.clip(120 + 60 * np.sin(x / 5 + c) + 40 * np.cos(y / 4) + noise, 0, 255) for c in range(3)], -1)
rgb = rgb.astype(np.uint8)
image = Image.fromarray(rgb)
files = {}


def pillow(name, picture=image, **options):
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    files[f"Pillow, {name}"] = out.getvalue()


def opencv(name, options):
    files[f"OpenCV, {name}"] = cv2.imencode(".jpg", rgb, options)[1].tobytes()


folder = pathlib.Path(tempfile.mkdtemp())
ppm = folder / "s.ppm"
image.save(ppm)


def program(name, command):
    out = folder / "out.jpg"
    out.unlink(missing_ok=True)
    subprocess.run(command.format(ppm=ppm, out=out), shell=True, check=True)
    files[name] = out.read_bytes()


for sampling in ("4:4:4", "4:2:2", "4:2:0", "4:1:1"):
    pillow(sampling, subsampling=sampling, quality=60)
pillow("grey", image.convert("L"), quality=60)
pillow("optimised, quality 100", optimize=True, quality=100)
pillow("progressive", progressive=True, quality=60)
pillow("restart markers", restart_marker_blocks=3, quality=60)
pillow("RGB as it is", keep_rgb=True, quality=60)
opencv("4:4:0", [cv2.IMWRITE_JPEG_SAMPLING_FACTOR, 0x121111, cv2.IMWRITE_JPEG_QUALITY, 60])
opencv("restart markers", [cv2.IMWRITE_JPEG_RST_INTERVAL, 4, cv2.IMWRITE_JPEG_QUALITY, 60])
(folder / "scans").write_text("0;\n1;\n2;\n")
(folder / "mixed").write_text("0;\n1 2;\n")
program("cjpeg, a scan a component", f"cjpeg -quality 60 -scans {folder}/scans {{ppm}} > {{out}}")
program("cjpeg, two scans, restart markers", f"cjpeg -quality 60 -scans {folder}/mixed -restart 2B {{ppm}} > {{out}}")
program("cjpeg, odd sampling", "cjpeg -quality 60 -sample 2x2,1x2,2x1 {ppm} > {out}")
program("cjpeg, grey of a sampling", "cjpeg -quality 60 -grayscale -sample 2x2 {ppm} > {out}")
program("cjpeg, arithmetic", "cjpeg -quality 60 -arithmetic {ppm} > {out}")
program("jpegtran, cropped", "cjpeg -quality 60 {ppm} | jpegtran -crop 29x23+16+16 > {out}")
program("ffmpeg", "ffmpeg -y -loglevel error -i {ppm} -pix_fmt yuvj420p -bitexact -q:v 5 {out}")
program("ffmpeg, usual tables", "ffmpeg -y -loglevel error -i {ppm} -pix_fmt yuvj422p -bitexact -huffman default -q:v 5 {out}")
program("GraphicsMagick, 4x2", "gm convert {ppm} -quality 60 -sampling-factor 4x2 {out}")


def without_tables(data):
    """As frames of video streams are, which have the usual Huffman tables and leave them out."""
    out, at = data[:2], 2
    while data[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        out += b"" if data[at + 1] == 0xC4 else data[at:end]
        at = end
    return out + data[at:]


plain = files["Pillow, 4:2:0"]
files["no Huffman tables"] = without_tables(plain)
files["zeros before the end"] = plain[:-2] + b"\0" * 6 + plain[-2:]
files["ones before the end"] = plain[:-2] + b"\xff" * 5 + plain[-2:]
files["a restart marker at the end"] = files["Pillow, restart markers"][:-2] + b"\xff\xd7" + plain[-2:]
files["a text behind the end"] = plain + b"SEFH CAM 12 SERIAL 00017"

rows = [{"name": name, "file": base64.b64encode(data).decode()} for name, data in files.items()]
pathlib.Path(__file__).with_name("jpegs.json").write_text(json.dumps(rows, indent=1) + "\n")
