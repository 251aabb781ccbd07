/*
 * The whole road for a projection in plain C: consume order.status messages, take the fields out of the JSON, and per batch
 * one SQLite transaction with full sync, then one ack. The statements of each message are those of the orders worker: newest
 * revision wins, journal row, order, its lines, its history.
 *
 *   project --url amqp://… --queue Q --count N --database FILE [--prefetch 1000] [--batch 500]
 *
 * It checks nothing: no UTF-8, no schema, no duplicate keys, no content hash; one bad message would end it. Durability is the
 * ledger's: WAL, synchronous=FULL, acknowledged only after the commit; the tables are the ledger's and the store's with
 * the same keys and indexes.
 * Prints one line of JSON: count, wall and CPU seconds from the first message to the answer to the close.
 */
#include "floor.h"
#include <sqlite3.h>

static sqlite3 *database;
enum { BEGIN, STATE, JOURNAL, ORDER, CLEAR_LINES, LINE, HISTORY, COMMIT, STATEMENTS };
static sqlite3_stmt *statements[STATEMENTS];

static const char *schema =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS subject_state (family TEXT NOT NULL, subject TEXT NOT NULL,"
    "  revision INTEGER NOT NULL DEFAULT 0, hash BLOB, state TEXT, reference TEXT, applied_at INTEGER,"
    "  fence INTEGER NOT NULL DEFAULT 0, lease_holder TEXT, lease_until INTEGER,"
    "  PRIMARY KEY (family, subject)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, message_id TEXT, type TEXT,"
    "  subject TEXT, revision INTEGER, stage TEXT NOT NULL, code TEXT NOT NULL, detail TEXT, worker TEXT,"
    "  attempt INTEGER NOT NULL DEFAULT 1, duration INTEGER, trace_id TEXT);"
    "CREATE INDEX IF NOT EXISTS journal_subject ON journal (id >> 13, subject);"
    "CREATE INDEX IF NOT EXISTS journal_message ON journal (id >> 13, message_id);"
    "CREATE TABLE IF NOT EXISTS store_order (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL CHECK (origin IN ('online', 'offline')), erp_number TEXT, account TEXT,"
    "  purchase_order_number TEXT, placed_at TEXT, currency TEXT, total TEXT, state TEXT NOT NULL, reason_code TEXT,"
    "  reason TEXT, revision INTEGER NOT NULL, answered_revision INTEGER, changed_at TEXT NOT NULL,"
    "  PRIMARY KEY (number, origin)) WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS store_order_by_erp_number ON store_order (erp_number);"
    "CREATE INDEX IF NOT EXISTS store_order_by_account ON store_order (account, placed_at);"
    "CREATE TABLE IF NOT EXISTS store_order_line (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL DEFAULT 'online', line_id TEXT NOT NULL, position INTEGER NOT NULL,"
    "  sku TEXT NOT NULL, status TEXT NOT NULL, ordered TEXT NOT NULL, allocated TEXT NOT NULL, shipped TEXT NOT NULL,"
    "  backordered TEXT NOT NULL, warehouse TEXT, promised_date TEXT, substitute_sku TEXT, reason_code TEXT,"
    "  reason TEXT, PRIMARY KEY (number, origin, line_id)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS store_order_history (number TEXT NOT NULL,"
    "  origin TEXT NOT NULL DEFAULT 'online', revision INTEGER NOT NULL, at TEXT NOT NULL,"
    "  state TEXT NOT NULL, reason TEXT, PRIMARY KEY (number, origin, revision)) WITHOUT ROWID;";

static const char *sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [STATE] = "INSERT INTO subject_state (family, subject, revision, hash, state, reference, applied_at, fence)"
              " VALUES ('order.status', ?1, ?2, zeroblob(16), NULL, NULL, ?3, 2)"
              " ON CONFLICT (family, subject) DO UPDATE SET revision = ?2, hash = zeroblob(16), applied_at = ?3,"
              " fence = fence + 2, lease_holder = NULL, lease_until = NULL WHERE revision < ?2",
    [JOURNAL] = "INSERT INTO journal (at, message_id, type, subject, revision, stage, code, worker, trace_id)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'ok', 'orders-worker@floor#0000', ?7)",
    [ORDER] = "INSERT INTO store_order (number, origin, erp_number, state, revision, answered_revision, changed_at)"
              " VALUES (?1, 'online', ?2, ?3, ?4, ?5, ?6) ON CONFLICT (number, origin) DO UPDATE SET"
              " erp_number = coalesce(?2, erp_number), state = ?3, revision = ?4, answered_revision = ?5, changed_at = ?6",
    [CLEAR_LINES] = "DELETE FROM store_order_line WHERE number = ? AND origin = 'online'",
    [LINE] = "INSERT INTO store_order_line (number, line_id, position, sku, status, ordered, allocated, shipped,"
             " backordered, warehouse, promised_date) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [HISTORY] = "INSERT INTO store_order_history (number, revision, at, state) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
    [COMMIT] = "COMMIT",
};

