#!/usr/bin/python3
"""A store that is not ours: publishes orders over AMQP with pika, as another team's program would.

Every message is a CloudEvents 1.0 JSON event in structured mode, persistent, mandatory and confirmed one by one. After
a lost connection the message whose fate is unknown is published again with the same id.
"""
import argparse
import copy
import json
import random
import sys
import time
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

try:
    import pika
    from pika.exceptions import AMQPError, NackError, UnroutableError
except ImportError:
    sys.exit("orders.py: pika is missing: run scripts/setup, and start this with Debian's /usr/bin/python3")

SOURCE = "store:demo"
CENT = Decimal("0.01")
# The simulator's accounts; left out are those it holds or declines (credit, prepayment, closed).
ACCOUNTS = [f"C-{n}" for n in range(10001, 10041) if n not in (10003, 10004, 10005, 10007)]
# Per family the first price and its step. Numbers 8, 14 and 16 are backordered, short and substituted there.
FAMILIES = {"FST": ("4.10", "0.35"), "PWR": ("89.00", "12.50"), "SAF": ("9.25", "1.15"), "ELC": ("6.40", "2.40"),
            "PLB": ("7.15", "1.85"), "HND": ("12.30", "3.05"), "JAN": ("5.05", "0.90"), "PKG": ("3.45", "0.60")}
BUYERS = [("Ana Ruiz", "Tacoma", "WA", "98421"), ("Jörg Weiß", "Reno", "NV", "89502"), ("小林 美咲", "Newark", "NJ", "07114"),
          ("Siobhán O'Neill", "Joliet", "IL", "60432"), ("Zoë \"Zed\" Ångström", "Macon", "GA", "31201")]


def main():
    arguments = parse_arguments()
    plan = Plan(arguments)
    store = Store(arguments)
    started = time.monotonic()
    try:
        for message in plan.messages:
            store.publish(message)
    except (AMQPError, OSError) as error:
        print(f"orders.py: {describe(error)}; {store.published} of {len(plan.messages)} messages were confirmed",
              file=sys.stderr)
        return 69
    finally:
        store.close()
    summary = plan.summary()
    summary.update(published=store.published, republished=store.republished, unroutable=store.unroutable,
                   seconds=round(time.monotonic() - started, 3))
    if arguments.brief:
        del summary["numbers"]
    json.dump(summary, sys.stdout, ensure_ascii=False)
    print()
    return 1 if store.unroutable else 0


