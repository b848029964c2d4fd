#!/usr/bin/env bash
# node-opcua 2.182.2 (npm), server and client on this machine: a variable (Double) is watched by a monitored item with an absolute deadband
# of 0.5, as a line watches a measured width. The values written are 5, NaN (nothing was measured), 7, 9, 20, 3, 10.
#
# A reasonable guess: 5, NaN, 7, 9, 20, 3, 10; or NaN is passed over and 7 comes next.
# Seen: 5, and never anything again. The distance to NaN is NaN, which is not greater than the deadband, so neither NaN nor any value after
# it is reported. The subscription goes on with status Good, and a read returns 10 while the line still holds 5.
# (asyncua 2.1.0's server loses the NaN and the 7, then reports 9.)
#
# seen: reported 1, 5 | read 10
set -euo pipefail
here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
cd "$here"
export HOME="$here"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent --ignore-scripts node-opcua@2.182.2 2>/dev/null
cat > look.cjs <<'JS'
const net = require('node:net');
const opcua = require('node-opcua');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const freePort = () => new Promise((resolve) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => resolve(port)); });
});
(async () => {
  const port = await freePort();
  const server = new opcua.OPCUAServer({
    port, host: '127.0.0.1', hostname: '127.0.0.1',
    securityModes: [opcua.MessageSecurityMode.None], securityPolicies: [opcua.SecurityPolicy.None],
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  const width = space.getOwnNamespace().addVariable({
    organizedBy: space.rootFolder.objects, browseName: 'width', nodeId: 's=width', dataType: 'Double', minimumSamplingInterval: 0,
    value: { dataType: opcua.DataType.Double, value: 1 },
  });
  await server.start();
  const client = opcua.OPCUAClient.create({ endpointMustExist: false });
  await client.connect(`opc.tcp://127.0.0.1:${port}`);
  const session = await client.createSession();
  const subscription = opcua.ClientSubscription.create(session, {
    requestedPublishingInterval: 50, requestedLifetimeCount: 1000, requestedMaxKeepAliveCount: 20, maxNotificationsPerPublish: 100,
    publishingEnabled: true, priority: 1,
  });
  const filter = new opcua.DataChangeFilter({
    trigger: opcua.DataChangeTrigger.StatusValue, deadbandType: opcua.DeadbandType.Absolute, deadbandValue: 0.5,
  });
  const item = opcua.ClientMonitoredItem.create(subscription, { nodeId: 'ns=1;s=width', attributeId: opcua.AttributeIds.Value },
    { samplingInterval: 20, discardOldest: true, queueSize: 100, filter }, opcua.TimestampsToReturn.Both);
  const reported = [];
  item.on('changed', (data) => reported.push(data.value.value));
  await wait(1500);
  for (const value of [5, NaN, 7, 9, 20, 3, 10]) {
    width.setValueFromSource(new opcua.Variant({ dataType: opcua.DataType.Double, value }));
    await wait(600);
  }
  const read = await session.read({ nodeId: 'ns=1;s=width', attributeId: opcua.AttributeIds.Value });
  console.log(`reported ${reported.join(', ')} | read ${read.value.value}`);
  await client.disconnect();
  await server.shutdown();
  process.exit(0);
})().catch((error) => { console.error(error); process.exit(2); });
JS
seen=$(node look.cjs 2>/dev/null | grep '^reported')
echo "$seen"
[ "$seen" = "reported 1, 5 | read 10" ]
