import RabbitMQ
import Testing

@testable import OutboxRelay

@Suite("Rows in memory, a lane for each subject")
struct SubjectLanesTests {
    private static func row(_ id: Int64, _ subject: String, queue: String = "orders.to-erp") -> RelayedRow {
        RelayedRow(
            id: id, lane: .init(queue: queue, subject: subject), revision: id,
            message: OutgoingMessage(exchange: "commerce", routingKey: "t", body: [1, 2, 3]))
    }

    /// The ids of the rows that are taken.
    private static func take(_ limit: Int = 10, of lanes: inout SubjectLanes) -> [Int64] {
        lanes.takeReady(limit).map(\.id)
    }

    @Test("one row of each subject is on its way; the next goes when it has ended, and not before")
    func order() {
        var lanes = SubjectLanes()
        let rows = [Self.row(1, "A"), Self.row(2, "A"), Self.row(3, "B"), Self.row(4, "A")]
        for row in rows { lanes.add(row) }
        var taken = [Self.take(of: &lanes), Self.take(of: &lanes)]
        lanes.end(rows[2])
        taken.append(Self.take(of: &lanes))
        for row in [rows[0], rows[1]] {
            lanes.end(row)
            taken.append(Self.take(of: &lanes))
        }
        lanes.end(rows[3])
        #expect(taken == [[1, 3], [], [], [2], [4]])
        #expect(lanes.isEmpty && lanes.bytes == 0 && !lanes.hasReady)
    }

    @Test("no more are taken than asked for, and the others stay ready")
    func limit() {
        var lanes = SubjectLanes()
        for id in 1...5 { lanes.add(Self.row(Int64(id), "S-\(id)")) }
        let first = Self.take(2, of: &lanes)
        #expect(first == [1, 2] && lanes.hasReady)
        let second = Self.take(of: &lanes)
        #expect(second == [3, 4, 5] && !lanes.hasReady)
    }

    @Test("a row that is known already is not taken in twice")
    func twice() {
        var lanes = SubjectLanes()
        lanes.add(Self.row(1, "A"))
        lanes.add(Self.row(1, "A"))
        #expect(lanes.count == 1 && lanes.bytes == 3)
        let taken = lanes.takeReady(5)
        lanes.end(taken[0])
        #expect(lanes.isEmpty)
    }

    @Test("of a queue that is dropped only what is on its way is remembered; other queues keep theirs")
    func drop() {
        var lanes = SubjectLanes()
        let rows = [Self.row(1, "A"), Self.row(2, "A"), Self.row(3, "B"), Self.row(4, "A", queue: "customers.to-erp")]
        for row in rows { lanes.add(row) }
        let first = Self.take(1, of: &lanes)
        #expect(first == [1])
        lanes.drop(queue: "orders.to-erp")
        #expect(lanes.knows(1) && !lanes.knows(2) && !lanes.knows(3) && lanes.knows(4))
        #expect(lanes.inFlight(to: "orders.to-erp") == 1)
        lanes.end(rows[0])
        #expect(lanes.inFlight(to: "orders.to-erp") == 0)
        let other = Self.take(of: &lanes)
        lanes.add(rows[1])
        let again = Self.take(of: &lanes)
        #expect(other == [4] && again == [2])
    }
}