class Plan:
    """What is sent in which order, and what must come of it; the same for the same seed."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.random = random.Random(arguments.seed)
        self.milliseconds = int(time.time() * 1000)
        self.numbers = {}
        self.counts = dict.fromkeys(["placed", "amended", "cancelled", "duplicates", "out_of_order"], 0)
        placed_at = []  # (position in the stream, message); sorted at the end
        roles = self.roles()
        for index, role in enumerate(roles):
            placed_at += self.stream(index, role)
        placed_at += self.duplicates(placed_at)
        self.messages = [message for _, message in sorted(placed_at, key=lambda entry: entry[0])]
        self.name_letters()

    def roles(self):
        a = self.arguments
        roles = (["malformed"] * a.malformed + ["unknown-sku"] * a.unknown_sku + ["amended"] * a.amendments
                 + ["cancelled"] * a.cancellations)
        roles += ["plain"] * (a.count - len(roles))
        self.random.shuffle(roles)
        return roles

    def stream(self, index, role):
        """The messages of one order at their positions: an order's number stands for when it was placed."""
        number = f"{self.arguments.prefix}{index + 1:06d}"
        order = self.order(number)
        if role == "malformed":
            self.numbers[number] = {"revision": 1, "outcome": "malformed"}
            return [(index, self.malformed(order))]
        if role == "unknown-sku":
            order["lines"][-1]["sku"] = f"NO-SUCH-{self.random.randrange(10000):04d}"
        entries = [(index, self.event("order.placed.v1", order))]
        self.counts["placed"] += 1
        outcome = "rejected" if role == "unknown-sku" else "accepted"
        if role in ("amended", "cancelled"):
            # Every second one overtakes the message it follows.
            ahead = self.random.random() < 0.5
            distance = self.random.uniform(0.1, 30)
            order = copy.deepcopy(order)
            order["revision"] = 2
            if role == "amended":
                order["lines"][0]["quantity"] = str(self.random.randrange(1, 40))
                reconcile(order)
            else:
                outcome = "cancelled"
            entries.append((index + (-distance if ahead else distance), self.event(f"order.{role}.v1", order)))
            self.counts[role] += 1
            self.counts["out_of_order"] += ahead
        self.numbers[number] = {"revision": order["revision"], "outcome": outcome}
        return entries

    def duplicates(self, entries):
        """Half of them the same message again, half the same order in a message of its own."""
        valid = [entry for entry in entries if self.numbers[entry[1].subject]["outcome"] != "malformed"]
        for n in range(self.arguments.duplicates if valid else 0):
            position, message = self.random.choice(valid)
            if n % 2:
                message = self.event(message.type, message.order)
            self.counts["duplicates"] += 1
            yield position + self.random.uniform(0.1, 50), message

    def order(self, number):
        name, city, region, postal_code = self.random.choice(BUYERS)
        address = {"company": f"Buyer of {number}", "name": name, "street": [f"{self.random.randrange(1, 9999)} Dock Road"],
                   "city": city, "region": region, "postalCode": postal_code, "country": "US"}
        lines = []
        for position in range(self.random.randrange(1, 5)):
            family, item = self.random.choice(list(FAMILIES)), self.random.randrange(1, 21)
            first, step = map(Decimal, FAMILIES[family])
            lines.append({"id": str(position + 1), "sku": f"{family}-{item:04d}",
                          "quantity": str(self.random.randrange(1, 25)), "unit": "C62",
                          "unitPrice": str(first + step * item), "priceVersion": "2026-Q1"})
        order = {"number": number, "revision": 1, "customer": {"account": self.random.choice(ACCOUNTS)},
                 "contact": {"name": name, "email": f"buyer{self.random.randrange(999)}@shop.example"},
                 "purchaseOrderNumber": f"PO-{number}", "shipTo": address, "billTo": dict(address),
                 "shippingMethod": self.random.choice(["GROUND", "EXPRESS"]),
                 "preferredWarehouse": self.random.choice(["EAST", "WEST"]),
                 "payment": {"method": "purchase-order"}, "currency": "USD", "lines": lines, "fallbacks": []}
        reconcile(order)
        return order

    def event(self, type_, order, body=None):
        event = {"specversion": "1.0", "id": self.identifier(), "source": SOURCE, "type": type_,
                 "subject": order["number"],
                 "time": datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                 "datacontenttype": "application/json", "revision": order["revision"],
                 "traceparent": f"00-{self.random.getrandbits(128):032x}-{self.random.getrandbits(64) | 1:016x}-01",
                 "data": order}
        return Message(event, body)

    def identifier(self):
        """A UUIDv7."""
        self.milliseconds += 1
        value = (self.milliseconds << 80) | (7 << 76) | (self.random.getrandbits(12) << 64)
        text = f"{value | (2 << 62) | self.random.getrandbits(62):032x}"
        return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])

    def malformed(self, order):
        """One way after the other to get a message wrong; each must end as a dead letter with its reason."""
        kinds = ["empty", "text", "truncated", "no-number", "comma", "totals", "date", "duplicate-key", "currency", "latin-1"]
        kind = kinds[len([n for n in self.numbers.values() if n["outcome"] == "malformed"]) % len(kinds)]
        good = self.event("order.placed.v1", order)
        event, data = copy.deepcopy(good.event), None
        data = event["data"]
        if kind == "no-number":
            del data["number"]
        elif kind == "comma":
            data["lines"][0]["quantity"] = "1,5"
        elif kind == "totals":
            data["totals"]["total"] = str(Decimal(data["totals"]["total"]) + CENT)
        elif kind == "date":
            data["requestedDate"] = "2026-02-30"
        elif kind == "currency":
            data["currency"] = "DOLLARS"
        body = json.dumps(event, ensure_ascii=False).encode()
        if kind == "empty":
            body = b""
        elif kind == "text":
            body = b"please send 5 bolts"
        elif kind == "truncated":
            body = body[:len(body) // 2]
        elif kind == "duplicate-key":
            body = body.replace(b'"currency"', b'"currency": "EUR", "currency"')
        elif kind == "latin-1":
            body = body.replace(b"Dock Road", "Straße".encode("latin-1"))
        good.body = body
        return good

    def name_letters(self):
        """The ids of the messages that a person must get to see, with the number they are about."""
        for message in self.messages:
            entry = self.numbers[message.subject]
            if entry["outcome"] in ("malformed", "rejected"):
                entry["ids"] = sorted({message.event["id"], *entry.get("ids", [])})

    def summary(self):
        outcomes = [entry["outcome"] for entry in self.numbers.values()]
        return {"orders": len(self.numbers), "messages": len(self.messages), **self.counts,
                "expected": {outcome: outcomes.count(outcome)
                             for outcome in ["accepted", "cancelled", "rejected", "malformed"]},
                "in_erp": outcomes.count("accepted") + outcomes.count("cancelled"), "numbers": self.numbers}


class Message:
    def __init__(self, event, body=None):
        self.event = event
        self.type, self.subject, self.order = event["type"], event["subject"], event["data"]
        self.body = body if body is not None else json.dumps(event, ensure_ascii=False).encode()

    def properties(self, user):
        return pika.BasicProperties(
            content_type="application/cloudevents+json", delivery_mode=2, message_id=self.event["id"], type=self.type,
            app_id=SOURCE, user_id=user, timestamp=int(time.time()),
            headers={"cloudEvents_subject": self.subject, "cloudEvents_revision": self.event["revision"],
                     "traceparent": self.event["traceparent"]})


class Store:
    """One connection, opened again when it is lost, for as long as --patience allows."""

    def __init__(self, arguments):
        self.parameters = pika.URLParameters(arguments.url)
        self.exchange, self.patience = arguments.exchange, arguments.patience
        self.pause = 1 / arguments.rate if arguments.rate else 0
        self.connection = self.channel = None
        self.published = self.republished = self.unroutable = 0
        self.next_at = time.monotonic()

    def publish(self, message):
        self.wait()
        deadline = time.monotonic() + self.patience
        while True:
            try:
                self.connect()
                self.channel.basic_publish(self.exchange, message.type, message.body,
                                           message.properties(self.parameters.credentials.username), mandatory=True)
                self.published += 1
                return
            except UnroutableError:
                print(f"orders.py: no queue takes {message.type} from exchange {self.exchange}", file=sys.stderr)
                self.unroutable += 1
                return
            except pika.exceptions.ChannelClosedByBroker as error:
                # The exchange or a permission is missing: trying again changes nothing.
                raise pika.exceptions.AMQPConnectionError(error.reply_text) from error
            except (NackError, AMQPError, OSError) as error:
                if time.monotonic() > deadline:
                    raise
                # Not known whether it arrived, so it goes out again with its id.
                print(f"orders.py: {describe(error)}; trying again", file=sys.stderr)
                self.republished += 1
                if not isinstance(error, NackError):
                    self.close()
                time.sleep(0.25)

    def connect(self):
        if self.channel is None or not self.channel.is_open:
            self.connection = pika.BlockingConnection(self.parameters)
            self.channel = self.connection.channel()
            self.channel.confirm_delivery()

    def wait(self):
        if self.pause:
            self.next_at = max(self.next_at + self.pause, time.monotonic() - 1)
            time.sleep(max(0, self.next_at - time.monotonic()))

    def close(self):
        try:
            if self.connection:
                self.connection.close()
        except (AMQPError, OSError):
            pass
        self.connection = self.channel = None


def reconcile(order):
    """Amounts and totals from quantities and prices, exact to the cent."""
    goods = Decimal(0)
    for line in order["lines"]:
        amount = (Decimal(line["quantity"]) * Decimal(line["unitPrice"])).quantize(CENT, ROUND_HALF_UP)
        line["amount"] = str(amount)
        goods += amount
    shipping = Decimal("12.50")
    tax = (goods * Decimal("0.0825")).quantize(CENT, ROUND_HALF_UP)
    order["totals"] = {"goods": str(goods), "discount": "0.00", "shipping": str(shipping), "tax": str(tax),
                       "total": str(goods + shipping + tax)}
    order["requestedDate"] = (datetime.now(timezone.utc) + timedelta(days=7)).date().isoformat()


def describe(error):
    return str(error) or type(error).__name__


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"orders.py: {message}; see --help", file=sys.stderr)
        sys.exit(64)


