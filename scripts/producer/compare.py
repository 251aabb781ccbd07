#!/usr/bin/python3
"""Holds what a store sent against what came of it, number by number, and says so in a table.

The ERP's side is read from the simulator's own SQLite file (its orders and its audit of every request), not from anything
that Stevedore wrote; the store's side is what the producer says that it sent and expects.
"""
import argparse
import json
import sqlite3
import sys
from collections import Counter
from pathlib import Path


def main():
    arguments = parse_arguments()
    sent = json.loads(Path(arguments.sent).read_text())
    numbers = sent["numbers"]
    erp = ERP(arguments.erp)
    shown = read_store(arguments.store)
    letters = json.loads(Path(arguments.letters).read_text())
    index = json.loads(Path(arguments.letter_index).read_text())

    due = {number: entry for number, entry in numbers.items() if entry["outcome"] in ("accepted", "cancelled")}
    there = {number: erp.orders[number] for number in due if number in erp.orders}
    newest = [number for number, order in there.items() if order["revision"] == due[number]["revision"]]
    cancelled = [number for number, entry in due.items() if entry["outcome"] == "cancelled"]
    are_cancelled = [number for number, order in there.items() if order["state"] == "cancelled"]
    agreeing = [number for number, order in there.items() if shown.get(number) == (order["revision"], order["state"])]
    expected_ids = {id for entry in numbers.values() for id in entry.get("ids", [])}
    letter_ids = {letter["id"] for letter in letters}
    indexed_ids = {letter["id"] for letter in index}

    checks = Table()
    checks.say("sent", f"{sent['orders']:,} orders in {sent['published']:,} messages")
    checks.say("  among them", f"{sent['amended']} amendments, {sent['cancelled']} cancellations, {sent['duplicates']} duplicates")
    checks.say("  overtaken", f"{sent['out_of_order']} orders by their own amendment or cancellation")
    checks.say("  tried again", f"{sent['republished']} times, while the broker was away")
    checks.compare("in the ERP", there, due)
    checks.none("lost", sorted(due.keys() - there.keys()))
    checks.none("duplicates", sorted(erp.entered_twice))
    checks.none("not expected there", sorted(erp.orders.keys() - due.keys()))
    checks.compare("at the newest revision", newest, due)
    checks.compare("cancelled", are_cancelled, cancelled, both=True)
    checks.compare("shown in the store", agreeing, due)
    checks.none("shown wrongly", sorted(shown.keys() - due.keys()))
    checks.compare("dead letters", letter_ids, expected_ids, both=True)
    for code, count in Counter({letter["id"]: letter["code"] for letter in letters}.values()).most_common():
        checks.say(f"  {code}", count)
    checks.none("missing in the index", sorted(letter_ids ^ indexed_ids))
    checks.say("asked of the ERP", f"{erp.requests:,} requests, {erp.repeated} of them once more for an order it had")
    for fault, count in erp.faults.items():
        checks.say(f"  {FAULTS.get(fault, fault)}", count)
    for name, value in (extra.split("=", 1) for extra in arguments.say):
        checks.say(name, value)
    checks.print()
    return 0 if checks.hold else 1


FAULTS = {"capacity": "refused for lack of room", "drop-reply": "answered into the void"}


class ERP:
    def __init__(self, path):
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as books:
            rows = books.execute("SELECT store_number, store_revision, state FROM orders WHERE store_number IS NOT NULL")
            entries = rows.fetchall()
            self.orders = {number: {"revision": revision, "state": state} for number, revision, state in entries}
            # Twice in the books, or entered twice by the audit: either would be a doubled order.
            self.entered_twice = {number for number, count in Counter(row[0] for row in entries).items() if count > 1}
            self.entered_twice |= {row[0] for row in books.execute(
                "SELECT store_number FROM audit WHERE effect IN ('created', 'tombstoned') AND store_number IS NOT NULL"
                " GROUP BY store_number HAVING count(*) > 1")}
            self.requests = books.execute("SELECT count(*) FROM audit WHERE path LIKE '/orders%'").fetchone()[0]
            self.repeated = books.execute("SELECT count(*) FROM audit WHERE effect = 'repeated'").fetchone()[0]
            self.faults = dict(books.execute(
                "SELECT fault, count(*) FROM audit WHERE fault IS NOT NULL AND path LIKE '/orders%'"
                " GROUP BY fault ORDER BY fault"))


def read_store(path):
    """What a store reads: per order number the answered revision and the state. What was only taken is not shown yet."""
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as tables:
        rows = tables.execute("SELECT number, answered_revision, state FROM store_order"
                              " WHERE origin = 'online' AND answered_revision IS NOT NULL")
        return {number: (revision, state) for number, revision, state in rows}


class Table:
    def __init__(self):
        self.rows, self.hold = [], True

    def say(self, name, value):
        self.rows.append((name, f"{value:,}" if isinstance(value, int) else str(value), ""))

    def compare(self, name, got, wanted, both=False):
        """All that is wanted; with `both` also nothing else."""
        missing = sorted(set(wanted) - set(got)) + (sorted(set(got) - set(wanted)) if both else [])
        self.check(name, f"{len(set(got)):,} of {len(set(wanted)):,}", missing)

    def none(self, name, wrong):
        self.check(name, f"{len(wrong):,}", wrong)

    def check(self, name, value, wrong):
        self.hold &= not wrong
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        self.rows.append((name, value, f"✗ {', '.join(map(str, wrong[:5]))}{more}" if wrong else "✓"))

    def print(self):
        width = max(len(name) for name, _, _ in self.rows)
        for name, value, verdict in self.rows:
            print(f"  {name:<{width}}  {value:>14}  {verdict}".rstrip() if verdict else f"  {name:<{width}}  {value}")


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/producer/compare.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 everything is as it should be, 1 something is lost, doubled or stale, 64 usage")
    parser.error = fail_usage
    parser.add_argument("--sent", required=True, help="what scripts/producer/orders.py printed")
    parser.add_argument("--erp", required=True, help="the SQLite file of erp-simulator")
    parser.add_argument("--store", required=True, help="the SQLite file with the store's tables (ledger.path)")
    parser.add_argument("--letters", required=True, help="what `dead-letter list --browse --json` printed")
    parser.add_argument("--letter-index", required=True, help="what `dead-letter list --json` printed")
    parser.add_argument("--say", action="append", default=[], metavar="NAME=VALUE", help="a row more, may be repeated")
    return parser.parse_args()


def fail_usage(message):
    print(f"compare.py: {message}; see --help", file=sys.stderr)
    sys.exit(64)


if __name__ == "__main__":
    sys.exit(main())
