/// Decides which frames settle deliveries: each delivery once, neighbours in one frame, nothing of an older channel.
///
/// The broker numbers the deliveries of a channel 1, 2, 3 …, and a frame with `multiple` settles everything up to
/// its tag; it is used only when nothing below it is still open.
public struct SettlementTracker: Sendable {
    /// A frame to send.
    public enum Frame: Sendable, Equatable {
        /// basic.ack
        case ack(UInt64, multiple: Bool)
        /// basic.nack with requeue
        case requeue(UInt64, multiple: Bool)
        /// basic.nack without requeue
        case reject(UInt64, multiple: Bool)
    }

    private enum Mark: UInt8 { case open, settled, acking, requeueing, rejecting }

    /// The channel counted on; 0 before the first.
    public private(set) var epoch: UInt64 = 0
    /// Settlements dropped because their channel is gone.
    public private(set) var stale = 0
    /// Settlements dropped because the delivery is settled already, or never was.
    public private(set) var repeated = 0
    /// Deliveries that are not settled yet.
    public private(set) var outstanding = 0

    private var marks: [Mark] = []
    private var head = 0
    private var base: UInt64 = 1

    /// A tracker without a channel.
    public init() {}

    /// A new channel: everything before is void.
    public mutating func begin(epoch: UInt64) {
        self.epoch = epoch
        marks.removeAll(keepingCapacity: true)
        (head, base, outstanding) = (0, 1, 0)
    }

    /// Notes a delivery; false when its number is not the next one, which a sound broker never does.
    public mutating func delivered(_ value: UInt64) -> Bool {
        guard value == base &+ UInt64(marks.count &- head) else { return false }
        marks.append(.open)
        outstanding &+= 1
        return true
    }

    /// The frames for these settlements, in the order in which they must be sent.
    public mutating func settle(_ settlements: some Sequence<Settlement>) -> [Frame] {
        var fresh: [Int] = []
        for settlement in settlements {
            guard settlement.tag.epoch == epoch else {
                stale &+= 1
                continue
            }
            guard let index = index(of: settlement.tag.value), marks[index] == .open else {
                repeated &+= 1
                continue
            }
            marks[index] =
                switch settlement {
                case .ack: .acking
                case .requeue: .requeueing
                case .reject: .rejecting
                }
            fresh.append(index)
        }
        outstanding &-= fresh.count
        var frames: [Frame] = []
        gatherRuns(into: &frames)
        gatherSingles(fresh, into: &frames)
        trim()
        return frames
    }

    private func index(of value: UInt64) -> Int? {
        guard value >= base, let distance = Int(exactly: value &- base), distance < marks.count &- head else {
            return nil
        }
        return head &+ distance
    }

    private func value(at index: Int) -> UInt64 { base &+ UInt64(index &- head) }

    /// From the oldest delivery up to the first open one, each run of one kind becomes one frame.
    private mutating func gatherRuns(into frames: inout [Frame]) {
        var run: (kind: Mark, last: Int, count: Int)?
        func frame(_ run: (kind: Mark, last: Int, count: Int)) -> Frame {
            Self.frame(run.kind, value(at: run.last), multiple: run.count > 1)
        }
        var index = head
        while index < marks.count, marks[index] != .open {
            let kind = marks[index]
            if kind != .settled {
                if let current = run, current.kind != kind { frames.append(frame(current)) }
                run = (kind, index, run?.kind == kind ? (run?.count ?? 0) &+ 1 : 1)
                marks[index] = .settled
            }
            index &+= 1
        }
        if let run { frames.append(frame(run)) }
    }

    private mutating func gatherSingles(_ fresh: [Int], into frames: inout [Frame]) {
        for index in fresh where marks[index] != .settled {
            frames.append(Self.frame(marks[index], value(at: index), multiple: false))
            marks[index] = .settled
        }
    }

    private static func frame(_ kind: Mark, _ value: UInt64, multiple: Bool) -> Frame {
        switch kind {
        case .acking: .ack(value, multiple: multiple)
        case .rejecting: .reject(value, multiple: multiple)
        case .requeueing, .open, .settled: .requeue(value, multiple: multiple)
        }
    }

    private mutating func trim() {
        while head < marks.count, marks[head] == .settled {
            head &+= 1
            base &+= 1
        }
        if head == marks.count {
            marks.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 4096, head > marks.count / 2 {
            marks.removeFirst(head)
            head = 0
        }
    }
}
