internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

// Which streams wait, in the ledger, where `status` finds it.
extension FeedPulse {
    /// A stream cannot be read now, and is tried again after `pause`.
    func wait(_ stream: String, _ error: any Error, for pause: Duration, in ledger: Ledger) async {
        failed(stream, error)
        let now = Timestamp.now().microseconds
        let wait = FeedWait(
            stream: stream, since: failures[stream]?.since.microseconds ?? now,
            until: now + Int64(pause / .microseconds(1)), reason: FeedFailure.sentence(error),
            remedy: FeedFailure.remedy(error))
        setUnhindered(stream, false)
        do {
            try await ledger.write { try $0.noteWait(wait) }
        } catch {
            // A ledger that cannot be written is what the stream waits for itself before long, and health says so now.
            logger.debug("wait not written", metadata: ["stream": "\(stream)", "reason": "\(error)"])
        }
    }

    /// The ERP is away, as all know: the stream is tried again as soon as it is not. Written down now and then, for a
    /// look at the ledger is no try.
    func sitOut(_ stream: String, _ outage: StandingOutage, in ledger: Ledger) async {
        guard mustSay(stream, outage.failure, every: Self.renewal) else { return }
        await wait(stream, outage.failure, for: Self.renewal, in: ledger)
    }

    /// As rarely as an ERP that is away is asked.
    private static let renewal = Duration.seconds(15)

    /// A stream is read.
    func goOn(_ stream: String, in ledger: Ledger) async throws {
        guard !isUnhindered(stream) else { return }
        try await ledger.write { try $0.endWait(of: stream) }
        setUnhindered(stream, true)
    }
}

/// What stands in the way of a stream.
enum FeedFailure {
    static func sentence(_ error: any Error) -> String {
        switch error {
        case let error as ERPError: error.sentence
        case let failure as Failure: failure.sentence
        case let error as UnconfirmedPage: "The broker does not confirm what was read: \(error.reason)"
        default: "\(error)"
        }
    }

    /// What to do about it; the ERP's own remedies speak of orders where nothing else is to be done.
    static func remedy(_ error: any Error) -> String {
        if let failure = error as? Failure { return failure.remedy }
        return switch error as? ERPError {
        case .unavailable(_, .outage)?, .outcomeUnknown(_, .outage)?:
            "Nothing is lost: it is read on when the ERP answers again. Check the ERP if it stays away."
        case .slowDown?: "Nothing to do: it is read on when that time is over."
        case let error?: error.remedy
        case nil: "Nothing to do: it is tried again by itself."
        }
    }
}

/// What was read is not safe with the broker yet.
struct UnconfirmedPage: Error {
    var reason: String
}
