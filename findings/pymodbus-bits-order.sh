#!/usr/bin/env bash
# pymodbus 3.16.1: a holding register as a status word, in which bit 0 (value 1) means ready, is decoded by
# `convert_from_registers([1], DATATYPE.BITS)`; two registers 0x0002, 0x0001 likewise.
#
# A reasonable guess: the first of the 16 bits is bit 0 of the word, as every controller's manual numbers them; so bits[0] is True.
# Seen: bits[8] is True and bits[0] False. The bytes are taken as they travel, the high one first, and each from its lowest bit. So bits[0] is bit 8 of
# the word and bits[8] is bit 0: a reader that asks bits[0] sees "not ready" of a ready station, and one that asks a bit for "defective" sees none.
#
# seen: 0x0001 -> [8] | 0x8000 -> [7] | 0x0002 0x0001 -> [9, 24]
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
python3 -m venv "$here/venv"
"$here/venv/bin/pip" install -q --disable-pip-version-check --no-compile pymodbus==3.16.1
cat > "$here/look.py" <<'PY'
from pymodbus.client import ModbusTcpClient

def true_bits(*registers):
    bits = ModbusTcpClient.convert_from_registers(list(registers), ModbusTcpClient.DATATYPE.BITS)
    return f"{' '.join(f'0x{r:04x}' for r in registers)} -> {[place for place, bit in enumerate(bits) if bit]}"

print(" | ".join([true_bits(1), true_bits(0x8000), true_bits(2, 1)]))
PY
seen=$("$here/venv/bin/python" "$here/look.py" 2>/dev/null)
echo "$seen"
[ "$seen" = "0x0001 -> [8] | 0x8000 -> [7] | 0x0002 0x0001 -> [9, 24]" ]
