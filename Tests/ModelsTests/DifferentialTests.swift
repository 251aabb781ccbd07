import Foundation
import Models
import Testing

@Suite("Beside Foundation")
struct DifferentialTests {
    @Test("random valid JSON means the same to both parsers", arguments: 1...20)
    func values(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let reader = MessageReader()
        for _ in 0..<60 {
            let value = Self.value(depth: 0, &random)
            let body = try Fixture.replacing("\"goods\"", with: "\"x\": \(value), \"goods\"")
            let ours = try reader.read(body)
            // Foundation's reading, written by Foundation, has to be the same content.
            let object = try JSONSerialization.jsonObject(with: Data(body))
            let theirs = try JSONSerialization.data(withJSONObject: object)
            #expect(try reader.read([UInt8](theirs)).contentHash == ours.contentHash, "\(value)")
        }
    }

    @Test("random orders mean the same to JSONDecoder", arguments: 1...20)
    func orders(seed: UInt64) throws {
        var generator = OrderGenerator(seed: seed)
        let decoder = JSONDecoder()
        for _ in 0..<20 {
            let order = generator.order()
            let body = MessageWriter().write(generator.envelope(for: order), order)
            let theirs = try decoder.decode(PlainEvent<PlainOrder>.self, from: Data(body)).data
            #expect(theirs == PlainOrder(order))
            #expect(PlainOrder(try Fixture.order(body)) == theirs)
        }
    }

    @Test("random statuses and offline orders mean the same to JSONDecoder", arguments: 1...20)
    func answers(seed: UInt64) throws {
        var generator = OrderGenerator(seed: seed)
        let (decoder, reader) = (JSONDecoder(), MessageReader())
        for _ in 0..<10 {
            let (status, offline) = (generator.status(), generator.offline())
            let statusBody = MessageWriter().write(generator.envelope(for: status), status)
            let theirStatus = try decoder.decode(PlainEvent<PlainStatus>.self, from: Data(statusBody)).data
            #expect(theirStatus == PlainStatus(status))
            #expect(try reader.read(statusBody).payload as? OrderStatus == status)
            let offlineBody = MessageWriter().write(generator.envelope(for: offline), offline)
            let theirOffline = try decoder.decode(PlainEvent<PlainOffline>.self, from: Data(offlineBody)).data
            #expect(theirOffline == PlainOffline(offline))
            #expect(try reader.read(offlineBody).payload as? OfflineOrder == offline)
        }
    }

    @Test("what is accepted of mutated messages, JSONDecoder accepts with the same values", arguments: 1...16)
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var generator = OrderGenerator(seed: seed)
        let (decoder, reader) = (JSONDecoder(), MessageReader())
        for round in 0..<900 {
            var body = generator.body(round % 3)
            for _ in 0..<Int.random(in: 1...2, using: &random) { FuzzTests.mutate(&body, &random) }
            guard let received = try? reader.read(body) else { continue }
            let data = Data(body)
            let names = try decoder.decode(PlainNames.self, from: data)
            #expect(Array(names.id.utf8) == Array(received.envelope.id.utf8))
            #expect(Array(names.subject.utf8) == Array(received.envelope.subject.utf8))
            switch received.payload {
            case let order as Order:
                #expect(try decoder.decode(PlainEvent<PlainOrder>.self, from: data).data == PlainOrder(order))
            case let status as OrderStatus:
                #expect(try decoder.decode(PlainEvent<PlainStatus>.self, from: data).data == PlainStatus(status))
            case let offline as OfflineOrder:
                #expect(try decoder.decode(PlainEvent<PlainOffline>.self, from: data).data == PlainOffline(offline))
            default: Issue.record("\(received.payload)")
            }
        }
    }

    private static func value(depth: Int, _ random: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<(depth < 5 ? 9 : 7), using: &random) {
        case 0: return ["true", "false", "null"].randomElement(using: &random) ?? "null"
        case 1: return String(Int64.random(in: .min ... .max, using: &random))
        case 2: return String(Int64.random(in: -99...99, using: &random))
        case 3:
            return
                "\(Int64.random(in: -9999...9999, using: &random)).\(["5", "25", "125"].randomElement(using: &random) ?? "5")"
        case 4, 5, 6: return string(&random)
        case 7:
            let elements = (0..<Int.random(in: 0...6, using: &random)).map { _ in value(depth: depth + 1, &random) }
            return "[" + elements.joined(separator: [",", " , ", ",\n\t"].randomElement(using: &random) ?? ",") + "]"
        default:
            let members = (0..<Int.random(in: 0...6, using: &random)).map { index in
                "\"\(index)" + string(&random).dropFirst() + " :\r\n" + value(depth: depth + 1, &random)
            }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    private static func string(_ random: inout SeededGenerator) -> String {
        let parts = [
            "a", "Z", " ", "é", "漢", "😀", "e\u{301}", "\\n", "\\\"", "\\\\", "\\/", "\\b", "\\f", "\\t", "\\u0041",
            "\\u00e9", "\\u6f22",
            "\\ud83d\\ude00", "\\u001f", "\u{7F}", "\u{2028}", "\\uFFFD", "/",
        ]
        return "\""
            + (0..<Int.random(in: 0...12, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }
            .joined() + "\""
    }
}
