#!/usr/bin/env bash
# aedes 1.2.0 (npm, a broker in Node) with mqtt 5.16.0: two workers share the results of a line by the subscription `$share/store/results` (MQTT 3.1.1, quality
# of service 1), a third client listens to `results` itself. Ten results are published.
#
# A reasonable guess: each of the ten comes to one of the workers, as mosquitto and other brokers do it with 3.1.1 too, or the broker refuses the subscription.
# Seen: the subscriptions are granted with quality 1, and not one result comes to a worker: aedes takes `$share/store/results` as the name of a topic like
# others. The publisher has its ten acknowledgements. What works on one broker loses everything on the other, without an error.
#
# seen: granted 1,1 | acknowledged 10 | workers 0 | listener 10
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
npm init -y >/dev/null 2>&1
npm install --no-audit --no-fund --silent --ignore-scripts aedes@1.2.0 mqtt@5.16.0 2>/dev/null
cat > look.mjs <<'JS'
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';

const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const connect = () => mqtt.connectAsync(`mqtt://127.0.0.1:${server.address().port}`, { protocolVersion: 4 });
const [first, second, listener, line] = await Promise.all([connect(), connect(), connect(), connect()]);
const got = { workers: 0, listener: 0 };
const ended = [first, second, listener].map((client) => new Promise((done) => {
  client.on('message', (topic) => {
    if (topic === 'end') done();
    else got[client === listener ? 'listener' : 'workers'] += 1;
  });
}));
const granted = [];
for (const worker of [first, second]) granted.push((await worker.subscribeAsync('$share/store/results', { qos: 1 }))[0].qos);
await listener.subscribeAsync('results', { qos: 1 });
for (const client of [first, second, listener]) await client.subscribeAsync('end', { qos: 1 });
let acknowledged = 0;
for (let part = 0; part < 10; part += 1) {
  await line.publishAsync('results', `{"part":${part},"verdict":"NG"}`, { qos: 1 });
  acknowledged += 1;
}
await line.publishAsync('end', '', { qos: 1 });
await Promise.all(ended);
console.log(`granted ${granted} | acknowledged ${acknowledged} | workers ${got.workers} | listener ${got.listener}`);
process.exit(0);
JS
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = "granted 1,1 | acknowledged 10 | workers 0 | listener 10" ]
