import Fleet
import Models
import RabbitMQ
import Testing

@testable import DeadLetter
@testable import Ledger

@Suite("The faults that are shown of a dead letter")
struct LetterFaultTests {
    /// An order whose every field is wrong.
    private var body: String {
        let fields = (0..<60).map { #""field\#($0)": 1, "f\#($0)": "x""# }
        let lines = (0..<60).map { #"{"id": "\#($0)", "sku": "", "quantity": "-1", "unit": "", "unitPrice": "1,5"}"# }
        return """
            {"specversion": "1.0", "id": "m-1", "source": "urn:test", "type": "order.placed.v1", "subject": "W-1",
            "revision": 1, "time": "2026-03-01T12:00:00Z", "data": {\(fields.joined(separator: ", ")),
            "number": "W-1", "revision": 1, "lines": [\(lines.joined(separator: ", "))]}}
            """
    }

    private func error() throws -> ContractError {
        do throws(ContractError) { _ = try MessageReader().read(Array(body.utf8)) } catch { return error }
        throw FaultlessBody()
    }

    private struct FaultlessBody: Error {}

    @Test("are all of them, also where the worker's list was cut to fit its header")
    func cut() throws {
        let faults = try error().faults
        let whole = faults.map { "\($0.pointer)\t\($0.rule)\t\($0.sentence)" }.joined(separator: "\n")
        #expect(whole.utf8.count > MessageHeader.longestText)
        let header = String(whole.prefix(MessageHeader.longestText))
        let letter = Letters.make(code: "malformed.field", body: body, headers: [MessageHeader.faults: .string(header)])
        #expect(letter.faults.map(\.pointer) == faults.map(\.pointer))
        #expect(letter.faults.map(\.sentence) == faults.map(\.sentence))
    }

    @Test("are the worker's own where it has found more, as another version may")
    func more() throws {
        let count = try error().faults.count + 1
        let header = (0..<count).map { "/data/\($0)\trule\tWrong." }.joined(separator: "\n")
        let letter = Letters.make(code: "malformed.field", body: body, headers: [MessageHeader.faults: .string(header)])
        #expect(letter.faults.count == count && letter.faults.first?.pointer == "/data/0")
    }

    @Test("are the worker's own where they are not of the body, and none where it has written none")
    func written() {
        let header = "/data/lines/0/sku\trequired\tThe ERP's answer has no SKU."
        let letter = Letters.make(code: "follow-up.contract", headers: [MessageHeader.faults: .string(header)])
        #expect(
            letter.faults == [
                LetterFault(pointer: "/data/lines/0/sku", rule: "required", sentence: "The ERP's answer has no SKU.")
            ])
        #expect(Letters.make(code: "rejected.unknown-sku", body: body).faults.isEmpty)
    }

    @Test("of a body that only the ledger has are found as it was read: with what its producer said of it")
    func kept() throws {
        let record = DeadLetterRecord(
            id: "m-1", queue: "outbox", flow: "orders.to-erp", type: "order.placed.v1", subject: "W-1", revision: 1,
            code: "malformed.field", category: "malformed", sentence: "s", fingerprint: "f", attempts: 1,
            firstFailedAt: 1, lastFailedAt: 1)
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first).text
        let data = try #require(example.split(separator: "\"data\":", maxSplits: 1).last)
        let wrong = String(data.prefix(upTo: data.lastIndex(of: "}") ?? data.endIndex)).replacing(
            "\"C62\"", with: "\"metres\"")
        let binary = [
            "content_type": "application/json", "headers.cloudEvents_id": "m-1",
            "headers.cloudEvents_source": "urn:test", "headers.cloudEvents_specversion": "1.0",
            "headers.cloudEvents_type": "order.placed.v1", "headers.cloudEvents_subject": "W-1001",
            "headers.cloudEvents_revision": "1", "headers.cloudEvents_time": "2026-03-01T12:00:00Z",
        ]
        for (body, properties) in [(wrong, binary), (example.replacing("\"C62\"", with: "\"metres\""), [:])] {
            let kept = StoredPayload(id: "m-1", body: Array(body.utf8), properties: properties, storedAt: 1)
            let page = LetterPage(id: "m-1", letter: nil, record: record, kept: kept, journal: [])
            #expect(page.faults.map(\.pointer) == ["/data/lines/0/unit"])
        }
    }
}
