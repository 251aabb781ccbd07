#!/usr/bin/python3
"""What a store reads in its tables: holds it against the ERP's own books, and asks the questions of Storefront.md.

With --progress one line of how much is there; with --quiet nothing, and the exit code says whether everything in the ERP is
in the store at its newest revision; else that comparison as a table, then the store's view of one order and one product.
"""
import argparse
import sqlite3
import sys
from contextlib import closing
from datetime import datetime, timezone
from decimal import Decimal

from compare import Table

MICRO = 1_000_000
# Enough of a product for most lists to have a lower price.
QUANTITY = 25
# Of each kind of object what the ERP's books have and what the store's tables have: a key, and the newest revision.
KINDS = {
    "products": ("SELECT key, version FROM objects WHERE kind = 'products'", "SELECT sku, revision FROM store_product"),
    "stock rows": ("SELECT sku || ' ' || warehouse, version FROM stock",
                   "SELECT sku || ' ' || warehouse, revision FROM store_stock"),
    "accounts": ("SELECT key, version FROM objects WHERE kind = 'customers'",
                 "SELECT account, revision FROM store_customer"),
    "price versions": ("SELECT key, version FROM objects WHERE kind = 'prices'",
                       "SELECT holder_kind || '/' || holder || '/' || price_version"
                       " || CASE part WHEN '' THEN '' ELSE '/' || part END, revision FROM store_price_version"),
    "shipments": ("SELECT key, version FROM objects WHERE kind = 'shipments'",
                  "SELECT id, revision FROM store_shipment"),
    # Their statuses are counted on the way, so that here the state stands for the revision.
    "orders": ("SELECT coalesce(store_number, erp_number), state FROM orders",
               "SELECT number, state FROM store_order WHERE answered_revision IS NOT NULL OR origin = 'offline'"),
}
PRICE_ROWS = ("SELECT count(*), total(round(100 * json_extract(line.value, '$.price')))"
              " FROM objects, json_each(document, '$.prices') AS line WHERE kind = 'prices'",
              "SELECT count(*), total(round(100 * unit_price)) FROM store_price")


def main():
    arguments = parse_arguments()
    with closing(open_books(arguments.erp)) as erp, closing(open_books(arguments.store)) as store:
        if arguments.progress:
            print(progress(erp, store))
            return 0
        if arguments.quiet:
            return 0 if all(read(erp, kind, 0) == read(store, kind, 1) for kind in KINDS) else 1
        holds = compare(erp, store, arguments.say)
        print()
        order = show_order(store)
        if order:
            print()
            show_product(store, *order)
        return 0 if holds and order else 1


def open_books(path):
    books = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    books.row_factory = sqlite3.Row
    return books


# --- the ERP against the store ---


def read(books, kind, side):
    return {key: revision for key, revision in books.execute(KINDS[kind][side])}


def progress(erp, store):
    """The tables of a worker that has not started yet are not there."""
    def count(books, sql):
        try:
            return books.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
        except sqlite3.OperationalError:
            return 0
    kinds = ("products", "stock rows", "accounts", "price versions")
    return ", ".join(f"{count(store, KINDS[kind][1]):,} of {count(erp, KINDS[kind][0]):,} {kind}" for kind in kinds)


def compare(erp, store, more):
    table = Table()
    for kind in KINDS:
        there, shown = read(erp, kind, 0), read(store, kind, 1)
        right = [key for key, revision in there.items() if shown.get(key) == revision]
        wrong = sorted((there.keys() | shown.keys()) - set(right))
        table.check(kind, f"{len(right):,} of {len(there):,}", wrong)
    (due, worth), (rows, shown_worth) = (tuple(books.execute(sql).fetchone())
                                         for books, sql in zip((erp, store), PRICE_ROWS))
    table.check("price rows", f"{rows:,} of {due:,}", [] if (due, worth) == (rows, shown_worth) else ["not the same prices"])
    for name, value in (extra.split("=", 1) for extra in more):
        table.say(name, value)
    table.print()
    return table.hold


# --- one order ---


