import Fleet
import Testing

/// A step of the order flow's road at which a worker is killed, and what the kill has to leave behind.
enum CrashStep: String, CaseIterable, CustomTestStringConvertible {
    case beforeDecode = "before-decode"
    case receive = "after-receive"
    case claim = "after-claim"
    case call = "after-call"
    case record = "after-record"
    case outboxConfirm = "after-outbox-confirm"
    case outboxMark = "after-outbox-mark"
    case beforeSettle = "before-settle"
    case settle = "after-settle"
    case retry = "after-retry-confirm"
    case giveBack = "after-give-back"
    case deadLetter = "after-dead-letter-confirm"
    case probation = "during-probation"

    var testDescription: String { rawValue }

    /// The step's own share of the random numbers.
    var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What must happen to the victim's message so that it passes the step.
    enum Trouble {
        case none
        /// Every call fails.
        case failingERP
        /// Another worker holds the order.
        case leased
        /// The message breaks the contract.
        case malformed
        /// It came back to its queue three times.
        case suspect
    }

    var trouble: Trouble {
        switch self {
        case .retry: .failingERP
        case .giveBack: .leased
        case .deadLetter: .malformed
        case .probation: .suspect
        default: .none
        }
    }

    /// Whether no store worker may run before the end: its outbox flusher would compete with the one that is to die.
    var isAboutOutbox: Bool { self == .outboxConfirm || self == .outboxMark }

    /// `STEVEDORE_CRASH_AT` for the worker that this round kills; the victim's first message has its number for an id.
    func plan(_ batch: CrashBatch) -> String { "\(rawValue)=\(batch.victim)" }
}
