internal import Ledger

extension LedgerTransaction {
    /// Gives a claim back under which nobody was called, of a subject of which the other system had certainly not heard
    /// before: that stays certain (``SubjectState/isWithheld``). Of one that nobody had ever claimed no trace is left.
    ///
    /// Where the claim was taken over, or a claim before it never ended, its worker may have called: then nothing is
    /// certain, and the claim is given back like any other.
    func releaseUncalled(_ key: ClaimKey, fence: Int64) throws(LedgerError) {
        try execute(
            """
            DELETE FROM subject_state
            WHERE family = ? AND subject = ? AND fence = ? AND revision = 0 AND reference IS NULL AND uncertain = 0
            """, .text(key.family), .text(key.subject), .integer(fence))
        try execute(
            """
            UPDATE subject_state SET state = ?
            WHERE family = ? AND subject = ? AND fence = ? AND reference IS NULL AND uncertain = 0
            """, .text(SubjectState.withheld), .text(key.family), .text(key.subject), .integer(fence))
        try release(family: key.family, subject: key.subject, fence: fence)
    }
}
