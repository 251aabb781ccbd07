internal import ERP
internal import Fleet
internal import Models

/// Reads all that the ERP has of a kind, or what has changed since, page by page.
struct ERPListing: Sendable {
    let erp: any ERP
    let interruption: Interruption
    private static let pageSize = 500
    private static let mostTries = 4

    /// Hands over every page with the time before it was read. Returns where the next read goes on.
    /// - Throws: ``ERPError`` when the ERP stays away; ``Interrupted``; what `body` throws.
    func read(
        _ stream: ReconcileStream, since start: String?, _ body: (ERPChanges, Timestamp) async throws -> Void
    ) async throws -> String? {
        var (cursor, size) = (start, Self.pageSize)
        while true {
            try interruption.check()
            let now = Timestamp.now()
            let page = try await page(stream, cursor, &size)
            try await body(page, now)
            let isStuck = page.hasMore && page.cursor == cursor
            guard !isStuck else {
                throw ERPError.unavailable("The ERP says that \(stream) has more, and does not say where.", .answer)
            }
            cursor = page.cursor
            guard page.hasMore else { return cursor }
        }
    }

    private func page(
        _ stream: ReconcileStream, _ cursor: String?, _ size: inout Int
    ) async throws -> ERPChanges {
        var tries = 0
        while true {
            do throws(ERPError) {
                return try await erp.changes(
                    of: stream.kind.changes, in: stream.warehouse, since: cursor, limit: size)
            } catch {
                if case .unavailable(_, .length) = error, size > 1 {
                    size = max(1, size / 2)
                    continue
                }
                tries += 1
                guard let pause = Self.pause(after: error, tries: tries) else { throw error }
                try await interruption.sleep(for: pause)
            }
        }
    }

    /// Nil when another try is no use.
    static func pause(after error: ERPError, tries: Int) -> Duration? {
        switch error {
        case .slowDown(let asked): tries <= 60 ? min(asked ?? .seconds(1), .seconds(60)) : nil
        case .unavailable(_, .outage) where tries < mostTries: .seconds(1 << (tries - 1))
        default: nil
        }
    }
}

/// Somebody asked for the end.
struct Interrupted: Error {}

extension Interruption {
    /// - Throws: ``Interrupted``.
    func check() throws {
        if isRequested { throw Interrupted() }
    }

    /// Waits, but not beyond an interruption.
    func sleep(for duration: Duration) async throws {
        let end = ContinuousClock.now + duration
        while ContinuousClock.now < end {
            try check()
            try await Task.sleep(until: min(end, .now + .milliseconds(100)))
        }
    }
}
