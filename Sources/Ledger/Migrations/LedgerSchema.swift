/// The ledger's own tables. Times are microseconds since 1970.
///
/// Rows that are found by their key and are small have no rowid (one tree instead of two); rows with bodies have one, so
/// that bodies do not lie between the keys. Indexes exist only for questions that are asked while work goes on,
/// or by whoever asks why.
enum LedgerSchema {
    static let component = "ledger"

    static let migrations = [
        LedgerMigration(number: 1, name: "subjects, journal, outbox, dead letters", script: first),
        LedgerMigration(number: 2, name: "bodies of dead letters, maintenance", script: second),
        LedgerMigration(number: 3, name: "calls without an answer", script: third),
        LedgerMigration(number: 4, name: "what people do to dead letters", script: fourth),
        LedgerMigration(number: 5, name: "causes that changed", script: fifth),
        LedgerMigration(number: 6, name: "indexes of the journal that are written in order", script: sixth),
    ]

    private static let first = """
        -- Who works on which object, and what has been applied: the row that makes effects happen once.
        CREATE TABLE subject_state (
            family TEXT NOT NULL,
            subject TEXT NOT NULL,
            revision INTEGER NOT NULL DEFAULT 0,
            hash BLOB,
            state TEXT,
            reference TEXT,
            applied_at INTEGER,
            fence INTEGER NOT NULL DEFAULT 0,
            lease_holder TEXT,
            lease_until INTEGER,
            PRIMARY KEY (family, subject)
        ) WITHOUT ROWID;

        -- Every step of every message, only ever appended.
        CREATE TABLE journal (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            message_id TEXT,
            type TEXT,
            subject TEXT,
            revision INTEGER,
            stage TEXT NOT NULL,
            code TEXT NOT NULL,
            detail TEXT,
            worker TEXT,
            attempt INTEGER NOT NULL DEFAULT 1,
            duration INTEGER,
            trace_id TEXT
        );
        -- In chunks of 8,192 steps: writing touches only the last chunk's few pages, however long the journal is, where a
        -- plain index would touch another page for almost every message. Reading looks into chunk after chunk.
        CREATE INDEX journal_subject ON journal (id >> 13, subject);
        CREATE INDEX journal_message ON journal (id >> 13, message_id);

        -- Other names that lead to a subject.
        CREATE TABLE alias (
            value TEXT NOT NULL,
            kind TEXT NOT NULL,
            family TEXT NOT NULL,
            subject TEXT NOT NULL,
            PRIMARY KEY (value, kind, family, subject)
        ) WITHOUT ROWID;

        -- Original bodies, byte for byte.
        CREATE TABLE payload (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            stored_at INTEGER NOT NULL,
            size INTEGER NOT NULL,
            compressed INTEGER NOT NULL,
            properties TEXT NOT NULL,
            body BLOB NOT NULL
        );

        -- Messages to publish. The oldest of each subject is its head; only heads are given out. Sequence numbers are
        -- never used twice, because a flusher that wakes up late may still mark one of them.
        CREATE TABLE outbox (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            exchange TEXT NOT NULL,
            routing_key TEXT NOT NULL,
            content_type TEXT NOT NULL,
            type TEXT NOT NULL,
            subject TEXT NOT NULL,
            revision INTEGER NOT NULL,
            headers TEXT NOT NULL,
            correlation_id TEXT,
            enqueued_at INTEGER NOT NULL,
            is_head INTEGER NOT NULL,
            available_at INTEGER NOT NULL DEFAULT 0,
            lease_holder TEXT,
            attempts INTEGER NOT NULL DEFAULT 0,
            body BLOB NOT NULL
        );
        CREATE INDEX outbox_head ON outbox (sequence, available_at) WHERE is_head = 1;
        CREATE INDEX outbox_subject ON outbox (subject);

        -- What lies in the dead-letter queues, and why.
        CREATE TABLE dead_letter (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            queue TEXT NOT NULL,
            flow TEXT NOT NULL,
            type TEXT,
            subject TEXT,
            revision INTEGER,
            code TEXT NOT NULL,
            category TEXT NOT NULL,
            sentence TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            attempts INTEGER NOT NULL,
            first_failed_at INTEGER NOT NULL,
            last_failed_at INTEGER NOT NULL,
            state TEXT NOT NULL,
            note TEXT
        );
        CREATE INDEX dead_letter_cause ON dead_letter (state, fingerprint, last_failed_at);
        CREATE INDEX dead_letter_time ON dead_letter (last_failed_at);
        CREATE INDEX dead_letter_subject ON dead_letter (subject) WHERE subject IS NOT NULL;

        -- Revisions of the objects that we state ourselves.
        CREATE TABLE revision_counter (
            family TEXT NOT NULL,
            subject TEXT NOT NULL,
            value INTEGER NOT NULL,
            PRIMARY KEY (family, subject)
        ) WITHOUT ROWID;

        -- One row that the health probe writes.
        CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), beats INTEGER NOT NULL, filler BLOB);
        INSERT INTO probe (id, beats) VALUES (1, 0);
        """

