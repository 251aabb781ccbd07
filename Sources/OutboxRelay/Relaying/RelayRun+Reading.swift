internal import Fleet
internal import Logging
internal import Models

/// What a relay reads, and when.
extension RelayRun {
    /// Looks for what is new, asks queues that are held, and reads ahead.
    func look() async throws(ProgramError) {
        guard !pulse.isStopping else { return }
        try await prune()
        let isOpen = road.isOpen()
        if isOpen, !wasOpen { holds.askAll(now: .now) }
        wasOpen = isOpen
        // With the broker away there is nothing to do for what is read.
        guard isOpen else { return }
        try await lookForChanges()
        try await askHeldQueues()
        try await readOn()
        try await read()
    }

    private func lookForChanges() async throws(ProgramError) {
        guard isLookDue else { return }
        isLookDue = false
        let now = ContinuousClock.now
        if now >= nextRescan {
            nextRescan = now + limits.rescan
            readAgain()
        }
        let found = try await use { [database] in try await database.changes() }
        guard let found, found != changes else { return }
        changes = found
        isReadDue = true
        // Nothing waits but what is new, so that from the beginning is as quick, and finds rows that were let go again.
        if lanes.isEmpty, holds.isEmpty { position = nil }
    }

    /// Rows that are passed over take no room, so that a page of them is no reason to wait.
    private func read() async throws(ProgramError) {
        for _ in 0..<limits.pages {
            guard isReadDue, lanes.count <= limits.rows / 2, lanes.bytes < limits.bytes else { return }
            guard try await readPage() else { return }
        }
    }

    /// False when the database could not be read.
    private func readPage() async throws(ProgramError) -> Bool {
        let (start, types, room) = (position, readableTypes, limits.rows - lanes.count)
        let page = try await use { [database] in try await database.waiting(after: start, types, rows: room) }
        guard let page else { return false }
        position = page.end
        isReadDue = !page.isWhole
        admit(page)
        return true
    }

    /// Reads on for subjects of which more waits than is kept here.
    private func readOn() async throws(ProgramError) {
        for (lane, first) in lanes.toContinue {
            guard let position, first <= position else {
                // What is read from the position on comes by it.
                lanes.goOn(lane, from: nil)
                continue
            }
            guard lanes.bytes < limits.bytes else { return }
            let (types, limit) = (Self.types(to: lane.queue), limits.mostOfOne)
            let page = try await use { [database] in
                try await database.waiting(of: lane.subject, types, from: first, through: position, rows: limit)
            }
            guard let page else { return }
            lanes.goOn(lane, from: page.next)
            admit(page)
        }
    }

    private func admit(_ page: OutboxPage) {
        for row in page.rows where !lanes.knows(row.id) && !unmarked.contains(row.id) {
            let lane = RelayedRow.Lane(queue: RowReader.queue(of: row.type), subject: row.subject)
            if !lanes.isBeyond(row.id, lane) { admit(row) }
        }
    }

    private static func types(to queue: String) -> OutboxTypes {
        .only(Catalogue.types.filter { $0.queue == queue }.map(\.name))
    }

    private func admit(_ row: OutboxRow) {
        switch reader.read(row) {
        case .message(let message):
            // Held since: it is read again when the queue takes messages.
            if !holds.contains(message.lane.queue) { lanes.add(message) }
        case .refused(let refusal): refuse(refusal)
        case .unread(let reason): hold(RowReader.queue(of: row.type), reason)
        }
    }

    private var readableTypes: OutboxTypes {
        if holds.isEmpty { return .all }
        return .except(Catalogue.types.filter { holds.contains($0.queue) }.map(\.name))
    }

    private func readAgain() {
        position = nil
        isReadDue = true
    }

    // MARK: - Queues that take nothing

    /// Nothing more goes to a queue until it takes one message again: what is behind a message that was not taken has
    /// to wait for it, and what else goes there would not be taken either.
    func hold(_ queue: String, _ reason: String) {
        if holds.begin(queue, reason, now: .now) {
            logger.warning("outbox waits", metadata: ["queue": "\(queue)", "reason": "\(reason)"])
        }
        lanes.drop(queue: queue)
    }

    func goOn(_ queue: String) {
        guard holds.end(queue) else { return }
        logger.notice("outbox goes on", metadata: ["queue": "\(queue)"])
        readAgain()
    }

    /// Asks with the first row that waits for the queue, when nothing that was on its way there is unanswered.
    private func askHeldQueues() async throws(ProgramError) {
        for queue in holds.due(now: .now) where lanes.inFlight(to: queue) == 0 {
            let (types, limit) = (Self.types(to: queue), unmarked.count + 1)
            let page = try await use { [database] in try await database.waiting(after: nil, types, rows: limit) }
            guard let page else { return }
            if let row = page.rows.first(where: { !unmarked.contains($0.id) }) {
                ask(queue, with: row)
            } else if page.isWhole {
                goOn(queue)
            }
        }
        pulse.note(holds: holds.reasons)
    }

    private func ask(_ queue: String, with row: OutboxRow) {
        switch reader.read(row) {
        case .message(var message):
            message.isProbe = true
            asking.append(message)
            holds.asking(queue)
        case .refused(let refusal): refuse(refusal)
        case .unread(let reason): hold(queue, reason)
        }
    }

    // MARK: - What is old

    private func prune() async throws(ProgramError) {
        guard ContinuousClock.now >= nextPrune else { return }
        let (age, limit) = (settings.retention, limits.pruned)
        let removed = try await use { [database] in try await database.prune(sentBefore: age, limit: limit) }
        nextPrune = .now + (removed == limit ? limits.pruneStep : limits.pruneInterval)
    }
}
