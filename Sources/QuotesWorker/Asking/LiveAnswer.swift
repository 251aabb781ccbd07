internal import Models

/// What came of asking the ERP itself.
enum LiveAnswer: Hashable, Sendable {
    /// Why there is nothing from it.
    enum Silence: String, Hashable, Sendable, CaseIterable {
        /// Nothing had to be asked.
        case unasked
        /// It is known to be away.
        case outage
        /// It has not answered in time.
        case late
        /// So many others ask it that there was no turn in time.
        case busy
        /// It could not be reached, or its answer makes no sense.
        case failed
    }

    /// Figures, and refusals. Lines have their places in the question as ids, counted from 1.
    case figures(QuoteAnswer)
    /// It does not take the question as it stands.
    case refused(code: String, text: String)
    case silence(Silence)
}
