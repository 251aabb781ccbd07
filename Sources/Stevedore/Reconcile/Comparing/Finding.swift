internal import Fleet
internal import Ledger
internal import Storefront

/// An object that is not equal on both sides.
struct Finding: Hashable, Sendable {
    var kind: ShownKind
    var key: ShownKey
    var subject: String
    var what: Drift.Class
    /// Of both sides, as they were seen.
    var digest = ""
    /// Where they differ.
    var differences: [ShownDifference] = []
    /// Only what the store itself has said of its order is missing, or differs: the ERP decides none of it.
    var isOwnPart = false
    /// An erasing has left its mark on what the store shows, and the ERP has what was there.
    var isErased = false
    /// Why that is no drift; nil when it is.
    var excuse: Excuse?
    /// How it is repaired.
    var step: RepairStep?
    /// How far the fleet had come when it was seen to be so.
    var standing: FleetStanding?
    /// What has to be read before it can be judged; nil when it is.
    var look: NextLook?
    /// Whether the run before did not know it; nil where none is remembered.
    var isNew: Bool?

    var isDrift: Bool { excuse == nil }

    /// The class of the report that it belongs to.
    var outcome: Outcome {
        switch excuse {
        case nil: Outcome(what)
        case .onItsWay: .onItsWay
        case .explained: .explained
        }
    }

    /// Why it is no drift, in words.
    var excuseText: String? {
        switch excuse {
        case nil: nil
        case .onItsWay(let text), .explained(let text): text
        }
    }
}

/// What has to be read before an object can be judged.
enum NextLook: Int64, Hashable, Sendable {
    /// What the ERP has changed meanwhile.
    case changes = 1
    /// Everything that it lists.
    case everything = 2
}

/// What a comparison can find of an object.
enum Outcome: String, CaseIterable, Hashable, Sendable {
    case equal
    case missingInStore = "missing-in-store"
    case missingInERP = "missing-in-erp"
    case differing, orphaned
    case onItsWay = "on-its-way"
    case explained

    init(_ what: Drift.Class) {
        switch what {
        case .missingInStore: self = .missingInStore
        case .missingInERP: self = .missingInERP
        case .differing: self = .differing
        case .orphaned: self = .orphaned
        }
    }

    /// For tables.
    var title: String {
        switch self {
        case .equal: "equal"
        case .missingInStore: "missing in store"
        case .missingInERP: "missing in ERP"
        case .differing: "differing"
        case .orphaned: "orphaned"
        case .onItsWay: "on its way"
        case .explained: "explained"
        }
    }

    /// What it means, in business language.
    var meaning: String {
        switch self {
        case .equal: "The store shows what the ERP has."
        case .missingInStore: "The ERP has it, and buyers cannot see it."
        case .missingInERP: "The store took the order, and the ERP does not have it: nobody will deliver it."
        case .differing: "Both have it, and the store shows something else than the ERP says, or less."
        case .orphaned: "The store shows it, and the ERP does not list it any more."
        case .onItsWay: "They differ, and what brings them together is under way. Look again in a minute."
        case .explained:
            "They differ for a known reason, such as a dead letter: a person sees to it first, or nothing is left to "
                + "be done."
        }
    }

    var isDrift: Bool {
        switch self {
        case .missingInStore, .missingInERP, .differing, .orphaned: true
        case .equal, .onItsWay, .explained: false
        }
    }
}
