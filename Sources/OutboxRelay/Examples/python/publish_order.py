#!/usr/bin/python3
"""Publishes orders straight to the broker, each persistent, mandatory and confirmed.

    stevedore contracts example order.placed.v1 >order.json
    ./publish_order.py --url amqp://guest:guest@127.0.0.1:7672/ order.json

Accepted is what the broker has confirmed, and nothing else. A shop that can end between writing an order down and having
it confirmed needs a table from which it publishes again: that is the outbox (order_outbox.py), which is less work.

Needs pika (Debian: python3-pika, else `pip install pika`).
"""
import argparse
import json
import sys
import time
import uuid
from datetime import datetime, timezone

import pika
from pika.exceptions import AMQPError, ChannelClosedByBroker, NackError, UnroutableError

EXCHANGE = "commerce"
STRUCTURED = "application/cloudevents+json"


def main():
    arguments = parse_arguments()
    broker = Broker(arguments.url, arguments.patience)
    try:
        for file in arguments.orders:
            with open(file, encoding="utf-8") as document:
                order = json.load(document)
            event = make_event(order.get("data", order), f"order.{arguments.event}.v1", arguments.source)
            broker.publish(event)
            print(f"{event['subject']} revision {event['revision']} is accepted as {event['id']}")
    except Refused as error:
        print(f"publish_order.py: {error}", file=sys.stderr)
        return 1
    except Unavailable as error:
        print(f"publish_order.py: {error}", file=sys.stderr)
        return 69
    except (OSError, ValueError, KeyError) as error:
        print(f"publish_order.py: {error!r}", file=sys.stderr)
        return 1
    finally:
        broker.close()
    return 0


def make_event(order, event_type, source):
    """The CloudEvents envelope around the order. Made once: whoever publishes it again does so under the same id."""
    return {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": source, "type": event_type,
        "subject": order["number"], "revision": order["revision"], "datacontenttype": "application/json",
        "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"), "data": order,
    }


class Refused(Exception):
    """Trying again does not help before a person has mended something."""


class Unavailable(Exception):
    """The broker was away for as long as we waited; whether it has the message is not known."""


class Broker:
    def __init__(self, url, patience):
        self.parameters = pika.URLParameters(url)
        self.patience = patience
        self.connection = self.channel = None

    def publish(self, event):
        """Returns when the broker has the message on disk."""
        deadline = time.monotonic() + self.patience
        pause = 0.1
        while True:
            try:
                self.open().basic_publish(
                    EXCHANGE, event["type"], json.dumps(event, ensure_ascii=False).encode(), self.properties(event),
                    # Without a queue that wants it the message comes back, instead of being dropped.
                    mandatory=True)
                return
            except UnroutableError:
                raise Refused(f"no queue wants {event['type']}: run `stevedore topology apply`") from None
            except ChannelClosedByBroker as error:
                # No such exchange, no permission, a message that is too large.
                raise Refused(f"the broker refuses it: {error.reply_text}") from None
            except NackError:
                reason = "the broker says no; is the queue full?"
            except (AMQPError, OSError) as error:
                reason = f"the broker is away: {str(error) or type(error).__name__}"
            # Whether it arrived is not known: the same message again, under the same id, over another connection.
            self.close()
            if time.monotonic() + pause > deadline:
                raise Unavailable(reason)
            time.sleep(pause)
            pause = min(pause * 2, 5)

    def properties(self, event):
        return pika.BasicProperties(
            content_type=STRUCTURED, delivery_mode=2, message_id=event["id"], type=event["type"],
            app_id=event["source"], timestamp=int(time.time()),
            headers={"cloudEvents_subject": event["subject"], "cloudEvents_revision": event["revision"]})

    def open(self):
        if self.channel is None or not self.channel.is_open:
            self.close()
            self.connection = pika.BlockingConnection(self.parameters)
            self.channel = self.connection.channel()
            # From here on basic_publish waits for the confirm, and raises when there is none.
            self.channel.confirm_delivery()
        return self.channel

    def close(self):
        connection, self.connection, self.channel = self.connection, None, None
        if connection is not None and connection.is_open:
            try:
                connection.close()
            except (AMQPError, OSError):
                pass


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 accepted, 1 refused, 64 usage, 69 the broker was away")
    parser.error = fail_usage
    parser.add_argument("orders", nargs="+", metavar="ORDER.json", help="an order, or a message with one as its data")
    parser.add_argument("--url", default="amqp://guest:guest@127.0.0.1:5672/", help="where the broker is")
    parser.add_argument("--event", choices=["placed", "amended", "cancelled"], default="placed")
    parser.add_argument("--source", default="store:web", help="a URI that names the store (store:web)")
    parser.add_argument("--patience", type=float, default=60, help="for how many seconds an absent broker is waited for")
    return parser.parse_args()


def fail_usage(message):
    print(f"publish_order.py: {message}; see --help", file=sys.stderr)
    sys.exit(64)


if __name__ == "__main__":
    sys.exit(main())
