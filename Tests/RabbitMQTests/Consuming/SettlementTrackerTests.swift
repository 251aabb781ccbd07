import Testing

@testable import RabbitMQ

@Suite("Settling deliveries")
struct SettlementTrackerTests {
    private func tracker(delivered count: UInt64, epoch: UInt64 = 1) -> SettlementTracker {
        var tracker = SettlementTracker()
        tracker.begin(epoch: epoch)
        for value in 0..<count { #expect(tracker.delivered(value + 1) == true) }
        return tracker
    }

    private func ack(_ value: UInt64, epoch: UInt64 = 1) -> Settlement {
        .ack(DeliveryTag(epoch: epoch, value: value))
    }

    private func requeue(_ value: UInt64) -> Settlement { .requeue(DeliveryTag(epoch: 1, value: value)) }

    @Test("a whole batch is one frame, in whatever order it is settled")
    func contiguous() {
        var tracker = tracker(delivered: 5)
        #expect(tracker.settle([ack(3), ack(1), ack(2)]) == [.ack(3, multiple: true)])
        #expect(tracker.settle([ack(5)]) == [.ack(5, multiple: false)])
        #expect(tracker.settle([ack(4)]) == [.ack(4, multiple: false)])
        #expect(tracker.outstanding == 0)
    }

    @Test("nothing that is still open is covered by a frame for many")
    func gap() {
        var tracker = tracker(delivered: 6)
        #expect(
            tracker.settle([ack(1), ack(2), ack(4), ack(5)])
                == [.ack(2, multiple: true), .ack(4, multiple: false), .ack(5, multiple: false)])
        #expect(tracker.settle([ack(3), ack(6)]) == [.ack(6, multiple: true)])
    }

    @Test("acks and requeues side by side keep their own frames")
    func mixed() {
        var tracker = tracker(delivered: 5)
        #expect(
            tracker.settle([ack(1), ack(2), requeue(3), requeue(4), ack(5)])
                == [.ack(2, multiple: true), .requeue(4, multiple: true), .ack(5, multiple: false)])
    }

    @Test("a second settlement, an unknown one and one of an older channel are dropped and counted")
    func dropped() {
        var tracker = tracker(delivered: 2, epoch: 7)
        #expect(tracker.settle([ack(1, epoch: 6), ack(9, epoch: 7), ack(0, epoch: 7), ack(.max, epoch: 7)]) == [])
        #expect(tracker.stale == 1)
        #expect(tracker.repeated == 3)
        #expect(tracker.settle([ack(1, epoch: 7), ack(1, epoch: 7)]) == [.ack(1, multiple: false)])
        #expect(tracker.repeated == 4)
        tracker.begin(epoch: 8)
        #expect(tracker.settle([ack(2, epoch: 7)]) == [])
        #expect(tracker.stale == 2)
    }

    @Test("a delivery out of order is noticed")
    func disorder() {
        var tracker = tracker(delivered: 2)
        #expect(tracker.delivered(2) == false)
        #expect(tracker.delivered(4) == false)
        #expect(tracker.delivered(3) == true)
    }

    /// Applies the frames as the broker would, and checks that each does exactly what was asked.
    @Test("any settlements end as asked, each once, none by accident", arguments: 0..<200)
    func anySequence(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        var tracker = tracker(delivered: 0)
        var open: Set<UInt64> = []
        var next: UInt64 = 1
        for _ in 0..<60 {
            for _ in 0..<Int.random(in: 0..<20, using: &random) {
                #expect(tracker.delivered(next) == true)
                open.insert(next)
                next += 1
            }
            var asked: [UInt64: Int] = [:]
            var settlements: [Settlement] = []
            for value in open.shuffled(using: &random).prefix(Int.random(in: 0...open.count, using: &random)) {
                let kind = Int.random(in: 0..<6, using: &random)
                asked[value] = min(kind, 2)
                let tag = DeliveryTag(epoch: 1, value: value)
                settlements.append(kind == 0 ? .requeue(tag) : kind == 1 ? .reject(tag) : .ack(tag))
                if Bool.random(using: &random) { settlements.append(ack(value)) }
            }
            var done: [UInt64: Int] = [:]
            for frame in tracker.settle(settlements) {
                let (tag, multiple, kind) =
                    switch frame {
                    case .requeue(let tag, let multiple): (tag, multiple, 0)
                    case .reject(let tag, let multiple): (tag, multiple, 1)
                    case .ack(let tag, let multiple): (tag, multiple, 2)
                    }
                #expect(open.contains(tag))
                for value in open where value == tag || (multiple && value < tag) {
                    done[value] = kind
                    open.remove(value)
                }
            }
            #expect(done == asked)
            #expect(tracker.outstanding == open.count)
        }
    }

    @Test("refused deliveries leave as frames of their own, between the others")
    func refused() {
        var tracker = tracker(delivered: 5)
        let reject = (2...4).map { Settlement.reject(DeliveryTag(epoch: 1, value: $0)) }
        #expect(tracker.settle(reject) == [2, 3, 4].map { .reject($0, multiple: false) })
        #expect(tracker.settle([ack(1), ack(5)]) == [.ack(5, multiple: true)])
        var other = self.tracker(delivered: 3)
        let both = [Settlement.reject(DeliveryTag(epoch: 1, value: 1)), .reject(DeliveryTag(epoch: 1, value: 2))]
        #expect(other.settle(both + [ack(3)]) == [.reject(2, multiple: true), .ack(3, multiple: false)])
    }
}
