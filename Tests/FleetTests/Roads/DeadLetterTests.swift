import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct DeadLetterTests {
    private func letter(_ properties: MessageProperties = .init(), failure: Failure = Samples.failure) throws
        -> DeadLetter
    {
        DeadLetter(
            Samples.intake(Array("body".utf8), properties: properties),
            names: ContractNames(try Samples.message().envelope), queue: Samples.queue, worker: "w-1", failure: failure)
    }

    @Test("a dead letter is the original with headers that say why")
    func headers() throws {
        let letter = try letter(.init(headers: ["shop": "kept", MessageHeader.attempt: .int64(3)]))
        let headers = letter.message.properties.headers
        #expect(letter.message.body == Array("body".utf8))
        #expect(letter.message.exchange == "commerce.dead")
        #expect(letter.message.routingKey == "orders.to-erp.dead")
        #expect(headers["shop"] == "kept")
        #expect(headers[MessageHeader.code] == "erp.unknown-sku")
        #expect(headers[MessageHeader.category] == "rejected")
        #expect(headers[MessageHeader.attempt]?.integer == 4)
        #expect(headers[MessageHeader.originQueue] == "orders.to-erp")
        #expect(headers[MessageHeader.originExchange] == "commerce")
        #expect(headers[MessageHeader.originKey] == "order.placed.v1")
        #expect(headers[MessageHeader.worker] == "w-1")
        #expect(headers[MessageHeader.fingerprint]?.text == letter.fingerprint.description)
        #expect(!headers.entries.contains { $0.name.hasPrefix("x-") })
    }

    @Test("it keeps the time of its first failure")
    func times() throws {
        let first = "2026-03-01T12:00:00Z"
        let letter = try letter(.init(headers: [MessageHeader.firstFailedAt: .string(first)]))
        #expect(letter.message.properties.headers[MessageHeader.firstFailedAt]?.text == first)
        #expect(letter.record.firstFailedAt == Timestamp(rfc3339: first)?.microseconds)
        #expect(letter.record.firstFailedAt < letter.record.lastFailedAt)
    }

    @Test("its record names the message, or its body when it has no name")
    func record() throws {
        let named = try letter().record
        #expect(named.subject == "W-1001")
        #expect(named.state == .open)
        let error = ContractError(reason: .json, sentence: "The body is not a JSON document.")
        let record = DeadLetter(
            Samples.intake(Array("junk".utf8)), names: ContractNames(error, properties: .init()), queue: Samples.queue,
            worker: "w", failure: Failure(error)
        ).record
        #expect(record.id == "body-" + StableHash.fnv1a("junk".utf8))
    }

    @Test("of 100 faults the first ones are written in the header, which stays small")
    func faults() throws {
        let faults = (0..<100).map {
            Fault(
                pointer: "/data/lines/\($0)/sku", rule: "key", value: "", sentence: String(repeating: "x", count: 300))
        }
        let failure = Failure(code: "malformed.field", category: .malformed, sentence: "s", remedy: "r", faults: faults)
        let text = try #require(try letter(failure: failure).message.properties.headers[MessageHeader.faults]?.text)
        #expect(text.utf8.count <= MessageHeader.longestText)
        #expect(text.hasPrefix("/data/lines/0/sku\tkey\t"))
    }
}
