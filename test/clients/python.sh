#!/usr/bin/env bash
# Makes a Python client of the station's own document and inspects a part by it at a real station.
# Takes the environment in FELFRI_TEST_PYTHON, in which openapi-python-client is installed, or makes one (python3-venv, PyPI).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
station=
trap '[ -z "$station" ] || kill "$station"; rm -rf "$work"' EXIT

venv="${FELFRI_TEST_PYTHON:-$work/venv}"
[ -x "$venv/bin/openapi-python-client" ] || bash "$here/python-environment.sh" "$venv"

cd "$here/../.."
node --import tsx test/clients/python-station.ts "$work/part.png" >"$work/said" &
station=$!
until [ -s "$work/said" ]; do
  kill -0 "$station"
  sleep 0.2
done
read -r address token <"$work/said"

cd "$work"
"$venv/bin/python" - "$address" "$token" <<'PYTHON'
import sys, httpx
document = httpx.get(f"{sys.argv[1]}/api/openapi.json", headers={"authorization": f"Bearer {sys.argv[2]}"})
open("openapi.json", "w").write(document.raise_for_status().text)
PYTHON
# without this, answers that are pictures are left out of the client
cat >config.yaml <<'YAML'
content_type_overrides:
  image/png: application/octet-stream
post_hooks: []
YAML
"$venv/bin/openapi-python-client" generate --path openapi.json --config config.yaml >generated.txt
PYTHONPATH="$work/felfri-station-client" "$venv/bin/python" "$here/inspect_part.py" "$address" "$token" "$work/part.png"
