import ERP
import Ledger
import Models
import Testing

@testable import Fleet
@testable import OrdersWorker

/// In which order the messages of one order come to the two flows, what else happens, and what must come of it.
///
/// A step is a letter and a message, as `t2x`: `t` taken, `b` brought to the ERP by a worker, `r` the same delivered again,
/// `k` a worker died with it in hand, `h` another worker has it in hand, `z` a person has set its letter aside; `f` has the
/// ERP's next call fail, `s` has it refused for lack of room.
struct CatchUpStory: CustomTestStringConvertible, Sendable {
    var name: String
    var steps: String
    /// What the ERP is asked.
    var calls: [String]
    /// The order in the ledger: its state and its revision.
    var state: String
    /// What the store is told: a state and the revision that it answers.
    var told: [String]
    /// The newest revision that is still noted.
    var left: Int64?

    var testDescription: String { name }

    func play(_ desk: CatchUpDesk) async throws {
        for step in steps.split(separator: " ") { try await play(step, desk) }
    }

    private func play(_ step: Substring, _ desk: CatchUpDesk) async throws {
        let draft = Self.draft(step.dropFirst())
        guard let kind = step.first else { return }
        switch kind {
        case "t": try await desk.take(draft)
        case "b": _ = try await desk.bring(draft)
        case "r": _ = try await desk.bring(draft, redelivered: true)
        case "k": try await desk.claim(draft, at: Timestamp.now().microseconds - CatchUpDesk.minute)
        case "h": try await desk.claim(draft, at: Timestamp.now().microseconds)
        case "z": try await desk.discard(draft)
        case "f": desk.erp.fail(.unavailable("The ERP is down."))
        case "s": desk.erp.fail(.slowDown(retryAfter: nil))
        default: throw UnknownStep(step: String(step))
        }
    }

    private struct UnknownStep: Error { let step: String }

    private static func draft(_ text: Substring) -> CatchUpDesk.Draft {
        CatchUpDesk.Draft(revision: Int64(text.prefix { $0.isNumber }) ?? 1, isCancelled: text.hasSuffix("x"))
    }
}

extension CatchUpStory {
    static let all = plain + collapsed + withheld + uncertain

    private static let plain = [
        CatchUpStory(
            name: "one that nothing has overtaken is sent as ever", steps: "t1 b1", calls: ["submit"],
            state: "accepted 1", told: ["accepted 1"]),
        CatchUpStory(
            name: "a change of an order that the ERP has is a change there", steps: "t1 b1 t2 b2",
            calls: ["submit", "amend"], state: "accepted 2", told: ["accepted 1", "accepted 2"]),
        CatchUpStory(
            name: "a cancellation of an order that the ERP has goes there", steps: "t1 b1 t2x b2x",
            calls: ["submit", "cancel"], state: "cancelled 2", told: ["accepted 1", "cancelled 2"]),
        CatchUpStory(
            name: "what is noted after its own flow was quicker is not waited for", steps: "t1 b1 b2x t2x",
            calls: ["submit", "cancel"], state: "cancelled 2", told: ["accepted 1", "cancelled 2"]),
        CatchUpStory(
            name: "what nobody has noted overtakes nothing", steps: "b1 b2x", calls: ["submit", "cancel"],
            state: "cancelled 2", told: ["accepted 1", "cancelled 2"]),
    ]

    private static let collapsed = [
        CatchUpStory(
            name: "an order and three changes are one call with the newest", steps: "t1 t2 t3 t4 b1 b2 b3 b4",
            calls: ["submit"], state: "accepted 4", told: ["accepted 4"]),
        CatchUpStory(
            name: "the same when the newest comes first", steps: "t1 t2 t3 t4 b4 b2 b1 b3", calls: ["submit"],
            state: "accepted 4", told: ["accepted 4"]),
        CatchUpStory(
            name: "the same when each is delivered twice", steps: "t1 t2 t3 b1 r1 b2 r2 b3 r3", calls: ["submit"],
            state: "accepted 3", told: ["accepted 3"]),
        CatchUpStory(
            name: "two changes of an order that the ERP has are one", steps: "t1 b1 t2 t3 b2 b3",
            calls: ["submit", "amend"], state: "accepted 3", told: ["accepted 1", "accepted 3"]),
        CatchUpStory(
            name: "a newer revision that a person has set aside is nobody's word any more", steps: "t1 t2 z2 b1",
            calls: ["submit"], state: "accepted 1", told: ["accepted 1"], left: 2),
        CatchUpStory(
            name: "nor does a cancellation that a person has set aside keep the order from the ERP",
            steps: "t1 t2x z2x b1", calls: ["submit"], state: "accepted 1", told: ["accepted 1"], left: 2),
    ]

    private static let withheld = [
        CatchUpStory(
            name: "an order and its cancellation are no call", steps: "t1 t2x b1 b2x", calls: [],
            state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "the same when a worker has the cancellation first", steps: "t1 t2x b2x b1", calls: [],
            state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "the same after a change", steps: "t1 t2 t3x b1 b2 b3x", calls: [], state: "cancelled 3",
            told: ["cancelled 3"]),
        CatchUpStory(
            name: "the same when workers are killed before they acknowledge", steps: "t1 t2x b1 r1 b2x r2x r1",
            calls: [], state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "until its cancellation comes, the order is withheld", steps: "t1 t2x b1", calls: [],
            state: "withheld 1", told: [], left: 2),
        CatchUpStory(
            name: "an order that is wanted again before anything was sent is sent", steps: "t1 t2x b1 t3 b2x b3",
            calls: ["submit"], state: "accepted 3", told: ["accepted 3"]),
        CatchUpStory(
            name: "an order that is wanted again afterwards is sent", steps: "t1 t2x b1 b2x t3 b3",
            calls: ["submit"], state: "accepted 3", told: ["cancelled 2", "accepted 3"]),
    ]

    private static let uncertain = [
        CatchUpStory(
            name: "a cancellation that is all that was seen of an order goes to the ERP", steps: "t2x b2x",
            calls: ["cancel"], state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "so does one of an order whose beginning was not seen", steps: "t2 t3x b2 b3x", calls: ["cancel"],
            state: "cancelled 3", told: ["cancelled 3"]),
        CatchUpStory(
            name: "so does one of an order with which a worker died", steps: "t1 k1 t2x r1 b2x",
            calls: ["find", "cancel"], state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "so does one of an order whose call nobody has heard the answer of", steps: "t1 f b1 t2x r1 b2x",
            calls: ["submit", "find", "cancel"], state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "so does one of an order that was refused for lack of room: whoever refused it may not be the ERP",
            steps: "t1 s b1 t2x b1 b2x", calls: ["submit", "cancel"], state: "cancelled 2", told: ["cancelled 2"]),
        CatchUpStory(
            name: "so does one of an order that was withheld, and called for since",
            steps: "t1 t2x b1 t3 s b3 t4x b3 b2x b4x",
            calls: ["submit", "cancel"], state: "cancelled 4", told: ["cancelled 4"]),
        CatchUpStory(
            name: "one of an order that another worker has in hand waits for that", steps: "t1 h1 t2x b2x b1",
            calls: [], state: "- 0", told: [], left: 2),
    ]
}
