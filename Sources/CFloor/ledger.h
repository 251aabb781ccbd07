/*
 * What the programs share that project messages into tables: the claim and the journal of the ledger, one SQLite
 * transaction with full sync per batch, then one ack.
 *
 * Nothing is checked: no UTF-8, no schema, no duplicate keys, no content hash; one bad message would end it. Durability is
 * the ledger's: WAL, synchronous=FULL, acknowledged only after the commit.
 */
#ifndef STEVEDORE_FLOOR_LEDGER_H
#define STEVEDORE_FLOOR_LEDGER_H

#include "floor.h"
#include <sqlite3.h>

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

/* What is projected. */
typedef struct {
    const char *name, *worker, *schema;
    /* The claim's family. */
    const char *family;
    void (*prepare)(void);
    void (*apply)(const char *body, size_t length, text_t subject, int64_t revision);
} road_t;

static sqlite3 *database;
static sqlite3_stmt *begin, *state, *journal, *commit;

static const char *ledger_schema =
    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
    "CREATE TABLE IF NOT EXISTS subject_state (family TEXT NOT NULL, subject TEXT NOT NULL,"
    "  revision INTEGER NOT NULL DEFAULT 0, hash BLOB, state TEXT, reference TEXT, applied_at INTEGER,"
    "  fence INTEGER NOT NULL DEFAULT 0, lease_holder TEXT, lease_until INTEGER,"
    "  PRIMARY KEY (family, subject)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, message_id TEXT, type TEXT,"
    "  subject TEXT, revision INTEGER, stage TEXT NOT NULL, code TEXT NOT NULL, detail TEXT, worker TEXT,"
    "  attempt INTEGER NOT NULL DEFAULT 1, duration INTEGER, trace_id TEXT);"
    "CREATE INDEX IF NOT EXISTS journal_subject ON journal (id >> 13, subject);"
    "CREATE INDEX IF NOT EXISTS journal_message ON journal (id >> 13, message_id);";

static sqlite3_stmt *prepare(const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL) != SQLITE_OK)
        quit(1, "%s", sqlite3_errmsg(database));
    return statement;
}

static void run(sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) != SQLITE_DONE) quit(1, "%s", sqlite3_errmsg(database));
    sqlite3_reset(statement);
}

static void bind(sqlite3_stmt *statement, int position, text_t text)
{
    sqlite3_bind_text(statement, position, text.bytes, text.length, SQLITE_STATIC);
}

static void open_ledger(const char *path, const road_t *road)
{
    char *fault = NULL;
    if (sqlite3_open(path, &database) != SQLITE_OK || sqlite3_exec(database, ledger_schema, NULL, NULL, &fault) != SQLITE_OK
        || sqlite3_exec(database, road->schema, NULL, NULL, &fault) != SQLITE_OK)
        quit(EXIT_UNAVAILABLE, "%s: %s: %s", road->name, path, fault ? fault : sqlite3_errmsg(database));
    begin = prepare("BEGIN IMMEDIATE");
    state = prepare("INSERT INTO subject_state (family, subject, revision, hash, state, reference, applied_at, fence)"
                    " VALUES (?4, ?1, ?2, zeroblob(16), NULL, NULL, ?3, 2)"
                    " ON CONFLICT (family, subject) DO UPDATE SET revision = ?2, hash = zeroblob(16), applied_at = ?3,"
                    " fence = fence + 2, lease_holder = NULL, lease_until = NULL WHERE revision < ?2");
    journal = prepare("INSERT INTO journal (at, message_id, type, subject, revision, stage, code, worker, trace_id)"
                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'ok', ?8, ?7)");
    commit = prepare("COMMIT");
    road->prepare();
}

