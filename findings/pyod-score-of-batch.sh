#!/usr/bin/env bash
# pyod 3.6.7 (numpy 2.4.6): ECOD and COPOD are fitted to 200 good parts (two features, normal), contamination 0.01. Then one defective part, four standard
# deviations off in both, is judged alone, and together with others of its kind, as they come when a tool breaks.
#
# A reasonable guess: a fitted model gives a part the same score whoever is beside it, as other detectors of pyod do.
# Seen: both put the parts to be judged among the training data, and rank them there. Alone the part scores 10.6 and is an anomaly (limits 7.97 and 6.31); in
# a batch of 200 of its kind not one is found. The more parts are defective, the fewer are. Nothing says so.
#
# seen: ECOD limit 7.97 | alone 10.61 found 1 of 1 | found 4 of 10, 1 of 50, 0 of 200
# seen: COPOD limit 6.31 | alone 10.61 found 1 of 1 | found 10 of 10, 9 of 50, 0 of 200
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile pyod==3.6.7 numpy==2.4.6
cat > "$here/look.py" <<'PY'
import numpy as np
from pyod.models.copod import COPOD
from pyod.models.ecod import ECOD

random = np.random.default_rng(1)
good = random.normal(size=(200, 2))
defective = 4 + random.normal(size=(200, 2)) * 1e-3
for detector in (ECOD, COPOD):
    model = detector(contamination=0.01).fit(good)
    alone = defective[:1]
    print(detector.__name__, f"limit {model.threshold_:.2f} | alone {model.decision_function(alone)[0]:.2f} found {model.predict(alone).sum()} of 1 | found",
          ", ".join(f"{model.predict(defective[:n]).sum()} of {n}" for n in (10, 50, 200)))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "ECOD limit 7.97 | alone 10.61 found 1 of 1 | found 4 of 10, 1 of 50, 0 of 200
COPOD limit 6.31 | alone 10.61 found 1 of 1 | found 10 of 10, 9 of 50, 0 of 200" ]