def parse_arguments():
    parser = Parser(
        prog="scripts/producer/orders.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="""Of --count orders so many are malformed, have an unknown SKU, are amended or cancelled; half of the amendments and
cancellations are published before the order they follow. Prints one JSON object: what was sent, and per number the
newest revision and the expected outcome (accepted, cancelled, rejected, malformed), for the last two with message ids.

example: scripts/producer/orders.py --url amqp://guest:guest@127.0.0.1:7672 --count 1000 --duplicates 40 \\
             --amendments 80 --cancellations 40 --malformed 10 --unknown-sku 5

exit codes: 0 all confirmed, 1 some were unroutable, 64 usage, 69 the broker was not to be had""")
    number = lambda text: int(text) if text.isdigit() else parser.error(f"'{text}' is not a whole number")
    parser.add_argument("--url", required=True, help="amqp://user:password@host:port/vhost")
    parser.add_argument("--count", type=number, default=1000, help="orders (1000)")
    parser.add_argument("--seed", type=number, default=1, help="the same seed makes the same orders (1)")
    parser.add_argument("--prefix", help="what order numbers begin with (S<seed>-)")
    for name in ("duplicates", "amendments", "cancellations", "malformed", "unknown-sku"):
        parser.add_argument(f"--{name}", type=number, default=0, metavar="N")
    parser.add_argument("--rate", type=float, default=0, help="messages a second at most (as fast as confirms allow)")
    parser.add_argument("--exchange", default="commerce", help="(commerce)")
    parser.add_argument("--patience", type=float, default=60, help="seconds without a broker before giving up (60)")
    parser.add_argument("--brief", action="store_true", help="leave the list of numbers out of the summary")
    arguments = parser.parse_args()
    if arguments.prefix is None:
        arguments.prefix = f"S{arguments.seed}-"
    if arguments.malformed + arguments.unknown_sku + arguments.amendments + arguments.cancellations > arguments.count:
        parser.error("--malformed, --unknown-sku, --amendments and --cancellations together exceed --count")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