static void apply_message(const road_t *road, const char *body, size_t length, int64_t now)
{
    text_t subject = field(body, length, "\"subject\""), trace = field(body, length, "\"traceparent\"");
    int64_t revision = strtoll(field(body, length, "\"revision\"").bytes, NULL, 10);
    bind(state, 1, subject);
    sqlite3_bind_int64(state, 2, revision);
    sqlite3_bind_int64(state, 3, now);
    sqlite3_bind_text(state, 4, road->family, -1, SQLITE_STATIC);
    run(state);
    int applied = sqlite3_changes(database) > 0;
    sqlite3_bind_int64(journal, 1, now);
    bind(journal, 2, field(body, length, "\"id\""));
    bind(journal, 3, field(body, length, "\"type\""));
    bind(journal, 4, subject);
    sqlite3_bind_int64(journal, 5, revision);
    bind(journal, 6, applied ? (text_t){"applied", 7} : (text_t){"superseded", 10});
    bind(journal, 7, trace.length > 35 ? (text_t){trace.bytes + 3, 32} : (text_t){"", 0});
    sqlite3_bind_text(journal, 8, road->worker, -1, SQLITE_STATIC);
    run(journal);
    if (applied) road->apply(body, length, subject, revision);
}

/* What was sold and is not in the stock yet: orders add to it, stock takes away. */
#define STORE_DEMAND \
    "CREATE TABLE IF NOT EXISTS store_demand (sku TEXT NOT NULL, warehouse TEXT NOT NULL, number TEXT NOT NULL," \
    "  line_id TEXT NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('unanswered', 'handover'))," \
    "  quantity_micro INTEGER NOT NULL, since INTEGER NOT NULL," \
    "  PRIMARY KEY (sku, warehouse, number, line_id, kind)) WITHOUT ROWID;" \
    "CREATE INDEX IF NOT EXISTS store_demand_unanswered ON store_demand (number) WHERE kind = 'unanswered';" \
    "CREATE INDEX IF NOT EXISTS store_demand_handover ON store_demand (warehouse, since) WHERE kind = 'handover';"

static int64_t digits(const char *bytes, int count)
{
    int64_t value = 0;
    for (int i = 0; i < count; i++) value = value * 10 + (bytes[i] - '0');
    return value;
}

/* Microseconds since 1970 of "2026-03-14T09:26:53.123456Z"; days as in Hinnant's days_from_civil. */
static int64_t microseconds(text_t time)
{
    if (time.length < 20) return 0;
    const char *at = time.bytes;
    int64_t month = digits(at + 5, 2), year = digits(at, 4) - (month < 3), era = year / 400, of_era = year % 400;
    int64_t of_year = (153 * (month + (month < 3 ? 9 : -3)) + 2) / 5 + digits(at + 8, 2) - 1;
    int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    int64_t seconds = days * 86400 + digits(at + 11, 2) * 3600 + digits(at + 14, 2) * 60 + digits(at + 17, 2);
    return seconds * 1000000 + (time.length == 27 ? digits(at + 20, 6) : 0);
}

static int64_t microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The program: consumes, applies and acknowledges `--count` messages. */
static int follow(const road_t *road, int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        printf("usage: %s --url amqp://user:password@host:port/vhost --queue Q --count N --database FILE\n"
               "               [--prefetch 1000] [--batch 500]\n", road->name);
        return argc < 2 ? EXIT_USAGE : 0;
    }
    const char *queue = option(argc, argv, "--queue", NULL);
    long count = number(argc, argv, "--count", NULL), prefetch = number(argc, argv, "--prefetch", "1000");
    long batch = number(argc, argv, "--batch", "500");
    open_ledger(option(argc, argv, "--database", NULL), road);
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
                run(begin);
            }
            apply_message(road, envelope.message.body.bytes, envelope.message.body.len, now);
            last = envelope.delivery_tag;
            amqp_destroy_envelope(&envelope);
        }
        run(commit);
        check_status(amqp_basic_ack(connection, CHANNEL, last, 1), "ack");
        done += taken;
    }
    disconnect(connection);
    report(road->name, count, wall_seconds() - wall, cpu_seconds() - cpu);
    sqlite3_stmt *open = NULL;
    while ((open = sqlite3_next_stmt(database, NULL))) sqlite3_finalize(open);
    sqlite3_close(database);
    return 0;
}

#endif
