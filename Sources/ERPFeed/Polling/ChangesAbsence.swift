internal import ERP
internal import Fleet

/// Asks the ERP what has changed, unless the fleet knows that it is away: then one stream of one process asks, and all
/// go on when it is answered.
struct ChangesAbsence: Sendable {
    let shared: SharedAbsence
    let erp: any ERP

    /// How long a stream waits that was not let through: then the process looks anew what has become of the outage.
    static let pause = SharedAbsence.look

    /// Asks, and takes notice of how that goes.
    /// - Throws: ``StandingOutage`` when the ERP is known to be away, and ``ERPError`` for anything else that it says.
    func ask<Value: Sendable>(_ question: () async throws(ERPError) -> Value) async throws -> Value {
        if case .wait(let failure) = await shared.mayTry() { throw StandingOutage(failure: failure) }
        do throws(ERPError) {
            let value = try await question()
            await shared.answered()
            return value
        } catch {
            throw await noticed(error)
        }
    }

    private func noticed(_ error: ERPError) async -> any Error {
        guard !Task.isCancelled else {
            await shared.gaveUp()
            return error
        }
        // One kind of change that fails while the ERP answers others is that stream's own trouble.
        guard error.isAbsence, await isAway() else {
            await shared.answered()
            return error
        }
        let failure = Failure(
            code: error.code, category: .unavailable, sentence: error.sentence, remedy: FeedFailure.remedy(error))
        // What could not be written down each stream waits for by itself.
        return await shared.failed(failure) ? StandingOutage(failure: failure) : error
    }

    private func isAway() async -> Bool {
        do throws(ERPError) {
            try await erp.ping()
            return false
        } catch {
            return error.isAbsence
        }
    }

    /// For a process that ends.
    func leave() async { await shared.gaveUp() }
}

/// The ERP is away, as all processes know: it is asked again when one of them has been answered.
struct StandingOutage: Error {
    var failure: Failure
}

extension ERPError {
    /// Whether the ERP is away, or does not let itself be asked at all; one that asks for time, for less at once or for
    /// something else has answered.
    fileprivate var isAbsence: Bool {
        switch self {
        case .unavailable(_, .length), .outcomeUnknown(_, .length): false
        case .unavailable, .outcomeUnknown: true
        case .slowDown, .rejected, .declined, .tooLate: false
        }
    }
}
