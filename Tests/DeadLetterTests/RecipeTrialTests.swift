import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

/// What a patch makes of many letters, before anything moves.
@Suite("Trying a recipe")
struct RecipeTrialTests {
    private static let order = ReplayOrder(by: "anna", reason: "unit as agreed")
    /// Fits the order SO-1 alone.
    private static let some = #"""
        [{"op":"test","path":"/data/number","value":"SO-1"},
         {"op":"replace","path":"/data/lines/0/sku","value":"X-9"}]
        """#

    private static func trial(_ patch: String, isPartial: Bool = false) throws -> RecipeTrial {
        RecipeTrial(try recipe(patch, isPartial: isPartial), order)
    }

    private static func recipe(_ patch: String, isPartial: Bool = false) throws -> AppliedRecipe {
        AppliedRecipe(patch: try JSONPatch(parsing: Array(patch.utf8)), name: "x", isPartial: isPartial)
    }

    private static func replace(_ path: String, _ value: String) -> String {
        #"[{"op":"replace","path":"\#(path)","value":"\#(value)"}]"#
    }

    private static func letter(_ number: String) throws -> Letter {
        Letters.make(id: number, body: String(decoding: try Letters.order(number, id: "m-\(number)"), as: UTF8.self))
    }

    /// Why it does not fit; nil when it does.
    private static func misfit(_ letter: Letter, _ patch: String) throws -> String? {
        guard case .misfit(let reason) = try trial(patch).outcome(of: letter, nil) else { return nil }
        return reason
    }

    @Test("makes a corrected message, and judges that and not the letter")
    func fits() throws {
        let broken = Letters.make(
            body: String(decoding: try Letters.order("SO-1", id: "m-1"), as: UTF8.self)
                .replacing("\"C62\"", with: "\"pieces\""))
        #expect(broken.content == nil)
        let outcome = try Self.trial(Self.replace("/data/lines/0/unit", "C62")).outcome(of: broken, nil)
        guard case .judged(let verdict, let message) = outcome else {
            Issue.record("it does not fit")
            return
        }
        #expect(verdict == .willApply)
        #expect(message?.changes.map(\.pointer) == ["/data/lines/0/unit"])
    }

    @Test("does not fit what it does not apply to, does not change, or would break")
    func misfits() throws {
        let letter = try Self.letter("SO-2")
        let unapplied = try #require(try Self.misfit(letter, Self.some))
        #expect(unapplied.hasPrefix("Operation 1 (test \"/data/number\") does not apply"))
        let unchanged = try Self.misfit(letter, Self.replace("/data/lines/0/sku", "BOLT-M8-40"))
        #expect(unchanged == "The patch changes nothing in it.")
        let breaking = try #require(try Self.misfit(letter, Self.replace("/data/lines/0/unit", "metres")))
        #expect(breaking.hasPrefix("The corrected message would be refused"))
        let other = try #require(try Self.misfit(letter, Self.replace("/subject", "SO-3")))
        #expect(other.contains("subject"))
    }

    @Test("leaves alone what has arrived, whether the patch fits or not")
    func applied() async throws {
        try await TemporaryDirectory.with { folder in
            let ledger = try Ledger.open(path: folder.file("ledger.db"))
            let letter = try Self.letter("SO-2")
            let key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            try await ledger.write { _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
            let trial = try Self.trial(Self.some)
            let outcome = try await ledger.read { try trial.outcome(of: letter, $0) }
            guard case .judged(.alreadyApplied, nil) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            await ledger.close()
        }
    }

    @Test("what the object says already in other words is still invalid")
    func conflict() async throws {
        try await TemporaryDirectory.with { folder in
            let ledger = try Ledger.open(path: folder.file("ledger.db"))
            let letter = try Self.letter("SO-1")
            var key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
            key.hash = ContentDigest(high: 1, low: 2)
            try await ledger.write { [key] in _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
            let trial = try Self.trial(Self.some)
            let outcome = try await ledger.read { try trial.outcome(of: letter, $0) }
            guard case .judged(.stillInvalid, .some) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            await ledger.close()
        }
    }

    @Test("the plan counts what it fits and what not, and says of the first ones why", arguments: [true, false])
    func plan(isPartial: Bool) async throws {
        try await TemporaryDirectory.with { folder in
            let ledger = try Ledger.open(path: folder.file("ledger.db"))
            try await ledger.write { try Self.index(9, $0) }
            let errand = LetterErrand(
                deed: .replay, filter: try Letters.filter(), ids: [], order: Self.order, isDryRun: true, isJSON: true,
                isApproved: true, recipe: try Self.recipe(Self.some, isPartial: isPartial))
            let reader = PlanReader(ledger: ReplayLedger(ledger: ledger), interruption: Interruption())
            let plan = try await reader.read(errand)
            // The last one's body only its queue has.
            #expect(plan.total == 10 && plan.count(.willApply) == 1)
            #expect(plan.findings.misfitCount == 8)
            #expect(plan.findings.misfits.map(\.id) == ["letter-0", "letter-2", "letter-3", "letter-4", "letter-5"])
            let text = plan.text(width: nil)
            for words in ["corrected, sent to the flow", "tried in its turn", "… and 3 more letters"] {
                #expect(text.contains(words), "\(text)")
            }
            #expect(text.contains("nothing moves, unless --partial") == !isPartial, "\(text)")
            let json = plan.json.compact
            #expect(json.contains(#""verdict":"does not fit","letters":8"#), "\(json)")
            await ledger.close()
        }
    }

    @Test("text of letters stays harmless in what is said of them")
    func inert() {
        var findings = RecipeFindings()
        findings.add(RecipeFindings.Misfit(id: "a\u{1B}[2J", subject: "b\n", reason: "c\u{202E}."))
        findings.add(RecipeFindings.Sample(id: "a\u{7}", subject: "", changes: []))
        let text = findings.misfitText + findings.sampleText + ProgramError.misfits(findings).description
        let controls = text.unicodeScalars.filter { $0 != "\n" && $0.value < 0x20 || $0.value == 0x202E }
        #expect(controls.isEmpty, "\(text)")
    }

    /// Some letters with kept bodies, and one without.
    private static func index(_ count: Int, _ transaction: LedgerTransaction) throws {
        for number in 0...count {
            let id = "letter-\(number)"
            var record = DeadLetterRecord(
                id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                subject: "SO-\(number)", revision: 1, code: "rejected.unknown-sku", category: "rejected",
                sentence: "No.", fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1)
            if number < count {
                let body = try Letters.order("SO-\(number)", id: id)
                record.payload = try transaction.keepBody(
                    body, of: id, MessageProperties(contentType: "application/cloudevents+json"), at: 1)
            }
            try transaction.recordDeadLetter(record)
        }
    }
}
