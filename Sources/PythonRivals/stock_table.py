"""What both rivals write for a stock message: the claim, the journal and the store's tables, as the fleet does."""

import json
import resource
import sqlite3
import time

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS subject_state (family TEXT NOT NULL, subject TEXT NOT NULL, revision INTEGER NOT NULL,
    applied_at INTEGER, PRIMARY KEY (family, subject)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS journal (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, message_id TEXT, type TEXT, subject TEXT,
    revision INTEGER, stage TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS store_stock (sku TEXT NOT NULL, warehouse TEXT NOT NULL, unit TEXT NOT NULL,
    on_hand TEXT NOT NULL, reserved TEXT NOT NULL, lead_time_days INTEGER, next_receipt_date TEXT,
    revision INTEGER NOT NULL, changed_at TEXT NOT NULL, PRIMARY KEY (sku, warehouse)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS store_incoming (sku TEXT NOT NULL, warehouse TEXT NOT NULL, date TEXT NOT NULL,
    position INTEGER NOT NULL, quantity TEXT NOT NULL, PRIMARY KEY (sku, warehouse, date, position)) WITHOUT ROWID;
"""


def connect(path):
    """The database with full sync; transactions are begun by hand."""
    database = sqlite3.connect(path, isolation_level=None, timeout=60)
    database.executescript(SCHEMA)
    database.execute("PRAGMA synchronous = FULL")
    return database


def apply(database, message):
    """Writes one CloudEvent, inside a transaction that the caller has begun."""
    now = time.time_ns() // 1000
    data, subject, revision = message["data"], message["subject"], message["revision"]
    claimed = database.execute(
        "INSERT INTO subject_state (family, subject, revision, applied_at) VALUES ('stock', ?1, ?2, ?3)"
        " ON CONFLICT (family, subject) DO UPDATE SET revision = ?2, applied_at = ?3 WHERE revision < ?2",
        (subject, revision, now),
    ).rowcount
    database.execute(
        "INSERT INTO journal (at, message_id, type, subject, revision, stage) VALUES (?, ?, ?, ?, ?, ?)",
        (now, message["id"], message["type"], subject, revision, "applied" if claimed else "superseded"),
    )
    if not claimed:
        return
    sku, warehouse, incoming = data["sku"], data["warehouse"], data.get("incoming", [])
    database.execute("DELETE FROM store_incoming WHERE sku = ? AND warehouse = ?", (sku, warehouse))
    database.executemany(
        "INSERT INTO store_incoming (sku, warehouse, date, position, quantity) VALUES (?, ?, ?, ?, ?)",
        [(sku, warehouse, one["date"], at, one["quantity"]) for at, one in enumerate(incoming)],
    )
    database.execute(
        "INSERT OR REPLACE INTO store_stock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (sku, warehouse, data["unit"], data["onHand"], data["reserved"], data.get("leadTimeDays"),
         min((one["date"] for one in incoming), default=None), revision, message["time"]),
    )


def report(name, count, wall_seconds, children=False):
    """One line of JSON, as the C programs print it."""
    use = resource.getrusage(resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF)
    print(json.dumps({
        "name": name, "count": count, "wall_seconds": wall_seconds,
        "cpu_seconds": use.ru_utime + use.ru_stime, "max_rss_kb": use.ru_maxrss,
    }))
