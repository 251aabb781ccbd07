/// Puts messages together from their method, header and body frames, all bytes of a batch in one allocation.
struct MessageAssembler {
    /// A larger message means a broken peer: brokers stop at 128 MiB (16 MiB since RabbitMQ 4).
    static let largestBody: UInt64 = 256 << 20

    private enum Stage { case idle, header, body(missing: Int), skipping(missing: Int) }

    /// A message whose body was read and thrown away, because it is larger than what is kept.
    struct Oversized: Equatable {
        let tag: UInt64
        let size: UInt64
    }

    /// Complete messages.
    private(set) var arrivals: [Arrival] = []
    /// Complete messages of which nothing was kept.
    private(set) var oversized: [Oversized] = []
    private let largestKept: UInt64
    private var storage: [UInt8] = []
    private var stage = Stage.idle
    private var current: Arrival?
    private var capacity = 0

    /// Larger bodies are not kept.
    init(keepingUpTo largestKept: Int? = nil) {
        self.largestKept = largestKept.map { UInt64(clamping: $0) } ?? Self.largestBody
    }

    /// False when frames come in an order that AMQP does not allow.
    mutating func begin(_ arrival: Arrival) -> Bool {
        guard case .idle = stage else { return false }
        current = arrival
        stage = .header
        return true
    }

    mutating func header(bodySize: UInt64, properties: UnsafeRawBufferPointer) -> Bool {
        guard case .header = stage, bodySize <= Self.largestBody else { return false }
        guard bodySize <= largestKept else {
            oversized.append(Oversized(tag: current?.tag ?? 0, size: bodySize))
            current = nil
            stage = .skipping(missing: Int(bodySize))
            return true
        }
        let start = storage.count
        unsafe storage.append(contentsOf: properties)
        current?.properties = start..<storage.count
        current?.body = storage.count..<storage.count
        stage = .body(missing: Int(bodySize))
        if bodySize == 0 { finish() }
        return true
    }

    mutating func body(_ piece: UnsafeRawBufferPointer) -> Bool {
        switch stage {
        case .body(let missing) where piece.count <= missing:
            unsafe storage.append(contentsOf: piece)
            stage = .body(missing: missing &- piece.count)
            if piece.count == missing { finish() }
        case .skipping(let missing) where piece.count <= missing:
            stage = piece.count == missing ? .idle : .skipping(missing: missing &- piece.count)
        default: return false
        }
        return true
    }

    /// The messages of which nothing was kept, once; one whose last piece is still to come can be settled already.
    mutating func takeOversized() -> [Oversized] {
        defer { oversized = [] }
        return oversized
    }

    private mutating func finish() {
        guard var done = current else { return }
        done.body = done.body.lowerBound..<storage.count
        arrivals.append(done)
        current = nil
        stage = .idle
    }

    /// The complete messages and their memory; a message still under way moves on to the next allocation.
    mutating func take() -> (arrivals: [Arrival], storage: [UInt8]) {
        let taken = (arrivals, storage)
        let count = arrivals.count
        capacity = min(max(storage.count, capacity / 2), 1 << 20)
        storage = []
        storage.reserveCapacity(capacity)
        arrivals = []
        arrivals.reserveCapacity(count)
        if var moving = current, case .body = stage {
            let start = moving.properties.lowerBound
            storage.append(contentsOf: taken.1[start...])
            moving.properties = 0..<moving.properties.count
            moving.body = moving.properties.upperBound..<moving.properties.upperBound
            current = moving
        }
        return taken
    }

    /// Forgets everything: the channel is gone.
    mutating func reset() { self = MessageAssembler(keepingUpTo: Int(clamping: largestKept)) }
}
