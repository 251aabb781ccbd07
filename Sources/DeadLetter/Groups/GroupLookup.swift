internal import Fleet
internal import Ledger

/// What a fingerprint, or its beginning, leads to.
enum GroupLookup<Value: Sendable>: Sendable {
    case unknown
    case one(Value)
    case several([String])

    /// What `body` makes of the one fingerprint that begins so.
    static func find(
        _ prefix: String, in snapshot: LedgerSnapshot, _ body: (String) throws -> Value
    ) throws -> GroupLookup {
        let found = try snapshot.deadLetterFingerprints(beginning: prefix, limit: 6)
        guard let first = found.first else { return .unknown }
        guard found.count == 1 else { return .several(found) }
        return .one(try body(first))
    }

    /// The one; else an error that says why there is none.
    func value(of asked: String) throws(ProgramError) -> Value {
        let asked = InertText.line(asked)
        switch self {
        case .one(let value): return value
        case .unknown:
            throw ProgramError(
                code: "dead-letter.no-group", sentence: "No dead letter has the fingerprint \(asked).",
                remedy: "`dead-letter groups` lists them, with `--state all` also those that are done with.",
                exit: .failure)
        case .several(let found):
            let names = found.prefix(5).map(InertText.line).joined(separator: ", ")
            throw ProgramError(
                code: "dead-letter.ambiguous-group",
                sentence: "More than one fingerprint begins with \(asked): \(names)\(found.count > 5 ? " …" : "").",
                remedy: "Give more of the one that you mean.", exit: .failure)
        }
    }
}

extension ProgramError {
    /// Only the ledger knows what people say of groups.
    static func noLedgerOfGroups(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger",
            sentence: "There is no ledger at \(path), which alone keeps what people say of groups.",
            remedy: "Run this where the workers run, or set ledger.path. `dead-letter groups` works without one.",
            exit: .configuration)
    }
}
