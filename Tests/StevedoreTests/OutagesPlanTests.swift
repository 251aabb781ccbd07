import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("stevedore outages plan and close")
struct OutagesPlanTests {
    private static func refusal(_ from: String, _ until: String, _ desk: OutagesDesk) async -> ProgramError? {
        await #expect(throws: ProgramError.self) { try await desk.plan(from, until) }
    }

    @Test("a window is planned, and it is written down who did it and why")
    func planned() async throws {
        try await OutagesDesk.with { desk in
            let window = try await desk.plan("22:00:00", "23:30:00")
            #expect(window.number == 1 && window.destination == "erp" && window.plannedBy == "anna@console-2")
            let kept = try await desk.ledger.read { try $0.maintenanceWindows(limit: 10) }
            #expect(kept == [window])
            #expect(try await desk.actions() == ["plan-outage anna@console-2: The ERP is upgraded."])
            let text = WindowText.planned(window, now: try OutagesDesk.now())
            #expect(text.contains("2026-03-10T22:00:00Z to 2026-03-10T23:30:00Z, which is 1h 30m"))
            #expect(text.contains("In 10h the fleet calls nothing there"))
        }
    }

    @Test("what is over, ends before it starts, or lasts too long is refused in a sentence of its own")
    func refused() async throws {
        try await OutagesDesk.with { desk in
            #expect(await Self.refusal("08:00:00", "09:00:00", desk)?.sentence.contains("ends in the past") == true)
            #expect(await Self.refusal("22:00:00", "21:00:00", desk)?.sentence.contains("before it starts") == true)
            #expect(await Self.refusal("22:00:00", "22:00:00", desk)?.exit == .usage)
            var draft = WindowDraft(
                destination: "erp", from: try OutagesDesk.at("22:00:00"), until: 0, reason: "r", by: "b",
                now: try OutagesDesk.now())
            draft.until = draft.from + WindowDraft.longest
            #expect(throws: Never.self) { try draft.check() }
            draft.until += 1
            #expect(throws: ProgramError.self) { try draft.check() }
            (draft.from, draft.until) = (.min, .max)
            #expect(throws: ProgramError.self) { try draft.check() }
            let kept = try await desk.ledger.read { try $0.maintenanceWindows(limit: 10) }
            #expect(kept.isEmpty)
        }
    }

