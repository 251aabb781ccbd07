import Foundation
import Models
import Testing

@Suite("Anything from the wire")
struct FuzzTests {
    @Test("mutated messages never trap, and what is accepted can be written and read again", arguments: 1...16)
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var generator = OrderGenerator(seed: seed)
        let reader = MessageReader()
        for _ in 0..<1500 {
            let order = generator.order()
            var body = MessageWriter().write(generator.envelope(for: order), order)
            for _ in 0..<Int.random(in: 1...4, using: &random) { Self.mutate(&body, &random) }
            guard let received = try? reader.read(body) else { continue }
            let again = try reader.read(MessageWriter().write(received.envelope, received.payload))
            #expect(again.envelope == received.envelope)
            #expect(again.payload as? Order == received.payload as? Order)
        }
    }

    @Test("random bytes never trap", arguments: 1...8)
    func noise(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let reader = MessageReader()
        for _ in 0..<3000 {
            let body = (0..<Int.random(in: 0...200, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: ContractError.self) { try reader.read(body) }
        }
    }

    @Test("a message cut anywhere is refused")
    func truncation() {
        let body = Array(Fixture.placed.utf8.dropLast())
        let reader = MessageReader()
        for count in body.indices {
            #expect(throws: ContractError.self) { try reader.read(Array(body[..<count])) }
        }
    }

    @Test("headers of any content never trap", arguments: 1...8)
    func headers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let reader = MessageReader()
        let names = [
            "cloudEvents_", "cloudEvents:id", "cloudEvents_specversion", "cloudEvents_type", "cloudEvents_data",
            "cloudEvents_\"", "x", "",
        ]
        for _ in 0..<500 {
            let headers = (0..<8).map { _ in
                (
                    name: names.randomElement(using: &random) ?? "",
                    value: IncomingMessage.HeaderValue.text("\(UInt64.random(in: 0...3, using: &random))\u{0}\"")
                )
            }
            let message = IncomingMessage(contentType: "application/json", headers: { headers })
            #expect(throws: ContractError.self) { try reader.read(Array("{}".utf8), message) }
        }
    }

    static func mutate(_ body: inout [UInt8], _ random: inout SeededGenerator) {
        let index = Int.random(in: 0..<max(body.count, 1), using: &random)
        guard index < body.count else { return }
        let interesting = Array("{}[]\",:\\0919-+.eEu \u{0}\u{1F}".utf8) + [0xFF, 0x80, 0xED, 0xA0]
        switch Int.random(in: 0..<6, using: &random) {
        case 0: body[index] = UInt8.random(in: 0...255, using: &random)
        case 1: body[index] = interesting.randomElement(using: &random) ?? 0
        case 2: body.remove(at: index)
        case 3: body.insert(interesting.randomElement(using: &random) ?? 0, at: index)
        case 4: body.removeSubrange(index..<min(body.count, index + Int.random(in: 1...40, using: &random)))
        default: body.insert(contentsOf: body[index..<min(body.count, index + 30)], at: index)
        }
    }
}