    private static let second = """
        -- Where the body of a dead letter is kept; usually under its own id.
        ALTER TABLE dead_letter ADD COLUMN payload TEXT;
        CREATE INDEX dead_letter_payload ON dead_letter (payload) WHERE payload IS NOT NULL;

        -- Letters whose story has no end yet. Almost always empty, so that asking whether one of a subject's waits costs
        -- the projections one look for each group of messages.
        CREATE INDEX dead_letter_unsettled ON dead_letter (subject, type) WHERE state IN ('open', 'replayed');

        -- Work that one process does for all of them.
        CREATE TABLE maintenance (
            task TEXT PRIMARY KEY,
            lease_holder TEXT NOT NULL,
            lease_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        """

    private static let third = """
        -- A call was made for the subject, and nobody knows what came of it.
        ALTER TABLE subject_state ADD COLUMN uncertain INTEGER NOT NULL DEFAULT 0;
        """

    private static let fourth = """
        -- The message that a letter was corrected into, and the letter that a message corrects.
        ALTER TABLE dead_letter ADD COLUMN edited_as TEXT;
        ALTER TABLE dead_letter ADD COLUMN edited_from TEXT;
        CREATE INDEX dead_letter_edited ON dead_letter (edited_as) WHERE edited_as IS NOT NULL;

        -- All that a list of causes counts, so that a million letters are counted within this index.
        DROP INDEX dead_letter_cause;
        CREATE INDEX dead_letter_cause ON dead_letter (state, fingerprint, last_failed_at, first_failed_at);

        -- What people say of a cause.
        CREATE TABLE dead_letter_group (
            fingerprint TEXT PRIMARY KEY,
            note TEXT,
            assignee TEXT,
            silenced_until INTEGER,
            changed_by TEXT NOT NULL,
            changed_at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- What people have done, in batches: who, when, why, to how many letters. The journal has each letter.
        CREATE TABLE operator_action (
            number INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            by TEXT NOT NULL,
            action TEXT NOT NULL,
            reason TEXT NOT NULL,
            flow TEXT,
            letters INTEGER NOT NULL,
            detail TEXT
        );
        """

