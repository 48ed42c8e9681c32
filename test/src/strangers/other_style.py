"""A publisher that has its own ideas of how to send CloudEvents, and some that are none.

    python3 other_style.py URL IMAGE_DIGEST

Prints the name of each message that it sent and that the broker took.
"""

import datetime
import json
import sys

import pika

URL, IMAGE = sys.argv[1:3]
TYPE = "com.example.lookbook.photo.taken.v1"
DATA = {"image": IMAGE}
NOW = datetime.datetime(2026, 1, 31, 12, 0, tzinfo=datetime.timezone.utc)

connection = pika.BlockingConnection(pika.URLParameters(URL))
channel = connection.channel()
channel.confirm_delivery()


def send(name, body, content_type=None, headers=None, exchange="aura.events", key=TYPE):
    properties = pika.BasicProperties(content_type=content_type, headers=headers)
    channel.basic_publish(exchange, key, body, properties, mandatory=True)
    print(name, flush=True)


def event(name, **more):
    whole = {"specversion": "1.0", "id": name, "source": "urn:example:other", "type": TYPE, "subject": name, "data": DATA}
    return {**whole, **more}


def structured(name, content_type=None, **more):
    send(name, json.dumps(event(name, **more)).encode(), content_type)


def binary(name, prefix, content_type="application/json", time=None, **more):
    attributes = {"specversion": "1.0", "id": name, "source": "urn:example:other", "type": TYPE, "subject": name, **more}
    if time is not None:
        attributes["time"] = time
    send(name, json.dumps(DATA).encode(), content_type, {prefix + key: value for key, value in attributes.items()})


# Sagas: structured mode under whatever content type, binary mode under every prefix.
structured("text-plain", "text/plain")
structured("application-json", "application/json")
structured("octet-stream", "application/octet-stream")
structured("no-content-type")
structured("null-means-absent", "application/cloudevents+json", dataschema=None, myextension=None)
structured("own-extensions", "application/cloudevents+json", myextension="x", priority=3, urgent=True)
structured("aura-attributes", "application/cloudevents+json", correlationid="order-7", aurarun=9, aurastep="nowhere")
binary("prefix-ce", "ce-")
binary("prefix-underscore", "cloudEvents_")
binary("prefix-colon", "cloudEvents:", time="2026-01-31T12:00:00Z")
binary("native-types", "cloudEvents:", time=NOW, priority=3, urgent=True)
binary("no-type-of-data", "cloudEvents_", content_type=None)

# Batches: one message is one event here.
batch = json.dumps([event("batch-1"), event("batch-2")]).encode()
send("batch", batch, "application/cloudevents-batch+json")
send("batch-in-disguise", json.dumps([event("batch-3")]).encode(), "application/json")

# Garbage.
bytes_as_data = {**event("bytes-as-data"), "data_base64": "AAEC"}
del bytes_as_data["data"]
send("noise", bytes(range(256)), "application/octet-stream")
send("empty", b"")
send("half", b'{"specversion": "1.0", "id": "ha', "application/cloudevents+json")
send("other-json", b'{"hello": "world"}', "application/json")
send("old-version", json.dumps(event("old-version", specversion="0.3")).encode(), "application/cloudevents+json")
send("no-source", json.dumps({"specversion": "1.0", "id": "1", "type": TYPE}).encode(), "application/json")
send("bad-name", json.dumps(event("bad-name", My_Extension="x")).encode(), "application/json")
send("avro", b"\x00\x01", "application/cloudevents+avro")
send("wrong-key", json.dumps(event("wrong-key", type="com.example.something.else.v1")).encode(), "application/json")
send("wrong-input", json.dumps(event("wrong-input", data={"image": 7})).encode(), "application/json")
send("bytes-as-data", json.dumps(bytes_as_data).encode(), "application/json")
send("far-too-large", b" " * (9 * 1024 * 1024), "application/octet-stream")
send("nearly-too-large", b"x" * (7 * 1024 * 1024), "application/octet-stream")

# Garbage that a subscriber meets, too.
send("to-subscriber", b"noise", exchange="aura.events", key="ai.aura.recommendations.made.v1.lookbook_analysis")

# Garbage where no stranger should write at all.
send("to-participant", b"noise", exchange="aura.steps", key="ai.aura.image.analysed.v1.lookbook_analysis")
send("to-tracker", b"noise", exchange="", key="aura.tracker.0")
send("to-coordinator", b"noise", exchange="", key="aura.coordinator")
send("to-dead-letters", b"noise", exchange="", key="aura.dead-letters")
send("letter-that-is-none", json.dumps(event("letter-that-is-none")).encode(), exchange="", key="aura.dead-letters")
send("foreign-to-tracker", json.dumps(event("foreign-to-tracker")).encode(), exchange="", key="aura.tracker.0")
send("foreign-to-participant", json.dumps(event("foreign-to-participant")).encode(), exchange="", key="aura.participant.nlu")
send("foreign-to-coordinator", json.dumps(event("foreign-to-coordinator")).encode(), exchange="", key="aura.coordinator")

connection.close()
