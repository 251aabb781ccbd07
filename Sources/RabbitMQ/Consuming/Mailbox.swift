import Synchronization

/// Where the connection's thread and the consumer's callers meet, so that handing deliveries out and taking
/// settlements in costs no switch of threads while there is enough of both.
final class Mailbox: Sendable {
    /// Messages of one reading, not handed out yet.
    struct Parcel: Sendable {
        let arrivals: [Arrival]
        let storage: [UInt8]
        let epoch: UInt64
    }

    /// What a caller of `nextBatch` gets.
    enum Next {
        case batch([Parcel])
        case ended
        case waiting
    }

    typealias Waiter = CheckedContinuation<DeliveryBatch?, Never>

    fileprivate struct State {
        var parcels: [Parcel] = []
        var settlements: [Settlement] = []
        var waiters: [(id: UInt64, continuation: Waiter)] = []
        var isEnded = false
        /// The thread looks for settlements soon, without being woken.
        var isLingering = false
        /// Waiters whose task was cancelled before they came.
        var cancelled: Set<UInt64> = []
    }

    private let state = Mutex(State())
    private let lastID = Atomic<UInt64>(0)
    private let many: Int

    /// So many settlements are sent at once; fewer wait a moment for company.
    init(many: Int) { self.many = many }

    func newID() -> UInt64 { lastID.wrappingAdd(1, ordering: .relaxed).newValue }

    /// Deliveries for the caller who has waited longest, or for the next one who comes.
    func put(_ parcel: Parcel) {
        let waiter = state.withLock { state -> Waiter? in
            guard state.waiters.isEmpty else { return state.waiters.removeFirst().continuation }
            state.parcels.append(parcel)
            return nil
        }
        waiter?.resume(returning: DeliveryBatch([parcel]))
    }

    /// What is there, without waiting.
    func takeReady() -> Next {
        state.withLock { $0.next() }
    }

    /// Resumes the waiter now or later, exactly once.
    func wait(_ id: UInt64, _ continuation: Waiter) {
        let next = state.withLock { state -> Next in
            if state.cancelled.remove(id) != nil { return .ended }
            let next = state.next()
            if case .waiting = next { state.waiters.append((id, continuation)) }
            return next
        }
        switch next {
        case .batch(let parcels): continuation.resume(returning: DeliveryBatch(parcels))
        case .ended: continuation.resume(returning: nil)
        case .waiting: break
        }
    }

    func cancel(_ id: UInt64) {
        let waiter = state.withLock { state -> Waiter? in
            guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                state.cancelled.insert(id)
                return nil
            }
            return state.waiters.remove(at: index).continuation
        }
        waiter?.resume(returning: nil)
    }

    /// The waiter has gone; a late cancellation finds nothing to remember.
    func forget(_ id: UInt64) { state.withLock { _ = $0.cancelled.remove(id) } }

    /// Deliveries that nobody has taken.
    func takeBack() -> [Parcel] {
        state.withLock { state in
            defer { state.parcels = [] }
            return state.parcels
        }
    }

    /// No more deliveries will come.
    func end() {
        let waiters = state.withLock { state in
            defer { state.waiters = [] }
            state.isEnded = true
            return state.waiters.map(\.continuation)
        }
        for waiter in waiters { waiter.resume(returning: nil) }
    }

    /// True when the thread must be told.
    func add(_ settlements: [Settlement]) -> Bool {
        state.withLock { state in
            state.settlements += settlements
            return !state.isLingering || state.settlements.count >= many
        }
    }

    /// The settlements to send. After taking some the thread promises to look again soon, until it finds none.
    func takeSettlements(evenFew: Bool) -> [Settlement] {
        state.withLock { state in
            let count = state.settlements.count
            guard count > 0, evenFew || count >= many else {
                if evenFew { state.isLingering = false }
                return []
            }
            defer { state.settlements = [] }
            state.isLingering = true
            return state.settlements
        }
    }
}

extension Mailbox.State {
    fileprivate mutating func next() -> Mailbox.Next {
        if isEnded { return .ended }
        if parcels.isEmpty { return .waiting }
        defer { parcels = [] }
        return .batch(parcels)
    }
}
