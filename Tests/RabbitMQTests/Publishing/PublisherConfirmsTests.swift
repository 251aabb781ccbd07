import Testing

@testable import RabbitMQ

@Suite("Publisher confirms")
struct PublisherConfirmsTests {
    @Test("acks may come in any order, singly or many at once")
    func order() {
        var confirms = PublisherConfirms<Int>()
        for id in 0..<5 { #expect(confirms.sent(id) == UInt64(id + 1)) }
        #expect(confirms.ack(3, multiple: false).map(\.id) == [2])
        #expect(confirms.ack(2, multiple: true).map(\.id) == [0, 1])
        #expect(confirms.nack(5, multiple: true).map(\.outcome) == [.nacked, .nacked])
        #expect(confirms.inFlight == 0)
        #expect(confirms.nextTag == 6)
    }

    @Test("a return turns the ack that follows into returned, for its message only")
    func returned() {
        var confirms = PublisherConfirms<Int>()
        for id in 0..<3 { confirms.sent(id) }
        #expect((confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 1 }) == true)
        #expect(
            confirms.ack(3, multiple: true).map(\.outcome)
                == [.confirmed, .returned(code: 312, text: "NO_ROUTE"), .confirmed])
        #expect((confirms.returned(code: 312, text: "NO_ROUTE") { $0 == 1 }) == false)
    }

    @Test("two equal messages that are both returned are both marked")
    func twins() {
        var confirms = PublisherConfirms<String>()
        for id in ["same", "same"] { confirms.sent(id) }
        #expect((confirms.returned(code: 312, text: "") { $0 == "same" }) == true)
        #expect((confirms.returned(code: 312, text: "") { $0 == "same" }) == true)
        #expect(
            confirms.ack(2, multiple: true).map(\.outcome) == Array(repeating: .returned(code: 312, text: ""), count: 2)
        )
    }

    @Test("numbers that were never sent, answered twice or absurd are ignored", arguments: [true, false])
    func absurd(multiple: Bool) {
        var confirms = PublisherConfirms<Int>()
        #expect(confirms.ack(0, multiple: multiple).map(\.id) == [])
        #expect(confirms.ack(1, multiple: multiple).map(\.id) == [])
        confirms.sent(7)
        #expect(confirms.ack(.max, multiple: multiple).map(\.id) == [])
        #expect(confirms.ack(1, multiple: multiple).map(\.id) == [7])
        #expect(confirms.ack(1, multiple: multiple).map(\.id) == [])
        #expect(confirms.nack(1, multiple: multiple).map(\.id) == [])
        #expect(confirms.inFlight == 0)
    }

    @Test("a lost channel leaves the rest unknown, oldest first, and numbers start again")
    func drained() {
        var confirms = PublisherConfirms<Int>()
        for id in 0..<4 { confirms.sent(id) }
        _ = confirms.ack(2, multiple: false)
        #expect(confirms.drain().map(\.id) == [0, 2, 3])
        #expect(confirms.inFlight == 0)
        #expect(confirms.sent(9) == 1)
    }

    /// A broker that answers in its own way, compared with a dictionary of what must become of each message.
    @Test("whatever the broker answers, each message is resolved once and rightly", arguments: 0..<200)
    func anySequence(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var confirms = PublisherConfirms<Int>()
        var open: [UInt64: Int] = [:]
        var returned: Set<Int> = []
        var nextID = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                open[confirms.sent(nextID)] = nextID
                nextID += 1
            case 5:
                guard let id = open.values.filter({ !returned.contains($0) }).randomElement(using: &random) else {
                    break
                }
                #expect((confirms.returned(code: 312, text: "") { $0 == id }) == true)
                returned.insert(id)
            case 6 where Int.random(in: 0..<20, using: &random) == 0:
                #expect(confirms.drain().map(\.id) == open.sorted { $0.key < $1.key }.map(\.value))
                open = [:]
            default:
                let tag = UInt64.random(in: 0...(confirms.nextTag + 1), using: &random)
                let multiple = Bool.random(using: &random)
                let positive = Bool.random(using: &random)
                let covered = open.filter { entry in
                    guard multiple else { return entry.key == tag }
                    return tag == 0 || (entry.key <= tag && tag < confirms.nextTag)
                }
                let resolved = positive ? confirms.ack(tag, multiple: multiple) : confirms.nack(tag, multiple: multiple)
                #expect(resolved.map(\.id) == covered.sorted { $0.key < $1.key }.map(\.value))
                for resolution in resolved {
                    let expected: PublishOutcome =
                        !positive
                        ? .nacked : returned.contains(resolution.id) ? .returned(code: 312, text: "") : .confirmed
                    #expect(resolution.outcome == expected)
                }
                for tag in covered.keys { open[tag] = nil }
            }
            #expect(confirms.inFlight == open.count)
        }
    }
}