def show_order(store):
    """The store's view of an order of which something was shipped, and something else is best still open."""
    candidates = store.execute("""
        SELECT number, account FROM store_order WHERE origin = 'online' AND account IS NOT NULL
            AND number IN (SELECT number FROM store_tracking WHERE origin = 'online' AND link IS NOT NULL)
        ORDER BY state = 'partially-shipped' DESC, number LIMIT 50""").fetchall()
    if not candidates:
        print("  no order of the store has a shipment that can be followed  ✗")
        return None
    number, account = max(candidates, key=lambda entry: product_of(store, *entry)[2])
    order = store.execute(
        "SELECT erp_number, state, total, currency FROM store_order WHERE number = ? AND origin = 'online'", (number,)).fetchone()
    print(f"  order {number}, as the store reads it")
    print(f"    {order['state']}, for account {account}, {order['total']} {order['currency']}, {order['erp_number']} in the ERP")
    for line in store.execute("""
            SELECT l.line_id, l.sku, l.status, l.ordered, l.shipped, l.allocated, l.backordered, l.warehouse, l.promised_date
            FROM store_order AS o JOIN store_order_line AS l USING (number, origin)
            WHERE o.number = ? AND o.origin = 'online' ORDER BY l.position""", (number,)):
        rest = f", promised for {line['promised_date']}" if line["promised_date"] else ""
        print(f"    line {line['line_id']}  {line['sku']}  {line['ordered']} ordered, {line['shipped']} shipped from"
              f" {line['warehouse']}, {line['allocated']} allocated, {line['backordered']} backordered{rest}")
    for parcel in store.execute("""
            SELECT shipment, state, ship_date, carrier, service, tracking_number, link FROM store_tracking
            WHERE number = ? AND origin = 'online' ORDER BY ship_date, shipment, position""", (number,)):
        print(f"    shipment {parcel['shipment']}  {parcel['state']} on {parcel['ship_date']} with {parcel['carrier']}"
              f" {parcel['service'] or ''}, parcel {parcel['tracking_number']}")
        print(f"      {parcel['link']}")
    return number, account


# --- one product for one account ---


def show_product(store, number, account):
    """The store's view of a product of the order, for the account that ordered it."""
    sku, paid, _ = product_of(store, number, account)
    name = store.execute("SELECT name FROM store_product WHERE sku = ?", (sku,)).fetchone()
    may = store.execute("SELECT may_see, may_buy FROM store_assortment WHERE account = ? AND sku = ?", (account, sku)).fetchone()
    print(f"  product {sku} ({name[0] if name else 'unknown'}), as the store shows it to account {account}")
    print(f"    may see it: {yes(may and may['may_see'])}; may buy it: {yes(may and may['may_buy'])}")
    if paid:
        version = f"price version {paid['price_version']}" if is_agreed(paid) else "no price version"
        print(f"    {QUANTITY} of it today: {paid['unit_price']} {paid['currency']} each, by {version} ({paid['source']})")
    for stock in store.execute("""
            SELECT warehouse, promise_micro, available_micro, demand_micro, buffer_micro, next_receipt_date, lead_time_days
            FROM store_availability WHERE sku = ? ORDER BY warehouse""", (sku,)):
        more = (f"more on {stock['next_receipt_date']}" if stock["next_receipt_date"]
                else f"more within {stock['lead_time_days']} days")
        print(f"    {stock['warehouse']:<6} may promise {pieces(stock['promise_micro'])}: {pieces(stock['available_micro'])}"
              f" available, {pieces(stock['demand_micro'])} sold since, {pieces(stock['buffer_micro'])} kept back; {more}")


def product_of(store, number, account):
    """The product of the order that tells most, what the account pays for it, and how much it tells: an agreed price more
    than a list price, something to promise more than nothing."""
    skus = store.execute("SELECT sku FROM store_order_line WHERE number = ? AND origin = 'online' ORDER BY position", (number,))
    products = []
    for (sku,) in skus:
        paid = price(store, account, sku)
        promise = store.execute("SELECT max(promise_micro) FROM store_availability WHERE sku = ?", (sku,)).fetchone()[0]
        products.append((sku, paid, 2 * is_agreed(paid) + bool(promise)))
    return max(products, key=lambda entry: entry[2])


def is_agreed(price):
    return bool(price and price["price_version"])


def price(store, account, sku):
    today = datetime.now(timezone.utc).date().isoformat()
    return store.execute("""
        SELECT unit_price, currency, unit, price_version, source FROM store_account_price
        WHERE account = ? AND sku = ? AND minimum_micro <= ? AND valid_from <= ? AND valid_until >= ?
        ORDER BY rank, valid_from DESC, price_version DESC, minimum_micro DESC LIMIT 1""",
                         (account, sku, QUANTITY * MICRO, today, today)).fetchone()


def pieces(millionths):
    return f"{(Decimal(millionths) / MICRO).normalize():f}"


def yes(value):
    return "yes" if value else "no"


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="scripts/producer/store.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="exit codes: 0 everything in the ERP is in the store as it is there, 1 not so, 64 usage")
    parser.error = fail_usage
    parser.add_argument("--erp", required=True, help="the SQLite file of erp-simulator")
    parser.add_argument("--store", required=True, help="the SQLite file with the store's tables (ledger.path)")
    parser.add_argument("--say", action="append", default=[], metavar="NAME=VALUE", help="a row more, may be repeated")
    parser.add_argument("--progress", action="store_true", help="only say how much of the catalogue is there")
    parser.add_argument("--quiet", action="store_true", help="only compare, and say so by the exit code")
    return parser.parse_args()


def fail_usage(message):
    print(f"store.py: {message}; see --help", file=sys.stderr)
    sys.exit(64)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except sqlite3.OperationalError as error:
        print(f"store.py: {error}", file=sys.stderr)
        sys.exit(1)
