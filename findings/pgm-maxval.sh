#!/usr/bin/env bash
# Pillow 12.3.0 against opencv-python-headless 4.14.0.94 (numpy 2.4.6): grey PGM files of cameras with 10 and 12 bits (maxval 1023 and 4095), and one
# with maxval 100; the stored values are 1, 16 and the maximum.
#
# A reasonable guess: both give the stored numbers, as both do for PNG and TIFF of 16 bits; "10 bits" is then seen by looking at the maximum.
# Seen: Pillow stretches them to the whole range (1023 and 4095 become 65535, 100 becomes 255), OpenCV gives them as stored. The same file is 16 or 64
# times as bright by one reader as by the other: a threshold or a mean that one side measured makes the other's parts all black or all white.
#
# seen: maxval 1023: Pillow 64,1025,65535 OpenCV 1,16,1023 | 4095: Pillow 16,256,65535 OpenCV 1,16,4095 | 100: Pillow 3,41,255 OpenCV 1,16,100
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile pillow==12.3.0 opencv-python-headless==4.14.0.94 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import io
import cv2
import numpy as np
from PIL import Image

def read(maxval):
    stored = np.array([1, 16, maxval], "u1" if maxval < 256 else ">u2")
    file = b"P5\n3 1\n%d\n" % maxval + stored.tobytes()
    pillow = np.array(Image.open(io.BytesIO(file))).ravel()
    opencv = cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_UNCHANGED).ravel()
    return f"{maxval}: Pillow {','.join(map(str, pillow))} OpenCV {','.join(map(str, opencv))}"

print("maxval " + " | ".join(read(maxval) for maxval in (1023, 4095, 100)))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "maxval 1023: Pillow 64,1025,65535 OpenCV 1,16,1023 | 4095: Pillow 16,256,65535 OpenCV 1,16,4095 | 100: Pillow 3,41,255 OpenCV 1,16,100" ]
