internal import Models

/// A time in which a called system is to be away, as a person has planned it: the fleet pauses as in an outage, asks nothing
/// before its end, and raises no alarm.
package struct MaintenanceWindow: Hashable, Sendable {
    /// Its place among all windows.
    package var number: Int64
    /// What is to be away; see ``covers(_:)``.
    package var destination: String
    /// In microseconds since 1970, as all times here.
    package var startsAt: Int64
    /// The first moment that does not belong to it any more.
    package var endsAt: Int64
    /// Why, in a person's words.
    package var reason: String
    package var plannedBy: String
    package var plannedAt: Int64
    /// When it was called off, before or in its time; nil when it was not.
    package var cancelledAt: Int64?

    /// The number is given when it is planned (``LedgerTransaction/plan(_:)``).
    package init(
        number: Int64 = 0, destination: String, startsAt: Int64, endsAt: Int64, reason: String, plannedBy: String,
        plannedAt: Int64, cancelledAt: Int64? = nil
    ) {
        self.number = number
        self.destination = destination
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.reason = reason
        self.plannedBy = plannedBy
        self.plannedAt = plannedAt
        self.cancelledAt = cancelledAt
    }

    /// Whether it is meant for that destination: a window for `erp` covers `erp` and all whose names begin with `erp.`.
    package func covers(_ destination: String) -> Bool {
        destination == self.destination || destination.hasPrefix("\(self.destination).")
    }

    /// Whether it lasts at that time.
    package func stands(at now: Int64) -> Bool { cancelledAt == nil && startsAt <= now && now < endsAt }

    /// When it was over, at its end or before its time.
    package var overAt: Int64 { min(endsAt, cancelledAt ?? endsAt) }

    /// Why nothing is called meanwhile: it keeps to what people have planned, and nobody has to act.
    var failure: Failure {
        let what = InertText.line(FreeText.fitting(reason, in: 500))
        let isWhole = what.last.map { ".!?".contains($0) } ?? true
        return Failure(
            code: Self.code, category: .unavailable,
            sentence: "Maintenance of \(InertText.line(destination)) is planned until \(OutageReport.time(endsAt)) "
                + "(window \(number)): \(what)\(isWhole ? "" : ".")",
            remedy: "Nothing to do: what waits goes on by itself when that time is over. If it is over before, say so "
                + "with `stevedore outages close --because \"…\"`.")
    }

    /// The code of a pause that was planned.
    package static let code = "maintenance.planned"
}
