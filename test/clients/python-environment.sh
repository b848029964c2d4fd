#!/usr/bin/env bash
# Makes a Python environment that generates clients: bash test/clients/python-environment.sh FOLDER. Needs python3-venv and PyPI.
set -euo pipefail
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check openapi-python-client==0.29.1