static void open_database(const char *path)
{
    char *fault = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK || sqlite3_exec(database, schema, NULL, NULL, &fault) != SQLITE_OK)
        quit(EXIT_UNAVAILABLE, "project: %s: %s", path, fault ? fault : sqlite3_errmsg(database));
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(database, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &statements[i], NULL) != SQLITE_OK)
            quit(1, "project: %s", sqlite3_errmsg(database));
}

static void run(int statement)
{
    if (sqlite3_step(statements[statement]) != SQLITE_DONE) quit(1, "project: %s", sqlite3_errmsg(database));
    sqlite3_reset(statements[statement]);
}

/* A piece of the message. */
typedef struct {
    const char *bytes;
    int length;
} text_t;

/* The value of the first such key, without quotes; nothing is unescaped. */
static text_t field(const char *body, size_t length, const char *key)
{
    text_t none = {"", 0};
    const char *end = body + length, *at = memmem(body, length, key, strlen(key));
    if (!at) return none;
    at += strlen(key);
    while (at < end && (*at == ' ' || *at == ':' || *at == '\n')) at++;
    if (at == end) return none;
    const char *from = at, *to;
    if (*at == '"') {
        from = ++at;
        while (at < end && *at != '"') at += *at == '\\' ? 2 : 1;
    } else {
        while (at < end && *at != ',' && *at != '}' && *at != ' ' && *at != '\n') at++;
    }
    to = at < end ? at : end;
    return (text_t){from, (int)(to - from)};
}

static void bind(int statement, int position, text_t text)
{
    sqlite3_bind_text(statements[statement], position, text.bytes, text.length, SQLITE_STATIC);
}

/* The lines one after the other: each begins at its "lineId". */
static void apply_lines(const char *body, size_t length, text_t number)
{
    static const char *keys[] = {"\"lineId\"", NULL, "\"sku\"", "\"status\"", "\"ordered\"", "\"allocated\"",
                                 "\"shipped\"", "\"backordered\"", "\"warehouse\"", "\"promisedDate\""};
    const char *end = body + length, *line = memmem(body, length, "\"lineId\"", 8);
    for (int position = 0; line; position++) {
        const char *next = memmem(line + 8, (size_t)(end - line - 8), "\"lineId\"", 8);
        size_t size = (size_t)((next ? next : end) - line);
        bind(LINE, 1, number);
        for (int i = 0; i < (int)(sizeof keys / sizeof *keys); i++)
            if (keys[i]) bind(LINE, i + 2, field(line, size, keys[i]));
        sqlite3_bind_int(statements[LINE], 3, position);
        run(LINE);
        line = next;
    }
}

