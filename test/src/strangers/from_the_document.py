"""Subscribes and starts sagas knowing nothing but the AsyncAPI document: every name comes out of it.

    python3 from_the_document.py URL IMAGE_DIGEST

Prints how the saga ended that each of the examples started.
"""

import json
import pathlib
import re
import sys
import uuid

import pika

URL, IMAGE = sys.argv[1:3]
DOCUMENT = json.loads((pathlib.Path(__file__).parents[3] / "contracts/asyncapi/asyncapi.json").read_text())
WITHIN_SECONDS = 20


def resolve(node):
    while "$ref" in node:
        reference, node = node["$ref"], DOCUMENT
        for name in reference[2:].split("/"):
            node = node[name]
    return node


def exchange_of(channel):
    return channel["bindings"]["amqp"]["exchange"]["name"]


def key_of(channel, **parameters):
    return re.sub(r"{(\w+)}", lambda found: parameters.get(found[1], "*"), channel["address"])


class Subscriber:
    """Keeps what comes through the channels that it listens to."""

    def __init__(self, amqp):
        self.amqp = amqp
        self.queue = amqp.queue_declare("", exclusive=True).method.queue
        self.events = []
        amqp.basic_consume(self.queue, self.take, auto_ack=True)

    def listen(self, name):
        channel = DOCUMENT["channels"][name]
        self.amqp.queue_bind(self.queue, exchange_of(channel), key_of(channel))

    def take(self, _channel, _method, properties, body):
        assert properties.content_type == DOCUMENT["defaultContentType"], properties.content_type
        self.events.append(json.loads(body))

    def find(self, wanted):
        for _ in range(WITHIN_SECONDS * 10):
            for event in self.events:
                if wanted(event):
                    return event
            self.amqp.connection.process_data_events(0.1)
        raise SystemExit(f"nothing came within {WITHIN_SECONDS} s")


def start(amqp, mode):
    """Publishes the example of a mode, with an id and a picture of our own."""
    channel = DOCUMENT["channels"]["start"]
    message = resolve(channel["messages"][mode])
    example = json.loads(json.dumps(message["examples"][0]))
    name = str(uuid.uuid4())
    attributes = example.get("headers", example["payload"])
    prefix = "cloudEvents:" if "headers" in example else ""
    attributes[prefix + "id"] = name
    data = example["payload"] if "headers" in example else example["payload"]["data"]
    data["image"] = IMAGE
    properties = pika.BasicProperties(content_type=message["contentType"], headers=example.get("headers"))
    key = key_of(channel, type=attributes[prefix + "type"])
    amqp.basic_publish(exchange_of(channel), key, json.dumps(example["payload"]).encode(), properties, mandatory=True)
    return name


connection = pika.BlockingConnection(pika.URLParameters(URL))
publishing = connection.channel()
publishing.confirm_delivery()
subscriber = Subscriber(connection.channel())
begun = "ai.aura.saga.started.v1"
ends = [name for name in DOCUMENT["channels"] if re.fullmatch(r"ai\.aura\.saga\.(completed|failed|compensated|cancelled)\.v1", name)]
for channel_name in [begun, *ends]:
    subscriber.listen(channel_name)

for mode in ["structured", "binary"]:
    cause = start(publishing, mode)
    saga = subscriber.find(lambda event: event["type"] == begun and event.get("causationid") == cause)["correlationid"]
    end = subscriber.find(lambda event: event["type"] in ends and event["correlationid"] == saga)
    print(json.dumps({"mode": mode, "ended": end["type"], "definition": end["data"]["definition"]}), flush=True)
connection.close()
