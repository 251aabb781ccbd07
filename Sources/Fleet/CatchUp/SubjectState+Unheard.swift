package import Ledger

extension SubjectState {
    /// The state of an object of which messages have come and been kept from the other system, every one of them.
    package static let withheld = "withheld"

    /// Whether all that has come of the object was withheld, and nobody has it in hand.
    package var isWithheld: Bool {
        state == Self.withheld && reference == nil && leaseHolder == nil && !isUncertain
    }
}

extension SubjectState? {
    /// Whether the other system was certainly never called for the object: nobody has ever claimed it, or whatever has come
    /// of it was withheld. Each call has a claim before it, and a claim leaves its row.
    package var isUnheard: Bool { self?.isWithheld ?? true }
}

extension LedgerTransaction {
    /// From now on the other system may be called for the object, whatever comes of that: see ``SubjectState/isWithheld``.
    func endWithholding(family: String, subject: String) throws(LedgerError) {
        try execute(
            "UPDATE subject_state SET state = NULL WHERE family = ? AND subject = ? AND state = ?", .text(family),
            .text(subject), .text(SubjectState.withheld))
    }
}
