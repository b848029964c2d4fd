#!/usr/bin/env bash
# paho-mqtt 2.1.0 (PyPI) and the broker aedes 1.2.0 (npm): while the broker cannot be reached, a program publishes the result of each of three parts with
# QoS 1. `publish` answers with rc 4, MQTT_ERR_NO_CONN ("The client is not currently connected"), so the program tries each part three times and
# gives up. Then the broker is there.
#
# A reasonable guess: an error code means that the message was not taken; nothing is sent later, or what was tried last.
# Seen: every call was kept, in spite of its error, and all nine are sent once the client connects: each part arrives three times. As each try is a
# message of its own, QoS (1 or 2) does not help. Count rc 4 as accepted, or ask is_connected() first; give every result an id of its own.
#
# seen: answers 4,4,4,4,4,4,4,4,4 | received 0,0,0,1,1,1,2,2,2
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check --no-compile paho-mqtt==2.1.0
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts aedes@1.2.0 2>/dev/null
cat > broker.mjs <<'JS'
import net from 'node:net';
import { Aedes } from 'aedes';
const broker = await Aedes.createBroker();
const server = net.createServer(broker.handle).listen(0, '127.0.0.1', () => console.log(server.address().port));
setTimeout(() => process.exit(0), 60_000);
JS
cat > look.py <<'PY'
import subprocess, time
import paho.mqtt.client as mqtt

line = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="line")
answers = []
for part in range(3):
    for attempt in range(3):
        answers.append(int(line.publish("results", str(part), qos=1).rc))
        if answers[-1] == 0:
            break
broker = subprocess.Popen(["node", "broker.mjs"], stdout=subprocess.PIPE, text=True)
try:
    port = int(broker.stdout.readline())
    received, ready = [], []
    host = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="host")
    host.on_message = lambda client, data, message: received.append(message.payload.decode())
    host.on_subscribe = lambda *said: ready.append(True)
    host.connect("127.0.0.1", port)
    host.subscribe("results", 1)
    host.loop_start()
    until = time.monotonic() + 20
    while not ready and time.monotonic() < until:
        time.sleep(0.05)
    line.connect("127.0.0.1", port)
    line.loop_start()
    while len(received) < 9 and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(1)
    print(f"answers {','.join(map(str, answers))} | received {','.join(received)}")
finally:
    broker.terminate()
PY
seen=$(venv/bin/python look.py)
echo "$seen"
[ "$seen" = "answers 4,4,4,4,4,4,4,4,4 | received 0,0,0,1,1,1,2,2,2" ]