    /// Triggers, so that nobody who changes a letter has to know of it.
    private static let fifth = """
        -- Counts the changes of all causes together, so that no number ever stands for two changes.
        CREATE TABLE dead_letter_clock (id INTEGER PRIMARY KEY CHECK (id = 1), changes INTEGER NOT NULL);
        INSERT INTO dead_letter_clock (id, changes) VALUES (1, 1);

        -- Causes whose letters have changed since somebody last looked whether a person has to be told: the number of
        -- the last change, and that of the last one which somebody has looked at.
        CREATE TABLE dead_letter_change (
            fingerprint TEXT PRIMARY KEY, changes INTEGER NOT NULL, seen INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO dead_letter_change (fingerprint, changes, seen)
            SELECT DISTINCT fingerprint, 1, 0 FROM dead_letter WHERE state IN ('open', 'replayed');
        CREATE TRIGGER dead_letter_added AFTER INSERT ON dead_letter BEGIN
            UPDATE dead_letter_clock SET changes = changes + 1;
            INSERT INTO dead_letter_change (fingerprint, changes, seen)
                SELECT new.fingerprint, changes, changes - 1 FROM dead_letter_clock WHERE true
                ON CONFLICT DO UPDATE SET changes = excluded.changes;
        END;
        CREATE TRIGGER dead_letter_changed AFTER UPDATE OF state, fingerprint, last_failed_at ON dead_letter BEGIN
            UPDATE dead_letter_clock SET changes = changes + 1;
            INSERT INTO dead_letter_change (fingerprint, changes, seen)
                SELECT new.fingerprint, changes, changes - 1 FROM dead_letter_clock WHERE true
                ON CONFLICT DO UPDATE SET changes = excluded.changes;
            INSERT INTO dead_letter_change (fingerprint, changes, seen)
                SELECT old.fingerprint, changes, changes - 1 FROM dead_letter_clock
                WHERE old.fingerprint <> new.fingerprint
                ON CONFLICT DO UPDATE SET changes = excluded.changes;
        END;
        CREATE TRIGGER dead_letter_group_said AFTER INSERT ON dead_letter_group BEGIN
            UPDATE dead_letter_clock SET changes = changes + 1;
            INSERT INTO dead_letter_change (fingerprint, changes, seen)
                SELECT new.fingerprint, changes, changes - 1 FROM dead_letter_clock WHERE true
                ON CONFLICT DO UPDATE SET changes = excluded.changes;
        END;

        -- What the worker that gave the letter up advises.
        ALTER TABLE dead_letter ADD COLUMN remedy TEXT;
        """

    /// An index costs least when it is written in its own order. So a chunk of 8,192 steps is indexed when it is complete,
    /// and what is behind the last of them is looked through.
    private static let sixth = """
        CREATE TABLE journal_by_subject (
            chunk INTEGER NOT NULL, subject TEXT NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (chunk, subject, step)
        ) WITHOUT ROWID;
        CREATE TABLE journal_by_message (
            chunk INTEGER NOT NULL, message_id TEXT NOT NULL, step INTEGER NOT NULL,
            PRIMARY KEY (chunk, message_id, step)
        ) WITHOUT ROWID;
        -- The last chunk that is in both of them.
        CREATE TABLE journal_index (id INTEGER PRIMARY KEY CHECK (id = 1), through INTEGER NOT NULL);
        INSERT INTO journal_index (id, through) SELECT 1, coalesce(max(id) >> 13, 0) - 1 FROM journal;
        INSERT INTO journal_by_subject (chunk, subject, step)
            SELECT id >> 13, subject, id FROM journal INDEXED BY journal_subject
            WHERE id >> 13 <= (SELECT through FROM journal_index) AND subject IS NOT NULL
            ORDER BY id >> 13, subject, id;
        INSERT INTO journal_by_message (chunk, message_id, step)
            SELECT id >> 13, message_id, id FROM journal INDEXED BY journal_message
            WHERE id >> 13 <= (SELECT through FROM journal_index) AND message_id IS NOT NULL
            ORDER BY id >> 13, message_id, id;
        DROP INDEX journal_subject;
        DROP INDEX journal_message;
        CREATE TRIGGER journal_removed AFTER DELETE ON journal BEGIN
            DELETE FROM journal_by_subject
                WHERE chunk = old.id >> 13 AND subject = old.subject AND step = old.id;
            DELETE FROM journal_by_message
                WHERE chunk = old.id >> 13 AND message_id = old.message_id AND step = old.id;
        END;
        """
}
