internal import Ledger

/// A look into the ledger of a program that is working.
struct LedgerGlance {
    let path: String

    /// Nil as long as there is no ledger yet.
    func ask<Value: Sendable>(_ question: @escaping @Sendable (LedgerSnapshot) throws -> Value) async -> Value? {
        guard let ledger = try? Ledger.openReadOnly(path: path) else { return nil }
        let answer = try? await ledger.read(question)
        await ledger.close()
        return answer
    }
}
