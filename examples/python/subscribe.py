#!/usr/bin/env python3
"""Prints every recommendation as soon as it is made, one JSON object a line. Needs pika, and nothing of Aura.

    AURA_RABBITMQ_URL=amqp://guest:guest@127.0.0.1:5672 python3 subscribe.py

With --queue NAME the queue is durable: what is made while this program is away waits for it.
"""

import argparse
import json
import os
import sys

import pika

EXCHANGE = "aura.events"
TYPE = "ai.aura.recommendations.made.v1"
# Step events have the key <type>.<definition>: this pattern takes them from every definition.
PATTERN = TYPE + ".*"


def event_of(body):
    """The event of a message; None for what is none: anybody may publish under our key."""
    try:
        event = json.loads(body)  # structured mode: the whole CloudEvent is the body
    except ValueError:
        return None
    return event if isinstance(event, dict) and event.get("type") == TYPE else None


def show(event):
    best = event["data"]["output"]["recommendations"][:1]
    line = {
        "saga": event["correlationid"],
        "for": event.get("subject"),
        "best": [item["name"] for outfit in best for item in outfit["items"]],
        "because": [reason for outfit in best for reason in outfit["reasons"]],
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default=os.environ.get("AURA_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672"))
    parser.add_argument("--queue", help="name of a durable queue; default: one that goes with this program")
    wanted = parser.parse_args()

    connection = pika.BlockingConnection(pika.URLParameters(wanted.url))
    channel = connection.channel()
    if wanted.queue:
        queue = channel.queue_declare(wanted.queue, durable=True, arguments={"x-queue-type": "quorum"}).method.queue
    else:
        queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, EXCHANGE, PATTERN)
    channel.basic_qos(prefetch_count=20)

    seen = set()

    def on_message(channel, method, _properties, body):
        event = event_of(body)
        if event is None:
            print(f"not an event: {body[:80]!r}", file=sys.stderr, flush=True)
            channel.basic_reject(method.delivery_tag, requeue=False)
            return
        identity = (event["source"], event["id"])
        if identity not in seen:  # delivery is at least once: the same event may come again
            seen.add(identity)
            show(event)
        channel.basic_ack(method.delivery_tag)

    channel.basic_consume(queue, on_message)
    print(f"listening to {PATTERN}", file=sys.stderr, flush=True)
    try:
        channel.start_consuming()
    except KeyboardInterrupt:
        connection.close()


if __name__ == "__main__":
    main()
