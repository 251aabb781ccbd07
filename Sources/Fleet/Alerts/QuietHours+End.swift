extension QuietHours {
    private static let minutesOfDay = 1_440

    /// Whether a time on the clock, in minutes after midnight, lies in it.
    package func contains(minute: Int) -> Bool {
        from < until ? minute >= from && minute < until : minute >= from || minute < until
    }

    /// When the hours end that the moment lies in; nil when it lies outside. Both in microseconds since 1970.
    ///
    /// The end is the first minute at which the clock on the wall shows a time outside: where the clock jumps over the
    /// end in spring that is the jump, and where it shows the hours once more in autumn they last so much longer.
    package func end(of moment: Int64, clock: WallClock = .machine) -> Int64? {
        let seconds = moment / 1_000_000
        let minute = clock.minute(at: seconds)
        guard contains(minute: minute) else { return nil }
        let start = seconds - ((seconds % 60) + 60) % 60
        let left = (until - minute + Self.minutesOfDay) % Self.minutesOfDay
        let direct = start + Int64(left) * 60
        let end = clock.isSteady(start, direct) ? direct : walked(from: start, clock)
        return end * 1_000_000
    }

    /// Minute by minute: at most two days of them, which no change of a clock outlasts.
    private func walked(from start: Int64, _ clock: WallClock) -> Int64 {
        let steps = 1...Int64(2 * Self.minutesOfDay)
        let minutes = steps.lazy.map { start + $0 * 60 }
        return minutes.first { !contains(minute: clock.minute(at: $0)) } ?? start
    }

    /// `22:00-07:00`.
    package var text: String { Self.clock(from) + "-" + Self.clock(until) }

    /// `22:00`.
    package static func clock(_ minute: Int) -> String {
        let (hours, minutes) = (minute / 60, minute % 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(minutes < 10 ? "0" : "")\(minutes)"
    }

    /// Reads `22:00-07:00`; nil for anything else, and for hours that begin when they end.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = Self.minute(parts[0]), let until = Self.minute(parts[1]), from != until
        else { return nil }
        self.init(from: from, until: until)
    }

    private static func minute(_ text: Substring) -> Int? {
        let words = text.split(separator: " ")
        guard words.count == 1 else { return nil }
        let parts = words[0].split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
        else { return nil }
        return hours * 60 + minutes
    }
}
