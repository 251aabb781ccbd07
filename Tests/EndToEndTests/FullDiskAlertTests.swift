import FleetTesting
import Testing

/// From the disk to the mailbox, with a real program, a real file system and a real mail server.
@Suite("A disk that runs full reaches a person", .needsBroker, .timeLimit(.minutes(5)))
struct FullDiskAlertTests {
    /// Whoever looks after the machine hears of alerts of this code.
    private static func settings(_ mailbox: Mailbox, _ code: String) -> [String: String] {
        [
            "ALERTS_MAIL_URL": mailbox.url, "ALERTS_MAIL_SECURITY": "none",
            "ALERTS_MAIL_FROM": "Stevedore <stevedore@example.com>", "ALERTS_OUTAGE_AFTER": "1s",
            "ALERTS_RULES": "[{name: machine, when: {code: \(code)}, mail: anna@example.com, digest: 0s}]",
        ]
    }

    /// The text of a mail without its line breaks.
    private static func words(_ mail: ReceivedMail?) -> String {
        (mail?.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(
        "also when it is so full that no alert can be kept; and so does that there is room again",
        .enabled(if: SmallDisk.isPossible, "needs to mount a small disk, which takes root"))
    func full() async throws {
        try await Rig.with { rig in
            try await SmallDisk.with(megabytes: 16) { disk in
                let mailbox = try await Mailbox()
                var settings = Self.settings(mailbox, "ledger.unwritable")
                settings["LEDGER_PATH"] = disk.file("ledger.db")
                let alerts = try rig.start("alerts-worker", settings)
                let health = try await WorkerHealth(of: alerts)
                try await health.waitUntilReady()
                try await disk.fill()
                let raised = try await mailbox.received(atLeast: 1, within: .seconds(90))
                let (subject, text) = (raised.first?.header("Subject") ?? "", Self.words(raised.first))
                #expect(subject.contains("CRITICAL: The ledger cannot be written"), "\(subject)")
                #expect(text.contains("no room left") && text.contains(disk.path), "\(text)")
                #expect(raised.first?.recipients == ["anna@example.com"])
                try await disk.makeRoom()
                let ended = try await mailbox.received(atLeast: 2, within: .seconds(90))
                let end = ended.last?.header("Subject") ?? ""
                #expect(end.contains("Resolved: The ledger can be written again"), "\(end)")
                try await health.waitUntilReady()
                #expect(try mailbox.received().count == 2)
                try await rig.stop(alerts)
            }
        }
    }

    @Test("while there is still room to keep an alert")
    func runningFull() async throws {
        try await Rig.with { rig in
            let mailbox = try await Mailbox()
            var settings = Self.settings(mailbox, "ledger.disk")
            // More than this machine has.
            settings["ALERTS_DISK_FREE"] = "999999TB"
            let alerts = try rig.start("alerts-worker", settings)
            let mails = try await mailbox.received(atLeast: 1, within: .seconds(60))
            let subject = mails.first?.header("Subject") ?? ""
            #expect(subject.contains("CRITICAL: Less than ") && subject.contains("(ledger.disk)"), "\(subject)")
            try await rig.stop(alerts)
        }
    }
}
