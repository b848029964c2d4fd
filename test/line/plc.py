"""
A simulated controller, by pymodbus: plc.py PORT COUNT triggered|free. It goes by the handshake alone, and prints a line of JSON for each step.
A part without a valid result of its own trigger within the time is no OK.
"""
import json
import sys
import time

from pymodbus.client import ModbusTcpClient

ONLINE, READY, TRIGGER_ACK, MISSED, BUSY, VALID, OVERRUN, PASS = (1 << bit for bit in range(8))
ENABLE, TRIGGER, RESULTS_ACK, OFFLINE, CLEAR, EXECUTE = (1 << bit for bit in range(6))
PATIENCE = 10

port, count, mode = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
client = ModbusTcpClient("127.0.0.1", port=port, timeout=3)


def say(**what):
    print(json.dumps(what), flush=True)


def read(address, words):
    answer = client.read_holding_registers(address, count=words, device_id=1)
    if answer.isError():
        raise RuntimeError(str(answer))
    return answer.registers


def control(bits):
    answer = client.write_register(100, bits, device_id=1)
    if answer.isError():
        raise RuntimeError(str(answer))


def wait(test, what):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        status = read(0, 1)[0]
        if test(status):
            return status
        time.sleep(0.005)
    say(timeout=what)
    return None


def result():
    """One request, so that all of it is of one result."""
    words = read(0, 50)
    convert, types = client.convert_from_registers, client.DATATYPE
    score = convert(words[10:12], types.FLOAT32)
    return {
        "status": words[0],
        "pass": bool(words[0] & PASS),
        "acquisition": words[5],
        "inspection": words[6],
        "decision": words[7],
        "sequence": convert(words[8:10], types.UINT32),
        "score": score if score == score else None,
        "part": convert(words[16:32], types.STRING).rstrip("\0"),
        "resultId": convert(words[32:50], types.STRING).rstrip("\0"),
    }


def acknowledge(bits):
    control(bits | RESULTS_ACK)
    wait(lambda status: not status & VALID, "Results Valid falls")
    control(bits)


if not client.connect():
    sys.exit("no connection")
if mode == "free":
    control(0)
    for _ in range(count):
        if wait(lambda status: status & VALID, "a result") is None:
            break
        say(result=result())
        acknowledge(0)
else:
    control(ENABLE)
    for number in range(1, count + 1):
        if wait(lambda status: status & READY, "Trigger Ready") is None:
            break
        text = f"part-{number}".encode().ljust(32, b"\0")
        client.write_registers(102, [int.from_bytes(text[i : i + 2], "big") for i in range(0, 32, 2)], device_id=1)
        control(ENABLE | TRIGGER)
        wait(lambda status: status & (TRIGGER_ACK | MISSED), "Trigger Ack")
        acquisition = read(5, 1)[0]
        say(trigger=f"part-{number}", acquisition=acquisition)
        control(ENABLE)
        if wait(lambda status: status & VALID, "a result") is None:
            say(ok=False, trigger_of=number)
            continue
        found = result()
        say(result=found, ok=found["pass"] and found["inspection"] == acquisition)
        acknowledge(ENABLE)
client.close()
