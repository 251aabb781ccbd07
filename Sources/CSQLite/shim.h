/* The C boundary to the system's SQLite (at least 3.35, for RETURNING). Only the module Ledger and its tests import it. */
#ifndef STEVEDORE_CSQLITE_H
#define STEVEDORE_CSQLITE_H

#include <sqlite3.h>

/* SQLITE_STATIC and SQLITE_TRANSIENT are casts of integers to function pointers, which Swift cannot import. */
static inline int csqlite_bind_text(sqlite3_stmt *statement, int index, const void *bytes, int count, int copy) {
    return sqlite3_bind_text(statement, index, (const char *)bytes, count, copy ? SQLITE_TRANSIENT : SQLITE_STATIC);
}

static inline int csqlite_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int count, int copy) {
    return sqlite3_bind_blob(statement, index, bytes, count, copy ? SQLITE_TRANSIENT : SQLITE_STATIC);
}

/* sqlite3_config is variadic, which Swift cannot import. Must come before SQLite is used for the first time; a later call
   changes nothing and returns SQLITE_MISUSE. */
static inline int csqlite_count_no_memory(void) {
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#endif
