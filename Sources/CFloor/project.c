/*
 * The whole road for a projection in plain C: consume, take five fields out of the JSON, and per batch one SQLite
 * transaction with full sync (newest revision wins: state upsert, journal row, projection upsert), then one ack.
 *
 *   project --url amqp://… --queue Q --count N --database FILE [--prefetch 1000] [--batch 500]
 *
 * It checks nothing: no UTF-8, no schema, no duplicate keys, no totals. Durability is the ledger's: WAL, synchronous=FULL,
 * acknowledged only after the commit; the tables are the ledger's with the same keys and indexes.
 * Prints one line of JSON: count, wall and CPU seconds from the first message to the answer to the close.
 */
#include "floor.h"
#include <sqlite3.h>

static sqlite3 *database;
enum { BEGIN, STATE, JOURNAL, PROJECTION, COMMIT, STATEMENTS };
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
    "CREATE TABLE IF NOT EXISTS projection (number TEXT PRIMARY KEY, revision INTEGER NOT NULL, state TEXT,"
    "  reference TEXT, body BLOB) WITHOUT ROWID;";

static const char *sql[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [STATE] = "INSERT INTO subject_state (family, subject, revision, state, applied_at) VALUES ('order.status', ?1, ?2, ?3, ?4)"
              " ON CONFLICT (family, subject) DO UPDATE SET revision = ?2, state = ?3, applied_at = ?4"
              " WHERE revision < ?2",
    [JOURNAL] = "INSERT INTO journal (at, message_id, type, subject, revision, stage, code, worker)"
                " VALUES (?1, ?2, ?3, ?4, ?5, 'apply', ?6, 'floor')",
    [PROJECTION] = "INSERT INTO projection (number, revision, state, reference) VALUES (?1, ?2, ?3, ?4)"
                   " ON CONFLICT (number) DO UPDATE SET revision = ?2, state = ?3, reference = ?4",
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

static void apply(const char *body, size_t length, int64_t now)
{
    text_t id = field(body, length, "\"id\""), type = field(body, length, "\"type\"");
    text_t subject = field(body, length, "\"subject\""), state = field(body, length, "\"state\"");
    text_t reference = field(body, length, "\"erpNumber\"");
    int64_t revision = strtoll(field(body, length, "\"revision\"").bytes, NULL, 10);
    bind(STATE, 1, subject);
    sqlite3_bind_int64(statements[STATE], 2, revision);
    bind(STATE, 3, state);
    sqlite3_bind_int64(statements[STATE], 4, now);
    run(STATE);
    int applied = sqlite3_changes(database) > 0;
    if (applied) {
        bind(PROJECTION, 1, subject);
        sqlite3_bind_int64(statements[PROJECTION], 2, revision);
        bind(PROJECTION, 3, state);
        bind(PROJECTION, 4, reference);
        run(PROJECTION);
    }
    sqlite3_bind_int64(statements[JOURNAL], 1, now);
    bind(JOURNAL, 2, id);
    bind(JOURNAL, 3, type);
    bind(JOURNAL, 4, subject);
    sqlite3_bind_int64(statements[JOURNAL], 5, revision);
    bind(JOURNAL, 6, applied ? (text_t){"applied", 7} : (text_t){"superseded", 10});
    run(JOURNAL);
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
