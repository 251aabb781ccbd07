#!/usr/bin/python3
"""People in the company behind the ERP: plays a burst of its activity, and ships some of the store's orders.

Goes through the control interface of erp-simulator, and picks what is shipped from its books. Prints one line: how many
orders were shipped, and how many events were played, most of what.
"""
import argparse
import json
import sqlite3
import sys
import urllib.error
import urllib.request
from collections import Counter


def main():
    arguments = parse_arguments()
    control = Control(arguments.control)
    try:
        shipped = ship(control, arguments.erp, arguments.ship)
        played = control.post("play", {"events": arguments.events, "seed": arguments.seed})
    except OSError as error:
        print(f"company.py: the ERP at {arguments.control} does not answer: {error}", file=sys.stderr)
        return 69
    kinds = Counter({kind.replace("-", " "): count for kind, count in played["kinds"].items()}).most_common(3)
    most = ", ".join(f"{count:,} of {kind}" for kind, count in kinds)
    print(f"{shipped:,} orders shipped, {played['played']:,} events: {most}, …")
    return 0


def ship(control, path, count):
    """All that is allocated, of so many of the store's orders, taken evenly from those that have something allocated."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as books:
        orders = books.execute(
            "SELECT erp_number FROM orders WHERE store_number IS NOT NULL AND state = 'accepted'"
            " AND EXISTS (SELECT 1 FROM json_each(document, '$.lines') AS line"
            "     WHERE CAST(json_extract(line.value, '$.quantities.allocated') AS REAL) > 0)"
            " ORDER BY store_number").fetchall()
    sample = orders[::max(1, len(orders) // count)][:count] if count else []
    return sum(control.post(f"orders/{number}/ship", {}) is not None for (number,) in sample)


class Control:
    def __init__(self, address):
        self.address = address.rstrip("/")

    def post(self, path, body):
        """The answer; none when the ERP says that it cannot be done."""
        request = urllib.request.Request(f"{self.address}/_simulator/{path}", json.dumps(body).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 409:
                raise
            return None


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/producer/company.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 done, 64 usage, 69 the ERP does not answer")
    parser.error = fail_usage
    parser.add_argument("--control", required=True, help="the address that erp-simulator prints as `control on`")
    parser.add_argument("--erp", required=True, help="the SQLite file of erp-simulator")
    parser.add_argument("--events", type=int, default=2000, help="how many events of activity (2000)")
    parser.add_argument("--ship", type=int, default=50, help="how many orders to ship (50)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed plays the same events (1)")
    return parser.parse_args()


def fail_usage(message):
    print(f"company.py: {message}; see --help", file=sys.stderr)
    sys.exit(64)


if __name__ == "__main__":
    sys.exit(main())