static void apply_order(const char *body, size_t length, text_t number, int64_t revision)
{
    text_t state = field(body, length, "\"state\""), time = field(body, length, "\"time\"");
    bind(ORDER, 1, number);
    bind(ORDER, 2, field(body, length, "\"erpNumber\""));
    bind(ORDER, 3, state);
    sqlite3_bind_int64(statements[ORDER], 4, revision);
    sqlite3_bind_int64(statements[ORDER], 5, strtoll(field(body, length, "\"answeredRevision\"").bytes, NULL, 10));
    bind(ORDER, 6, time);
    run(ORDER);
    bind(CLEAR_LINES, 1, number);
    run(CLEAR_LINES);
    apply_lines(body, length, number);
    bind(HISTORY, 1, number);
    sqlite3_bind_int64(statements[HISTORY], 2, revision);
    bind(HISTORY, 3, time);
    bind(HISTORY, 4, state);
    run(HISTORY);
}

static void apply(const char *body, size_t length, int64_t now)
{
    text_t number = field(body, length, "\"subject\""), trace = field(body, length, "\"traceparent\"");
    int64_t revision = strtoll(field(body, length, "\"revision\"").bytes, NULL, 10);
    bind(STATE, 1, number);
    sqlite3_bind_int64(statements[STATE], 2, revision);
    sqlite3_bind_int64(statements[STATE], 3, now);
    run(STATE);
    int applied = sqlite3_changes(database) > 0;
    sqlite3_bind_int64(statements[JOURNAL], 1, now);
    bind(JOURNAL, 2, field(body, length, "\"id\""));
    bind(JOURNAL, 3, field(body, length, "\"type\""));
    bind(JOURNAL, 4, number);
    sqlite3_bind_int64(statements[JOURNAL], 5, revision);
    bind(JOURNAL, 6, applied ? (text_t){"applied", 7} : (text_t){"superseded", 10});
    bind(JOURNAL, 7, trace.length > 35 ? (text_t){trace.bytes + 3, 32} : (text_t){"", 0});
    run(JOURNAL);
    if (applied) apply_order(body, length, number, revision);
}

static int64_t microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        puts("usage: project --url amqp://user:password@host:port/vhost --queue Q --count N --database FILE\n"
             "               [--prefetch 1000] [--batch 500]");
        return argc < 2 ? EXIT_USAGE : 0;
    }
    const char *queue = option(argc, argv, "--queue", NULL);
    long count = number(argc, argv, "--count", NULL), prefetch = number(argc, argv, "--prefetch", "1000");
    long batch = number(argc, argv, "--batch", "500");
    open_database(option(argc, argv, "--database", NULL));
    amqp_connection_state_t connection = connect_to(argc, argv);
    subscribe(connection, queue, prefetch);

    double wall = 0, cpu = cpu_seconds();
    struct timeval at_once = {0, 0};
    for (long done = 0; done < count;) {
        uint64_t last = 0;
        long taken = 0;
        int64_t now = 0;
        amqp_maybe_release_buffers(connection);
        /* The first message is waited for; the rest of the batch is what has already come. */
        while (taken < batch && done + taken < count) {
            amqp_envelope_t envelope;
            amqp_rpc_reply_t reply = amqp_consume_message(connection, &envelope, taken ? &at_once : NULL, 0);
            if (taken && reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION && reply.library_error == AMQP_STATUS_TIMEOUT)
                break;
            check_reply(reply, "delivery");
            if (done + taken == 0) wall = wall_seconds();
            if (taken++ == 0) {
                now = microseconds_now();
                run(BEGIN);
            }
            apply(envelope.message.body.bytes, envelope.message.body.len, now);
            last = envelope.delivery_tag;
            amqp_destroy_envelope(&envelope);
        }
        run(COMMIT);
        check_status(amqp_basic_ack(connection, CHANNEL, last, 1), "ack");
        done += taken;
    }
    disconnect(connection);
    report("project", count, wall_seconds() - wall, cpu_seconds() - cpu);
    for (int i = 0; i < STATEMENTS; i++) sqlite3_finalize(statements[i]);
    sqlite3_close(database);
    return 0;
}
