import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Storefront
import Testing

@testable import DeadLetter

/// What would come of a letter, by what the ledger and the store's tables know.
@Suite("Judging letters")
struct LetterJudgeTests {
    @Test("a letter of which nothing is known would apply; without a ledger only the contract speaks")
    func fresh() async throws {
        let letter = try Self.order("SO-1")
        #expect(try LetterJudge().verdict(letter, nil) == .willApply)
        #expect(try await verdict(letter) == .willApply)
        let broken = Letters.make(body: #"{"data":{}}"#)
        let verdict = try LetterJudge().verdict(broken, nil)
        #expect(verdict.kind == .stillInvalid && !verdict.reason.isEmpty)
    }

    @Test("what has arrived is applied or superseded, and with other content it is invalid")
    func applied() async throws {
        let letter = try Self.order("SO-1", revision: 2)
        let content = try #require(letter.content)
        let key = FleetTopology.claimKey(of: content, in: "orders.to-erp")
        let cases: [(revision: Int64, hash: ContentDigest, verdict: LetterVerdict)] = [
            (2, key.hash, .alreadyApplied), (3, key.hash, .superseded(by: 3)), (1, key.hash, .willApply),
            (
                2, ContentDigest(high: 1, low: 2),
                .stillInvalid("Revision 2 has arrived with other content.")
            ),
        ]
        for one in cases {
            var applied = key
            (applied.revision, applied.hash) = (one.revision, one.hash)
            let found = try await verdict(letter) { [applied] in try Self.apply(applied, $0) }
            #expect(found == one.verdict)
        }
    }

    @Test("of a revision below a reopened one nobody knows the content, so that a letter of it is overtaken")
    func reopened() async throws {
        let letter = try Self.order("SO-1", revision: 1)
        var key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
        key.revision = 2
        let found = try await verdict(letter) { [key] transaction in
            try Self.apply(key, transaction)
            _ = try transaction.reopen(family: key.family, subject: key.subject, revision: 2, now: 2)
        }
        #expect(found == .superseded(by: 1))
    }

    @Test("what is restated is written once more where it has been applied")
    func restated() async throws {
        let body = String(decoding: try Letters.order("SO-1", id: "m-1"), as: UTF8.self)
        let letter = Letters.make(body: body, headers: ["stevedore-restated": "true"])
        let key = FleetTopology.claimKey(of: try #require(letter.content), in: letter.flow)
        let found = try await verdict(letter) { try Self.apply(key, $0) }
        #expect(found == .willApply)
        #expect(WatchedLetter(letter).claim == nil)
    }

    @Test("a flow that only looks on counts for itself")
    func observer() async throws {
        let content = try #require(try Self.order("SO-1").content)
        let (erp, taken) = ("orders.to-erp", "orders.taken")
        let (mine, theirs) = (
            FleetTopology.claimKey(of: content, in: erp), FleetTopology.claimKey(of: content, in: taken)
        )
        #expect(mine.family == "order" && theirs.family != mine.family)
        let letter = try Self.order("SO-1", flow: taken)
        let ofOthers = try await verdict(letter) { try Self.apply(mine, $0) }
        let ofItsOwn = try await verdict(letter) { try Self.apply(theirs, $0) }
        #expect(ofOthers == .willApply && ofItsOwn == .alreadyApplied)
    }

    @Test("a shipment waits for its order, and an order for the products that the ERP tells of")
    func dependencies() async throws {
        let shipment = try Self.example(Catalogue.shipment, "tracking.to-store")
        let missing = try await verdict(shipment)
        #expect(missing.kind == .dependencyMissing && missing.reason.contains("The store knows no order"))
        let order = try Self.order("SO-1")
        let early = try await verdict(order) { try Self.tell("X-1", $0) }
        #expect(early.kind == .dependencyMissing)
        let skus = try #require(order.content?.payload as? Order).lines.map(\.sku)
        let late = try await verdict(order) { for sku in skus { try Self.tell(sku, $0) } }
        #expect(late == .willApply)
        let elsewhere = try Self.order("SO-1", code: "customer.closed")
        let other = try await verdict(elsewhere) { try Self.tell("X-1", $0) }
        #expect(other == .willApply)
    }

    // MARK: - Helpers

    private static func order(
        _ number: String, revision: Int64 = 1, flow: String = "orders.to-erp", code: String = "sku.unknown"
    ) throws -> Letter {
        let body = try Letters.order(number, revision: revision, id: "m-\(number)")
        return Letters.make(code: code, flow: flow, body: String(decoding: body, as: UTF8.self))
    }

    private static func example(_ type: MessageType, _ flow: String) throws -> Letter {
        Letters.make(flow: flow, body: try #require(Catalogue.examples(for: type).first).text)
    }

    private static func apply(_ key: ClaimKey, _ transaction: LedgerTransaction) throws {
        _ = try transaction.claimAndComplete(key, holder: "w", now: 1)
    }

    private static func tell(_ sku: String, _ transaction: LedgerTransaction) throws {
        let product = Product(sku: sku, revision: 1, name: sku, unit: .one, isActive: true)
        try DatabaseStorefront().show(product, at: .epoch, in: transaction)
    }

    private func verdict(
        _ letter: Letter, after prepare: @escaping @Sendable (LedgerTransaction) throws -> Void = { _ in }
    ) async throws -> LetterVerdict {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await ledger.write(prepare)
            let verdict = try await ledger.read { try LetterJudge().verdict(letter, $0) }
            await ledger.close()
            return verdict
        }
    }
}
