/// How far an object has come, as an expectation measures it.
struct Standing: Hashable, Sendable {
    /// Marks up to here have been reached.
    var met: Int64
    /// Marks beyond this are void: what they stood for was taken back.
    var most = Int64.max
    /// Why nothing is expected of it any more.
    var end: String?
    /// What is claimed of it now and not reached, which an expectation may wait for.
    var claimed: Int64?
}

/// What becomes of something that is expected.
enum ExpectationVerdict: Hashable, Sendable {
    case met
    case dropped(String)
    /// Its time does not run, and begins anew afterwards.
    case suspended
}

extension Standing {
    /// Nil while it has not been reached, and still has to be.
    func verdict(on mark: Int64) -> ExpectationVerdict? {
        if mark <= met { return .met }
        if let end { return .dropped(end) }
        return mark > most ? .dropped("what was said to be shipped was taken back") : nil
    }
}
