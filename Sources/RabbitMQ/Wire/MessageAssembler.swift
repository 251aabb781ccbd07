/// Puts messages together from their method, header and body frames, all bytes of a batch in one allocation.
struct MessageAssembler {
    /// A larger message means a broken peer: brokers stop at 128 MiB (16 MiB since RabbitMQ 4).
    static let largestBody: UInt64 = 256 << 20

    private enum Stage { case idle, header, body(missing: Int) }

    /// Complete messages.
    private(set) var arrivals: [Arrival] = []
    private var storage: [UInt8] = []
    private var stage = Stage.idle
    private var current: Arrival?
    private var capacity = 0

    var isAssembling: Bool { if case .idle = stage { false } else { true } }

    /// False when frames come in an order that AMQP does not allow.
    mutating func begin(_ arrival: Arrival) -> Bool {
        guard case .idle = stage else { return false }
        current = arrival
        stage = .header
        return true
    }

    mutating func header(bodySize: UInt64, properties: UnsafeRawBufferPointer) -> Bool {
        guard case .header = stage, bodySize <= Self.largestBody else { return false }
        let start = storage.count
        unsafe storage.append(contentsOf: properties)
        current?.properties = start..<storage.count
        current?.body = storage.count..<storage.count
        stage = .body(missing: Int(bodySize))
        if bodySize == 0 { finish() }
        return true
    }

    mutating func body(_ piece: UnsafeRawBufferPointer) -> Bool {
        guard case .body(let missing) = stage, piece.count <= missing else { return false }
        unsafe storage.append(contentsOf: piece)
        stage = .body(missing: missing &- piece.count)
        if piece.count == missing { finish() }
        return true
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
    mutating func reset() { self = MessageAssembler() }
}
