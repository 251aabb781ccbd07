internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// A ledger for one stream of the ERP's objects: what the store should show of them, what they are, and what is found.
struct ScratchLedger: Sendable {
    let ledger: Ledger
    /// Whether messages can be made from it: bodies take room.
    let keepsBodies: Bool

    private static let migration = LedgerMigration(
        number: 1, name: "scratch",
        script: """
            CREATE TABLE erp_object (
                kind TEXT NOT NULL, subject TEXT NOT NULL, version INTEGER NOT NULL, revision INTEGER NOT NULL,
                time INTEGER NOT NULL, hash BLOB NOT NULL, fresh INTEGER NOT NULL, listing INTEGER NOT NULL, body BLOB,
                said_revision INTEGER, said_account TEXT, said_total TEXT, PRIMARY KEY (kind, subject)
            );
            CREATE INDEX erp_object_fresh ON erp_object (fresh) WHERE fresh = 1;
            CREATE TABLE erp_unreadable (subject TEXT PRIMARY KEY, reason TEXT NOT NULL) WITHOUT ROWID;
            CREATE TABLE finding (
                kind TEXT NOT NULL, subject TEXT NOT NULL, key TEXT NOT NULL, class TEXT NOT NULL DEFAULT '',
                excuse TEXT, explained INTEGER NOT NULL DEFAULT 0, digest TEXT NOT NULL DEFAULT '',
                places TEXT NOT NULL DEFAULT '', step TEXT NOT NULL DEFAULT '', possible INTEGER NOT NULL DEFAULT 0,
                news INTEGER, look INTEGER NOT NULL DEFAULT 0, told INTEGER, applied INTEGER, stated INTEGER,
                own INTEGER NOT NULL DEFAULT 0,
                PRIMARY KEY (kind, subject)
            ) WITHOUT ROWID;
            CREATE INDEX finding_look ON finding (look) WHERE look > 0;
            """)

    static func open(at path: String, keepsBodies: Bool) async throws -> ScratchLedger {
        let ledger = try Ledger.open(path: path)
        try await DatabaseStorefront.migrate(ledger)
        try await ledger.migrate(component: "reconcile.scratch", [migration])
        return ScratchLedger(ledger: ledger, keepsBodies: keepsBodies)
    }

    /// Writes what the store should show of a page; one that the store could not be shown costs only itself.
    /// - Parameters:
    ///   - listing: Which reading of everything it belongs to, or came after.
    ///   - isAgain: Whether something was read before, so that what is new in it has changed meanwhile.
    func add(_ page: ListedPage, listing: Int, isAgain: Bool) async throws {
        try await ledger.write { [keepsBodies] transaction in
            for one in page.unreadable { try transaction.noteUnreadable(one.subject, one.reason) }
            for object in page.objects {
                do {
                    try transaction.savepoint {
                        try DatabaseStorefront().showAlone(object.payload, at: object.time, in: transaction)
                        try transaction.note(object, listing, isAgain: isAgain, keepsBody: keepsBodies)
                    }
                } catch let error as StorefrontError {
                    try transaction.noteUnreadable(object.subject, error.sentence)
                } catch LedgerError.sql(_, let message) {
                    try transaction.noteUnreadable(object.subject, "The store's tables refuse it: \(message)")
                }
            }
        }
    }
}

/// A page of the ERP's objects, as far as they can be read.
struct ListedPage: Sendable {
    /// A row that cannot be told; the subject is empty where not even that can be read.
    struct Unreadable: Hashable, Sendable {
        var subject: String
        var reason: String
    }

    var objects: [ListedObject] = []
    var unreadable: [Unreadable] = []

    var count: Int { objects.count + unreadable.count }
}

extension LedgerTransaction {
    /// What changes from here on has changed meanwhile, and nothing before.
    func forgetFresh() throws { try execute("UPDATE erp_object SET fresh = 0 WHERE fresh = 1") }

    fileprivate func noteUnreadable(_ subject: String, _ reason: String) throws {
        try execute(
            "INSERT OR REPLACE INTO erp_unreadable (subject, reason) VALUES (?, ?)", .text(subject), .text(reason))
    }

    fileprivate func note(_ object: ListedObject, _ listing: Int, isAgain: Bool, keepsBody: Bool) throws {
        try execute("DELETE FROM erp_unreadable WHERE subject = ?", .text(object.subject))
        try execute(
            """
            INSERT INTO erp_object (kind, subject, version, revision, time, hash, fresh, body, listing, said_revision,
                said_account, said_total)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            ON CONFLICT DO UPDATE SET version = ?3, revision = ?4, time = ?5, hash = ?6, body = ?8,
                said_revision = ?10, said_account = ?11, said_total = ?12,
                fresh = max(fresh, ?7 AND (revision <> ?4 OR hash <> ?6)), listing = max(listing, ?9)
            """
        ) { bind in
            bind.text(object.kind.rawValue)
            bind.text(object.subject)
            bind.integer(object.version)
            bind.integer(object.revision)
            bind.integer(object.time.microseconds)
            bind.digest(object.hash)
            bind.integer(isAgain ? 1 : 0)
            if keepsBody { bind.blob(object.body) } else { bind.null() }
            bind.integer(Int64(listing))
            bind.integer(object.stated?.revision)
            bind.text(object.stated?.account)
            bind.text(object.stated?.total)
        }
    }
}
