#!/usr/bin/env bash
# mqtt 5.16.0 (MQTT.js, npm) with MQTT 5: a message is published with QoS 1 to a topic that nobody subscribes to. The broker (a few lines here,
# with MQTT.js' own mqtt-packet; mosquitto 2.0.11 answers the same) says so in its acknowledgement: PUBACK with reason code 0x10, "No matching
# subscribers".
#
# A reasonable guess: the callback of publish is given the acknowledgement with its reason code, as it is given the error of codes from 0x80 on.
# Seen: no error, and the packet that it is given is the message that was published: no reason code, none of the broker's properties. Who publishes
# results sees success alike whether somebody has them or nobody. The event 'packetreceive' has the reason code.
#
# seen: wire 16 | callback publish undefined null
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
export HOME="$here"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent --ignore-scripts mqtt@5.16.0 mqtt-packet@9.0.2 2>/dev/null
cat > look.cjs <<'JS'
const net = require('node:net');
const mqtt = require('mqtt');
const packets = require('mqtt-packet');
const broker = net.createServer((socket) => {
  const parser = packets.parser({ protocolVersion: 5 });
  const say = (packet) => socket.write(packets.generate(packet, { protocolVersion: 5 }));
  parser.on('packet', ({ cmd, messageId }) => {
    if (cmd === 'connect') say({ cmd: 'connack', reasonCode: 0, sessionPresent: false });
    if (cmd === 'publish') say({ cmd: 'puback', messageId, reasonCode: 0x10 });
  });
  socket.on('data', (data) => parser.parse(data)).on('error', () => undefined);
});
broker.listen(0, '127.0.0.1', () => {
  const client = mqtt.connect(`mqtt://127.0.0.1:${broker.address().port}`, { protocolVersion: 5, reconnectPeriod: 0 });
  let wire;
  client.on('packetreceive', ({ cmd, reasonCode }) => { if (cmd === 'puback') wire = reasonCode; });
  client.on('connect', () => client.publish('line/parts', 'OK', { qos: 1 }, (error, packet) => {
    console.log(`wire ${wire} | callback ${packet?.cmd} ${packet?.reasonCode} ${error}`);
    process.exit(0);
  }));
});
setTimeout(() => process.exit(1), 20_000);
JS
seen=$(node look.cjs)
echo "seen: $seen"
[ "$seen" = "wire 16 | callback publish undefined null" ]
