internal import Fleet

/// A planned window in words. It has a number of its own, beside those of outages, and so is always called a window.
enum WindowText {
    /// `window 2: 2026-03-10T22:00:00Z to 2026-03-11T01:00:00Z, by anna@console-2: The ERP is upgraded.`
    static func line(_ window: MaintenanceWindow) -> String {
        "window \(window.number): \(span(window)), by \(window.plannedBy): \(window.reason)"
    }

    static func span(_ window: MaintenanceWindow) -> String {
        "\(OutageReport.time(window.startsAt)) to \(OutageReport.time(window.endsAt))"
    }

    /// Where it is, seen from now.
    static func state(_ window: MaintenanceWindow, now: Int64) -> String {
        if window.cancelledAt != nil { return "cancelled" }
        if now < window.startsAt { return "in \(Age.text(microseconds: window.startsAt &- now))" }
        return now < window.endsAt ? "running, \(Age.text(microseconds: window.endsAt &- now)) left" : "over"
    }
}

// MARK: - What was done, and what will happen

extension WindowText {
    static func planned(_ window: MaintenanceWindow, now: Int64) -> String {
        let span = Age.text(microseconds: window.endsAt &- window.startsAt)
        let start = now < window.startsAt ? "In \(Age.text(microseconds: window.startsAt &- now))" : "From now on"
        return "Window \(window.number): an outage of \(InertText.line(window.destination)) is planned, "
            + "\(self.span(window)), which is \(span).\n"
            + "\(start) the fleet calls nothing there, what comes in waits, and nobody is alarmed. At the end one "
            + "worker asks whether it is back, and the fleet goes on. Nothing is lost meanwhile.\n"
            + "`stevedore outages plan --cancel \(window.number)` calls window \(window.number) off.\n"
    }

    /// Of those that run, and of which no worker has made an outage: the rest of a sentence.
    static func unmet(_ windows: [MaintenanceWindow]) -> String {
        windows.map { window in
            InertText.line(
                "window \(window.number), a planned outage of \(window.destination), runs now (\(span(window)), by "
                    + "\(window.plannedBy): \(window.reason)), and no worker has paused for it yet")
        }.joined(separator: "; ")
    }

    static func callingOff(_ windows: [MaintenanceWindow]) -> String {
        windows.map { "`stevedore outages plan --cancel \($0.number)` calls window \($0.number) off." }
            .joined(separator: " ")
    }

    static func cancelled(_ window: MaintenanceWindow, now: Int64) -> String {
        let rest =
            now < window.startsAt
            ? "Nothing will pause for it."
            : "It had begun: one worker finds out at once whether \(InertText.line(window.destination)) is back; if "
                + "none runs, the next one that starts does."
        return "Window \(window.number), a planned outage of \(InertText.line(window.destination)), is called off. "
            + "\(rest)\n"
    }
}
