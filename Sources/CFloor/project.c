/*
 * The whole road for a projection in plain C: consume order.status messages, take the fields out of the JSON, and write the
 * statements of the orders worker: newest revision wins, journal row, order, its lines, what each takes from the stock, its
 * history.
 *
 *   project --url amqp://… --queue Q --count N --database FILE [--prefetch 1000] [--batch 500]
 *
 * Prints one line of JSON: count, wall and CPU seconds from the first message to the answer to the close.
 */
#include "ledger.h"

static const char *schema =
    "CREATE TABLE IF NOT EXISTS store_order (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL CHECK (origin IN ('online', 'offline')), erp_number TEXT, account TEXT,"
    "  purchase_order_number TEXT, placed_at TEXT, currency TEXT, total TEXT, state TEXT NOT NULL, reason_code TEXT,"
    "  reason TEXT, revision INTEGER NOT NULL, answered_revision INTEGER, changed_at TEXT NOT NULL,"
    "  taken_at INTEGER, PRIMARY KEY (number, origin)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS store_order_by_erp_number ON store_order (erp_number);"
    "CREATE INDEX IF NOT EXISTS store_order_by_account ON store_order (account, placed_at);"
    "CREATE TABLE IF NOT EXISTS store_order_line (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL DEFAULT 'online', line_id TEXT NOT NULL, position INTEGER NOT NULL,"
    "  sku TEXT NOT NULL, status TEXT NOT NULL, ordered TEXT NOT NULL, allocated TEXT NOT NULL, shipped TEXT NOT NULL,"
    "  backordered TEXT NOT NULL, warehouse TEXT, promised_date TEXT, substitute_sku TEXT, reason_code TEXT,"
    "  reason TEXT, held_micro INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (number, origin, line_id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS store_stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, known_at INTEGER NOT NULL,"
    "  shown_at INTEGER NOT NULL, PRIMARY KEY (sku, warehouse)) WITHOUT ROWID;"
    STORE_DEMAND
    "CREATE TABLE IF NOT EXISTS store_order_history (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL DEFAULT 'online', revision INTEGER NOT NULL, at TEXT NOT NULL,"
    "  state TEXT NOT NULL, reason TEXT, PRIMARY KEY (number, origin, revision)) WITHOUT ROWID;";

static sqlite3_stmt *order_row, *clear_lines, *line_row, *demand_row, *history_row;

static void prepare_order(void)
{
    order_row = prepare(
        "INSERT INTO store_order (number, origin, erp_number, state, revision, answered_revision, changed_at)"
        " VALUES (?1, 'online', ?2, ?3, ?4, ?5, ?6) ON CONFLICT (number, origin) DO UPDATE SET"
        " erp_number = coalesce(?2, erp_number), state = ?3, revision = ?4, answered_revision = ?5, changed_at = ?6");
    clear_lines = prepare("DELETE FROM store_order_line WHERE number = ? AND origin = 'online'");
    line_row = prepare(
        "INSERT INTO store_order_line (number, line_id, position, sku, status, ordered, allocated, shipped,"
        " backordered, warehouse, promised_date, held_micro) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    demand_row = prepare(
        "INSERT INTO store_demand (sku, warehouse, number, line_id, kind, quantity_micro, since)"
        " SELECT ?1, ?2, ?3, ?4, 'handover', ?5, ?6 WHERE NOT EXISTS (SELECT 1 FROM store_stock"
        " WHERE sku = ?1 AND (warehouse = ?2 OR ?2 = '') AND known_at >= ?6 AND shown_at >= coalesce("
        " (SELECT taken_at FROM store_order WHERE number = ?3 AND origin = 'online'), 0))"
        " ON CONFLICT DO UPDATE SET quantity_micro = quantity_micro + ?5, since = max(since, ?6)");
    history_row = prepare(
        "INSERT INTO store_order_history (number, revision, at, state) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
}

/* What the ERP holds for a line, a whole number. */
static int64_t held(const char *line, size_t size)
{
    text_t allocated = field(line, size, "\"allocated\""), shipped = field(line, size, "\"shipped\"");
    return (strtoll(allocated.bytes, NULL, 10) + strtoll(shipped.bytes, NULL, 10)) * 1000000;
}

/* The lines one after the other: each begins at its "lineId". */
static void apply_lines(const char *body, size_t length, text_t number, int64_t since)
{
    static const char *keys[] = {"\"lineId\"", NULL, "\"sku\"", "\"status\"", "\"ordered\"", "\"allocated\"",
                                 "\"shipped\"", "\"backordered\"", "\"warehouse\"", "\"promisedDate\""};
    const char *end = body + length, *line = memmem(body, length, "\"lineId\"", 8);
    for (int position = 0; line; position++) {
        const char *next = memmem(line + 8, (size_t)(end - line - 8), "\"lineId\"", 8);
        size_t size = (size_t)((next ? next : end) - line);
        bind(line_row, 1, number);
        for (int i = 0; i < (int)(sizeof keys / sizeof *keys); i++)
            if (keys[i]) bind(line_row, i + 2, field(line, size, keys[i]));
        sqlite3_bind_int(line_row, 3, position);
        int64_t quantity = held(line, size);
        sqlite3_bind_int64(line_row, 12, quantity);
        run(line_row);
        bind(demand_row, 1, field(line, size, "\"sku\""));
        bind(demand_row, 2, field(line, size, "\"warehouse\""));
        bind(demand_row, 3, number);
        bind(demand_row, 4, field(line, size, "\"lineId\""));
        sqlite3_bind_int64(demand_row, 5, quantity);
        sqlite3_bind_int64(demand_row, 6, since);
        if (quantity > 0) run(demand_row);
        line = next;
    }
}

static void apply_order(const char *body, size_t length, text_t number, int64_t revision)
{
    text_t state = field(body, length, "\"state\""), time = field(body, length, "\"time\"");
    bind(order_row, 1, number);
    bind(order_row, 2, field(body, length, "\"erpNumber\""));
    bind(order_row, 3, state);
    sqlite3_bind_int64(order_row, 4, revision);
    sqlite3_bind_int64(order_row, 5, strtoll(field(body, length, "\"answeredRevision\"").bytes, NULL, 10));
    bind(order_row, 6, time);
    run(order_row);
    bind(clear_lines, 1, number);
    run(clear_lines);
    apply_lines(body, length, number, microseconds(time));
    bind(history_row, 1, number);
    sqlite3_bind_int64(history_row, 2, revision);
    bind(history_row, 3, time);
    bind(history_row, 4, state);
    run(history_row);
}

int main(int argc, char **argv)
{
    const road_t road = {"project", "orders-worker@floor#0000", schema, "order.status", prepare_order, apply_order};
    return follow(&road, argc, argv);
}
