package import Ledger
internal import Models

/// How far the workers have come in a queue: what `stevedore status` tells the age of waiting messages from.
///
/// A broker does not tell how long its oldest message waits, and taking it to look would count as a delivery. But a queue
/// hands out its messages in order, so everything that still waits came after the last one taken, and that was not there
/// before it was made.
package struct FlowPosition: Hashable, Sendable {
    /// The flow's queue.
    package var queue: String
    /// When a worker took a message last, in microseconds since 1970.
    package var takenAt: Int64
    /// When that message was made, by its producer's clock.
    package var messageTime: Int64

    package init(queue: String, takenAt: Int64, messageTime: Int64) {
        self.queue = queue
        self.takenAt = takenAt
        self.messageTime = messageTime
    }

    /// Every position that is known; none where no worker of this version has run.
    package static func all(_ snapshot: LedgerSnapshot) throws -> [FlowPosition] {
        let isThere = try snapshot.first("SELECT 1 FROM sqlite_schema WHERE name = 'flow_position'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try snapshot.query("SELECT queue, taken_at, message_time FROM flow_position") { row in
            FlowPosition(queue: row.text(0), takenAt: row.integer(1), messageTime: row.integer(2))
        }
    }

    /// A component of its own, so that it depends on no other table's number.
    package static let component = "flow-position"

    package static let migration = LedgerMigration(
        number: 1, name: "how far the workers have come",
        script: """
            CREATE TABLE flow_position (
                queue TEXT PRIMARY KEY, taken_at INTEGER NOT NULL, message_time INTEGER NOT NULL
            ) WITHOUT ROWID
            """)
}

extension LedgerTransaction {
    /// Writes down how far a worker has come.
    package func record(_ position: FlowPosition) throws {
        _ = try execute(
            """
            INSERT INTO flow_position (queue, taken_at, message_time) VALUES (?, ?, ?)
            ON CONFLICT (queue) DO UPDATE SET taken_at = excluded.taken_at, message_time = excluded.message_time
            """, .text(position.queue), .integer(position.takenAt), .integer(position.messageTime))
    }
}
