#!/usr/bin/env bash
# torchmetrics 1.9.0, torch 2.15.0: BinaryAUROC of scores as a normalizing flow gives them (negative log-likelihoods of 20 to 23 for good parts, 30 to 50
# for defective ones), which part the two classes without an error; and of scores between 0.1 and 1.2 that come in two batches.
#
# A reasonable guess: the AUROC depends on the order alone, so it is 1 each time; that scores outside 0 to 1 go through a sigmoid keeps the order.
# Seen: 0.50 for the flow, since in single precision all eight become exactly 1, and 0.00 with `thresholds=200`. In two batches 0.67 where one batch gives
# 1.00: the sigmoid is put on the batch with a score above 1 and not on the other, so 1.1 (then 0.75) lies below 0.9.
#
# seen: flow 0.50, thresholds=200 0.00 | one batch 1.00, two batches 0.67
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile torch==2.15.0 torchmetrics==1.9.0 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import torch
from torchmetrics.classification import BinaryAUROC

def auroc(*batches, **options):
    metric = BinaryAUROC(**options)
    for good, defective in batches:
        metric.update(torch.tensor([*good, *defective]), torch.tensor([0] * len(good) + [1] * len(defective)))
    return f"{metric.compute().item():.2f}"

flow = ([20.0, 21.0, 22.0, 23.0], [30.0, 31.0, 40.0, 50.0])
good, defective = [0.1, 0.2, 0.9], [0.95, 1.1, 1.2]
print(
    f"flow {auroc(flow)}, thresholds=200 {auroc(flow, thresholds=200)} | "
    f"one batch {auroc((good, defective))}, two batches {auroc((good, []), ([], defective))}"
)
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "flow 0.50, thresholds=200 0.00 | one batch 1.00, two batches 0.67" ]
