"""
A host application of Sparkplug B, by pysparkplug's decoder and paho: sparkplug_host.py PORT [HOST_ID]. It prints each message as a line of JSON,
and reads commands, a line each: rebirth, online, offline.
"""
import json
import sys
import time

import paho.mqtt.client as mqtt
import pysparkplug as spb

port, host = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None
kinds = {"NBIRTH": spb.NBirth, "DBIRTH": spb.DBirth, "NDATA": spb.NData, "DDATA": spb.DData, "NDEATH": spb.NDeath}


def say(**what):
    print(json.dumps(what), flush=True)


def heard(client, _, message):
    _, group, kind, node, *device = message.topic.split("/")
    payload = kinds[kind].decode(message.payload)
    if kind == "NDEATH":
        say(kind=kind, node=node, bdSeq=payload.bd_seq_metric.value)
        return
    metrics = {one.name: None if one.is_null else one.value for one in payload.metrics}
    types = {one.name: one.datatype.name for one in payload.metrics}
    historical = [one.name for one in payload.metrics if one.is_historical]
    say(kind=kind, group=group, node=node, device=device, seq=payload.seq, metrics=metrics, types=types, historical=historical, qos=message.qos, retain=message.retain)


client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
client.on_message = heard
client.on_subscribe = lambda *_: say(kind="subscribed")
client.connect("127.0.0.1", port)
client.subscribe([(f"spBv1.0/+/{kind}/#", 1) for kind in kinds])
client.loop_start()
for line in sys.stdin:
    command = line.strip()
    now = int(time.time() * 1000)
    if command == "rebirth":
        metric = spb.Metric(timestamp=now, name="Node Control/Rebirth", datatype=spb.DataType.BOOLEAN, value=True)
        client.publish("spBv1.0/plant/NCMD/press-7", spb.NCmd(timestamp=now, metrics=(metric,)).encode(include_dtypes=True), qos=0)
    else:
        client.publish(f"spBv1.0/STATE/{host}", json.dumps({"online": command == "online", "timestamp": now}), qos=1, retain=True)
