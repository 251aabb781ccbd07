#!/usr/bin/python3
"""A shop that takes orders into its own SQLite database and tells the ERP of them through its outbox.

The order and the message are written in one transaction: there is never one without the other. No broker is needed
for that; outbox-relay publishes the row, now or when the broker is back.

    outbox-relay schema | sqlite3 shop.db
    stevedore contracts example order.placed.v1 >order.json
    ./order_outbox.py shop.db placed order.json

Needs nothing but Python 3.
"""
import json
import sqlite3
import sys

EVENTS = ("placed", "amended", "cancelled")


def main(arguments):
    if len(arguments) < 3 or arguments[1] not in EVENTS:
        print(f"usage: order_outbox.py DATABASE {'|'.join(EVENTS)} ORDER.json ...", file=sys.stderr)
        return 64
    path, event, files = arguments[0], arguments[1], arguments[2:]
    try:
        shop = open_shop(path)
        for file in files:
            with open(file, encoding="utf-8") as document:
                order = json.load(document)
            number, revision = take(shop, event, order.get("data", order))
            print(f"{number} revision {revision} is {event}")
    except (OSError, ValueError, sqlite3.Error) as error:
        print(f"order_outbox.py: {error}", file=sys.stderr)
        return 1
    return 0


def open_shop(path):
    # The relay writes a few rows now and then; `timeout` waits for it, as for any other writer of the shop.
    shop = sqlite3.connect(path, timeout=10, isolation_level=None)
    # With a write-ahead log neither the relay's reading nor its writing ever stops a page of the shop from being read.
    shop.execute("PRAGMA journal_mode = WAL")
    shop.execute("""CREATE TABLE IF NOT EXISTS shop_order (
        number TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT NOT NULL, document TEXT NOT NULL)""")
    return shop


def take(shop, event, order):
    """Writes the order as it now stands, and the message that says so; both or neither."""
    shop.execute("BEGIN IMMEDIATE")
    try:
        # Each change of an order is a new revision, counted where the order is kept.
        row = shop.execute("SELECT revision FROM shop_order WHERE number = ?", (order["number"],)).fetchone()
        order = {**order, "revision": (row[0] if row else 0) + 1}
        document = json.dumps(order, ensure_ascii=False)
        shop.execute(
            "INSERT INTO shop_order (number, revision, state, document) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, state = excluded.state,"
            " document = excluded.document", (order["number"], order["revision"], event, document))
        # This is all that Stevedore asks of a shop. The message's id and its time are filled in by the table.
        shop.execute(
            "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES (?, ?, ?, ?)",
            (f"order.{event}.v1", order["number"], order["revision"], document))
        shop.execute("COMMIT")
    except BaseException:
        shop.execute("ROLLBACK")
        raise
    return order["number"], order["revision"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
