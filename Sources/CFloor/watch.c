/*
 * Watches a ledger from outside, as a store that reads it would, and says when each message became readable.
 *
 *   watch --database FILE --count N
 *
 * Looks for new journal rows every 100 microseconds. Prints subject and time (microseconds since 1970) of each, a line each,
 * after the last.
 */
#include "floor.h"
#include <sqlite3.h>
#include <unistd.h>

typedef struct {
    char subject[64];
    int64_t seen;
} sight_t;

static int64_t microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
    if (wants_help(argc, argv)) {
        puts("usage: watch --database FILE --count N");
        return argc < 2 ? EXIT_USAGE : 0;
    }
    const char *path = option(argc, argv, "--database", NULL);
    long count = number(argc, argv, "--count", NULL);
    sight_t *sights = calloc((size_t)count, sizeof *sights);
    sqlite3 *database = NULL;
    sqlite3_stmt *rows = NULL;
    if (!sights) quit(1, "watch: no memory");
    while (!rows) {
        if (!database && sqlite3_open_v2(path, &database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
            sqlite3_close(database);
            database = NULL;
        }
        if (database) sqlite3_prepare_v2(database, "SELECT id, subject FROM journal WHERE id > ?", -1, &rows, NULL);
        if (!rows) usleep(10000);
    }
    int64_t last = 0;
    for (long seen = 0; seen < count;) {
        sqlite3_bind_int64(rows, 1, last);
        long before = seen;
        while (seen < count && sqlite3_step(rows) == SQLITE_ROW) {
            last = sqlite3_column_int64(rows, 0);
            snprintf(sights[seen++].subject, sizeof sights->subject, "%s", (const char *)sqlite3_column_text(rows, 1));
        }
        sqlite3_reset(rows);
        int64_t now = microseconds_now();
        for (long i = before; i < seen; i++) sights[i].seen = now;
        usleep(100);
    }
    for (long i = 0; i < count; i++) printf("%s %lld\n", sights[i].subject, (long long)sights[i].seen);
    return 0;
}
