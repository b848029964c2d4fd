"""Writes resize_pillow.safetensors: a drawn image and Pillow's BILINEAR resizing of it (python3-pil, python3-numpy). Run: python3 make-resize.py"""
import json
import struct
import numpy as np
import PIL
from PIL import Image

rng = np.random.RandomState(6)
height, width = 61, 83
y, x = np.mgrid[0:height, 0:width]
planes = [255 * x / (width - 1), 127 + 120 * np.sin(x * y / 97), 255 * ((x // 3 + y // 5) % 2)]
source = np.clip(np.stack(planes, -1) + rng.normal(0, 12, (height, width, 3)), 0, 255).round().astype('uint8')
source[20:24, 30:60] = 255
source[40:41, :] = 0

tensors = {'source': source}
for h, w in [(61, 83), (128, 160), (30, 41), (16, 16), (9, 200), (150, 7), (1, 1)]:
    tensors[f'{h}x{w}'] = np.asarray(Image.fromarray(source).resize((w, h), Image.BILINEAR))

header, body, at = {'__metadata__': {'pillow': json.dumps(PIL.__version__)}}, b'', 0
for name, t in tensors.items():
    header[name] = {'dtype': 'U8', 'shape': list(t.shape), 'data_offsets': [at, at + t.size]}
    body += t.tobytes()
    at += t.size
text = json.dumps(header).encode()
text += b' ' * (-len(text) % 8)
with open('resize_pillow.safetensors', 'wb') as f:
    f.write(struct.pack('<Q', len(text)) + text + body)
print(len(body), 'bytes')
