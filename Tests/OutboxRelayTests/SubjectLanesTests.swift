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

    /// Takes and ends one row; its id.
    private static func pass(_ lanes: inout SubjectLanes) -> Int64? {
        guard let row = lanes.takeReady(1).first else { return nil }
        lanes.end(row)
        return row.id
    }

    /// Where lanes have to go on.
    private static func rests(_ lanes: SubjectLanes) -> [Int64] { lanes.toContinue.map { $0.first } }

    @Test("of one subject only so many are kept; what is behind them is passed over until it is read on from there")
    func rest() {
        var lanes = SubjectLanes(mostOfOne: 4)
        for id in 1...9 where id != 7 { lanes.add(Self.row(Int64(id), "A")) }
        lanes.add(Self.row(7, "B"))
        #expect(lanes.count == 5 && lanes.knows(7))
        let lane = RelayedRow.Lane(queue: "orders.to-erp", subject: "A")
        #expect(lanes.isBeyond(5, lane) && !lanes.isBeyond(4, lane) && lanes.toContinue.isEmpty)
        let first = (0..<4).map { _ in Self.pass(&lanes) }
        #expect(first == [1, 7, 2, 3])
        #expect(Self.rests(lanes) == [5])
        lanes.goOn(lane, from: 9)
        for id: Int64 in [5, 6, 8, 9] { lanes.add(Self.row(id, "A")) }
        #expect(!lanes.knows(9))
        let second = (0..<5).map { _ in Self.pass(&lanes) }
        #expect(second == [4, 5, 6, 8, nil] && lanes.isEmpty && !lanes.hasReady)
        #expect(Self.rests(lanes) == [9])
        lanes.goOn(lane, from: nil)
        lanes.add(Self.row(9, "A"))
        let third = Self.pass(&lanes)
        #expect(third == 9 && lanes.toContinue.isEmpty && lanes.bytes == 0)
    }

    @Test("of a queue that is dropped no rest is remembered: all of it is read again")
    func dropRest() {
        var lanes = SubjectLanes(mostOfOne: 1)
        for id in 1...3 { lanes.add(Self.row(Int64(id), "A")) }
        let first = Self.take(of: &lanes)
        lanes.drop(queue: "orders.to-erp")
        let lane = RelayedRow.Lane(queue: "orders.to-erp", subject: "A")
        #expect(first == [1] && lanes.toContinue.isEmpty && !lanes.isBeyond(2, lane))
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
