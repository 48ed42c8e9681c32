#!/usr/bin/env python3
"""Starts a saga by publishing a CloudEvent: uploads a photo and tells Aura that it was taken. Needs pika, and nothing of Aura.

    AURA_RABBITMQ_URL=amqp://guest:guest@127.0.0.1:5672 python3 start_saga.py photo.jpg --wish 'warm, no black'

Prints the event's id. The same --id again starts nothing: one event is one saga.
"""

import argparse
import datetime
import json
import mimetypes
import os
import sys
import urllib.request
import uuid

import pika

EXCHANGE = "aura.events"
TYPE = "com.example.lookbook.photo.taken.v1"


def upload(aura, photo):
    """Keeps the photo at Aura; events carry its digest."""
    kind = mimetypes.guess_type(photo)[0] or "application/octet-stream"
    with open(photo, "rb") as file:
        request = urllib.request.Request(f"{aura}/api/v1/images", data=file.read(), headers={"Content-Type": kind})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["digest"]


def publish(url, event):
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()  # publishing returns when the broker has the event safe, and raises when nobody wants it
    try:
        channel.basic_publish(
            EXCHANGE,
            routing_key=event["type"],
            body=json.dumps(event).encode(),
            properties=pika.BasicProperties(
                content_type="application/cloudevents+json; charset=utf-8",
                delivery_mode=pika.DeliveryMode.Persistent,
            ),
            mandatory=True,
        )
    finally:
        connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", help="JPEG, PNG, WebP or AVIF")
    parser.add_argument("--wish", help="what is wanted, in plain words")
    parser.add_argument("--person", help="whose saga it is")
    parser.add_argument("--id", default=str(uuid.uuid4()), help="id of the event; default: a new one")
    parser.add_argument("--aura", default=os.environ.get("AURA_URL", "http://127.0.0.1:8006"))
    parser.add_argument("--url", default=os.environ.get("AURA_RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672"))
    wanted = parser.parse_args()

    data = {"image": upload(wanted.aura, wanted.photo)}
    if wanted.wish:
        data["wish"] = wanted.wish
    event = {
        "specversion": "1.0",
        "id": wanted.id,
        "source": "urn:example:lookbook",
        "type": TYPE,
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
        "datacontenttype": "application/json",
        "data": data,
    }
    if wanted.person:
        event["subject"] = wanted.person
    try:
        publish(wanted.url, event)
    except pika.exceptions.UnroutableError:
        sys.exit(f"No active definition has a trigger for {TYPE}: publish lookbook_analysis.yaml first, and wait until it is active.")
    print(event["id"])


if __name__ == "__main__":
    main()