    @Test("two windows of one destination do not meet, be it by a part of its name; side by side they may lie")
    func overlap() async throws {
        try await OutagesDesk.with { desk in
            try await desk.plan("20:00:00", "21:00:00")
            let same = await Self.refusal("20:30:00", "20:40:00", desk)
            #expect(same?.code == "outages.overlap" && same?.exit == .failure)
            #expect(same?.remedy.contains("plan --cancel 1") == true)
            await #expect(throws: ProgramError.self) {
                try await desk.plan("20:30:00", "22:00:00", of: "erp.changes")
            }
            try await desk.plan("21:00:00", "22:00:00")
            try await desk.plan("20:30:00", "22:00:00", of: "mail")
            let kept = try await desk.ledger.read { try $0.maintenanceWindows(limit: 10) }
            #expect(kept.count == 3)
        }
    }

    @Test("a window is called off once, and its time is free again")
    func cancelled() async throws {
        try await OutagesDesk.with { desk in
            try await desk.plan("20:00:00", "21:00:00")
            let now = try OutagesDesk.now()
            _ = try await desk.ledger.write { try $0.callOff(1, by: "ben", because: "not now", at: now) }
            #expect(try await desk.actions().first == "cancel-outage ben: not now")
            let again = await desk.code { _ = try $0.callOff(1, by: "ben", because: "not now", at: now) }
            let unknown = await desk.code { _ = try $0.callOff(7, by: "ben", because: "not now", at: now) }
            #expect(again == "outages.window-over" && unknown == "outages.unknown-window")
            try await desk.plan("20:00:00", "21:00:00")
        }
    }

    @Test(
        "wrong usage is exit code 64, and says what is missing",
        arguments: [
            ["plan"], ["plan", "--from", "now", "--because", "x"], ["plan", "--from", "now", "--for", "1h"],
            ["plan", "--from", "now", "--for", "1h", "--until", "22:00", "--because", "x"],
            ["plan", "--from", "later", "--for", "1h", "--because", "x"],
            ["plan", "--from", "now", "--for", "1h", "--because", " "],
            ["plan", "--from", "now", "--for", "1h", "--because", "x", "--destination", "moon"],
            ["plan", "--cancel", "1", "--from", "now"], ["close"], ["close", "0", "--because", "x"],
        ])
    func usage(arguments: [String]) async throws {
        let process = try ChildProcess("stevedore", arguments: ["outages"] + arguments)
        #expect(try await process.waitForExit() == .exited(64), "\(process.errors)")
    }

    @Test("a week that is too long is exit code 64, and a plan that fits is listed by its number")
    func program() async throws {
        try await OutagesDesk.with { desk in
            let long = try await desk.run(["plan", "--from", "now", "--for", "8d", "--because", "x"])
            #expect(long.status == .exited(64) && long.errors.joined().contains("7 days"))
            let plan = try await desk.run(["plan", "--from", "+1h", "--for", "2h", "--because", "upgrade"])
            #expect(plan.status == .exited(0), "\(plan.errors)")
            #expect(plan.output.first?.hasPrefix("Window 1: an outage of erp is planned, ") == true)
            let list = try await desk.run(["list"])
            #expect(list.output.joined().contains("upgrade"))
            let cancel = try await desk.run(["plan", "--cancel", "1"])
            #expect(cancel.status == .exited(0) && cancel.output.joined().contains("called off"))
        }
    }

    @Test("a window is planned before the first worker has run, and a worker finds it")
    func beforeTheFirstStart() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let processes = try (1...2).map { hours in
                try ChildProcess(
                    "stevedore",
                    arguments: ["outages", "plan", "--from", "+\(hours * 3)h", "--for", "2h", "--because", "upgrade"],
                    environment: ["STEVEDORE_LEDGER_PATH": path])
            }
            for process in processes {
                #expect(try await process.waitForExit() == .exited(0), "\(process.errors)")
            }
            let ledger = try Ledger.open(path: path)
            try await FleetTables.migrate(ledger)
            let windows = try await ledger.read { try $0.maintenanceWindows(limit: 10) }
            await ledger.close()
            #expect(windows.map(\.reason) == ["upgrade", "upgrade"])
        }
    }

    @Test(
        "what is typed wrongly is answered with how it is meant",
        arguments: [
            (["--from", "now", "--for", "40"], "40m, 3h, 1h30m, 1d"),
            (["--from", "25:00", "--for", "1h"], "from 0:00 to 23:59 (22:00)"),
            (["--from", "now", "--until", "later"], "2026-03-10T22:00+01:00"),
            (["--from", "now", "--for", "2h", "--until", "22:00"], "give one of the two"),
        ])
    func forms(arguments: [String], form: String) async throws {
        let process = try ChildProcess("stevedore", arguments: ["outages", "plan", "--because", "x"] + arguments)
        #expect(try await process.waitForExit() == .exited(64))
        #expect(process.errors.joined().contains(form), "\(process.errors)")
    }

    @Test("the number of a window given for an outage's, or the other way, is said to be another thing")
    func numbers() async throws {
        try await OutagesDesk.with { desk in
            try await desk.plan("20:00:00", "21:00:00")
            let close = try await desk.run(["close", "1", "--because", "x"])
            #expect(close.status == .exited(1) && close.errors.joined().contains("plan --cancel 1"))
            try await desk.outage(2, from: "01:00:00")
            let cancel = try await desk.run(["plan", "--cancel", "2"])
            #expect(cancel.status == .exited(1) && cancel.errors.joined().contains("outages close 2"))
        }
    }

    // MARK: - Closing

    private static func close(_ number: Int64?, _ desk: OutagesDesk) async throws -> OutageClosing.Target {
        let closing = OutageClosing(
            number: number, by: "ben", reason: "IT says so", now: try OutagesDesk.now())
        return try await desk.ledger.write { try $0.perform(closing) }
    }

    private static func refusal(closing number: Int64?, _ desk: OutagesDesk) async throws -> String? {
        let now = try OutagesDesk.now()
        return await desk.code { transaction in
            _ = try transaction.perform(OutageClosing(number: number, by: "ben", reason: "r", now: now))
        }
    }

    @Test("an outage that is closed is asked about at once, is not over by that, and who said so stays")
    func closed() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, from: "11:00:00")
            try await desk.plan("11:30:00", "18:00:00", now: "11:20:00")
            let now = try OutagesDesk.now()
            _ = try await desk.ledger.write { try $0.meetWindow(of: "erp", at: now) }
            let target = try await Self.close(nil, desk)
            #expect(target.outage.number == 1 && target.window?.number == 1)
            let after = try await desk.ledger.read { try $0.outage(number: 1) }
            #expect(after?.endedAt == nil && after?.nextProbeAt == now && after?.closedBy == "ben")
            let standing = try await desk.ledger.read { try $0.maintenanceWindow(standingFor: "erp", at: now) }
            #expect(standing == nil)
            #expect(try await desk.actions().first == "close-outage ben: IT says so")
        }
    }

    @Test("nothing to close, an unknown one, one that is over, or several are each said")
    func notClosed() async throws {
        try await OutagesDesk.with { desk in
            #expect(try await Self.refusal(closing: nil, desk) == "outages.not-standing")
            try await desk.outage(1, from: "01:00:00", to: "02:00:00")
            #expect(try await Self.refusal(closing: 1, desk) == "outages.not-standing")
            #expect(try await Self.refusal(closing: 9, desk) == "outages.unknown")
            try await desk.outage(2, from: "03:00:00")
            try await desk.outage(3, of: "mail", from: "03:00:00")
            #expect(try await Self.refusal(closing: nil, desk) == "outages.ambiguous")
            #expect(try await Self.refusal(closing: 3, desk) == "ok")
            let run = try await desk.run(["close", "1", "--because", "x"])
            #expect(run.status == .exited(1))
            #expect(run.errors.first == "stevedore: Outage 1 is over since 2026-03-10T02:00:00Z.")
        }
    }

    @Test("what stands in one window is closed together, that of the ERP first")
    func closedTogether() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, of: "erp.changes", from: "11:00:00")
            try await desk.outage(2, from: "11:00:00")
            try await desk.plan("11:30:00", "18:00:00", now: "11:20:00")
            let target = try await Self.close(nil, desk)
            #expect(target.outage.number == 2 && target.others.map(\.number) == [1] && target.window?.number == 1)
            let after = try await desk.ledger.read { try $0.outages(limit: 10) }
            #expect(after.map(\.closedBy) == ["ben", "ben"])
            let text = OutageClosing(by: "ben", reason: "r", now: 0).text(target)
            #expect(text.contains("The same is done for outage 1 (erp.changes)."))
        }
    }

    @Test("without a window it is that of the ERP, if what else stands is a part of it")
    func closedFirst() async throws {
        try await OutagesDesk.with { desk in
            try await desk.outage(1, of: "erp.changes", from: "11:00:00")
            try await desk.outage(2, from: "11:00:00")
            let target = try await Self.close(nil, desk)
            #expect(target.outage.number == 2 && target.others.isEmpty && target.window == nil)
            let after = try await desk.ledger.read { try $0.outage(number: 1) }
            #expect(after?.closedBy == nil)
            try await desk.outage(3, of: "mail", from: "11:00:00")
            #expect(try await Self.refusal(closing: nil, desk) == "outages.ambiguous")
        }
    }

    @Test("a window that no worker has met is named, with how it is called off")
    func unmet() async throws {
        try await OutagesDesk.with { desk in
            let plan = try await desk.run(["plan", "--from", "now", "--for", "1h", "--because", "upgrade"])
            #expect(plan.status == .exited(0), "\(plan.errors)")
            for arguments in [["show"], ["close", "--because", "x"]] {
                let run = try await desk.run(arguments)
                let errors = run.errors.joined(separator: "\n")
                #expect(run.status == .exited(1))
                #expect(errors.contains("window 1, a planned outage of erp, runs now ("), "\(errors)")
                #expect(errors.contains("`stevedore outages plan --cancel 1`"), "\(errors)")
            }
            let cancel = try await desk.run(["plan", "--cancel", "1"])
            #expect(cancel.output.joined().contains("if none runs, the next one that starts does"))
        }
    }

    @Test("the remedy of a planned pause can be typed as it stands")
    func remedy() async throws {
        try await OutagesDesk.with { desk in
            try await desk.plan("11:30:00", "18:00:00", now: "11:20:00")
            let now = try OutagesDesk.now()
            _ = try await desk.ledger.write { try $0.meetWindow(of: "erp", at: now) }
            let outage = try await desk.ledger.read { try $0.outages(limit: 1).first }
            #expect(outage?.remedy.contains("`stevedore outages close --because \"…\"`") == true)
        }
    }
}
