#!/usr/bin/env bash
# Makes a Python environment with other people's programs for the line: bash test/line/environment.sh FOLDER. Needs python3-venv and PyPI.
set -euo pipefail
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check pymodbus==3.16.1 standardwebhooks==1.1.0 paho-mqtt==2.2.0 asyncua==2.1.0 protobuf==7.36.2
# it pins an older paho-mqtt, which its decoder does not use
"$1/bin/pip" install --quiet --disable-pip-version-check --no-deps pysparkplug==0.6.1
