"""Writes efficientnet_lite_formula.safetensors and torch_legacy.pth beside it, by PyTorch and the package efficientnet-lite-pytorch
(0.1.0): python3 make-efficientnet-lite.py"""
import json
import math
import struct
import numpy as np
import torch
from efficientnet_lite_pytorch import EfficientNet

PERIOD = 65521


def fnv(name):
    h = 2166136261
    for byte in name.encode():
        h = ((h ^ byte) * 16777619) % 2 ** 32
    return h


def formula(name, shape):
    """As test/formula-weights.ts."""
    size = math.prod(shape)
    i = np.arange(size, dtype=np.float64) % PERIOD
    s = np.sin((i + 1) * 12.9898 + fnv(name) / 2 ** 32 * 78.233) * 43758.5453
    u = s - np.floor(s)
    if name.endswith('running_var'):
        v = 0.5 + u
    elif name.endswith('running_mean') or name.endswith('bias'):
        v = 0.2 * (u - 0.5)
    elif len(shape) == 1:
        v = 0.5 + u
    else:
        v = (u - 0.5) * 2 * math.sqrt(3 / math.prod(shape[1:]))
    return torch.tensor(v.reshape(shape), dtype=torch.float32)


def features(variant, blocks, x):
    """Output of the last block of stage 6 of the package's own network, in inference mode."""
    model = EfficientNet.from_name(f'efficientnet-{variant}', image_size=x.shape[-1]).eval()
    state = model.state_dict()
    model.load_state_dict({k: formula(k, tuple(v.shape)) if v.dtype == torch.float32 else v for k, v in state.items()})
    with torch.no_grad():
        y = model._swish(model._bn0(model._conv_stem(x)))
        for block in model._blocks[:blocks]:
            y = block(y)
    return y


def save(path, tensors):
    head, body, at = {}, [], 0
    for name, t in tensors.items():
        b = t.contiguous().numpy().tobytes()
        head[name] = {'dtype': 'F32', 'shape': list(t.shape), 'data_offsets': [at, at + len(b)]}
        at += len(b)
        body.append(b)
    h = json.dumps(head).encode()
    h += b' ' * (-len(h) % 8)
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(h)) + h + b''.join(body))


torch.set_num_threads(1)
torch.manual_seed(7)
out = {}
for variant, blocks in (('lite0', 15), ('lite2', 20)):
    x = torch.randn(1, 3, 64, 64)
    out[f'{variant}/input'], out[f'{variant}/output'] = x, features(variant, blocks, x)
    print(variant, tuple(out[f'{variant}/output'].shape), float(out[f'{variant}/output'].std()))
save('efficientnet_lite_formula.safetensors', out)

# rows as they lie, a transposed view, a part of shared numbers, a scalar, whole numbers, doubles
rows = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4) / 8
torch.save({'rows': rows, 'turned': (rows + 100).permute(2, 0, 1), 'part': (rows - 50)[1, 1:], 'one': torch.tensor(-2.5),
            'whole': torch.tensor([3, -4]), 'double': torch.tensor([0.5, 0.25], dtype=torch.float64)},
           'torch_legacy.pth', _use_new_zipfile_serialization=False)
