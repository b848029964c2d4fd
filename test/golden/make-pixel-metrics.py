"""Makes pixel_metrics.json: score maps, masks, and what NumPy and SciPy say of them.

The per-region-overlap curve follows the definition of Bergmann et al. 2021 (MVTec AD), section 6.2.2: regions by
scipy.ndimage.label with 8-connectivity, all good pixels of all images, trapezoids up to 30 % false positives.
"""
import json
import numpy as np
import scipy
from scipy import ndimage, stats

rng = np.random.default_rng(7)


def case(images, height, width, levels, shift):
    maps, masks = [], []
    for i in range(images):
        y, x = np.mgrid[0:height, 0:width]
        mask = np.zeros((height, width), int)
        for _ in range(0 if i == 0 else rng.integers(1, 4)):
            cy, cx, r = rng.integers(0, height), rng.integers(0, width), rng.uniform(0.8, 5)
            mask |= (((y - cy) ** 2 + (x - cx) ** 2) <= r * r).astype(int)
        score = np.round((rng.normal(size=mask.shape) + shift * mask) * levels) / levels
        maps.append(score)
        masks.append(mask)
    # regions are numbered across images
    share = []
    for mask in masks:
        region, n = ndimage.label(mask, structure=np.ones((3, 3)))
        share.append([mask.size, region, n])
    regions = sum(n for _, _, n in share)
    scores = np.concatenate([m.ravel() for m in maps])
    labels = np.concatenate([m.ravel() for m in masks])
    weight = np.concatenate([
        np.where(region.ravel() > 0, 1 / np.maximum(1, np.bincount(region.ravel())[region.ravel()]), 0)
        for _, region, _ in share
    ]) / regions
    order = np.argsort(scores, kind="stable")[::-1]
    fpr = np.cumsum(1 - labels[order]) / np.sum(1 - labels)
    pro = np.cumsum(weight[order])
    keep = np.append(np.diff(scores[order]) != 0, True)
    fpr, pro = np.append(0, fpr[keep]), np.append(0, pro[keep])
    below = fpr < 0.3
    x = np.append(fpr[below], 0.3)
    aupro = np.trapezoid(np.append(pro[below], np.interp(0.3, fpr, pro)), x) / 0.3
    u = stats.mannwhitneyu(scores[labels == 1], scores[labels == 0]).statistic
    threshold = 1.0
    called = scores >= threshold
    candidates = np.unique(scores)
    dice = [2 * np.sum((scores >= t) & (labels == 1)) / (np.sum(scores >= t) + labels.sum()) for t in candidates]
    return {
        "width": width,
        "maps": [m.ravel().tolist() for m in maps],
        "masks": [m.ravel().tolist() for m in masks],
        "regions": int(regions),
        "auroc": float(u / (labels.sum() * (labels == 0).sum())),
        "aupro": float(aupro),
        "dice_at_1": float(2 * np.sum(called & (labels == 1)) / (called.sum() + labels.sum())),
        "highest_dice": float(max(dice)),
        "highest_dice_threshold": float(candidates[len(dice) - 1 - int(np.argmax(dice[::-1]))]),
    }


print(f"NumPy {np.__version__}, SciPy {scipy.__version__}")
with open("pixel_metrics.json", "w") as f:
    json.dump([case(3, 14, 18, 8, 1.5), case(4, 20, 11, 64, 0.8), case(2, 9, 30, 2, 2.5)], f)
