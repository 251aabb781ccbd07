import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet
@testable import Stevedore

/// The real program on a real broker; `scripts/test` starts one.
@Suite("Erasing on a broker", .needsBroker, .timeLimit(.minutes(3)))
struct EraseBrokerTests {
    /// A virtual host with letters, and a ledger that is empty.
    private struct Scene {
        let host: VirtualHost
        let folder: TemporaryDirectory
        let broker: BrokerConfiguration
        let dead = "orders.to-erp.dead"

        func run(_ arguments: [String]) async throws -> (status: FleetTesting.ExitStatus, output: String) {
            let process = try ChildProcess(
                "stevedore", arguments: ["erase", "--reason", "test"] + arguments,
                environment: ["STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": folder.file("ledger.db")])
            let status = try await process.waitForExit(within: .seconds(60))
            return (status, (process.output + process.errors).joined(separator: "\n"))
        }

        func publish(_ letters: [(id: String, body: [UInt8])]) async throws {
            let publisher = try Publisher(configuration: broker)
            try await publisher.start()
            let outcomes = await publisher.publish(
                letters.map { letter in
                    let isTheirs = String(decoding: letter.body, as: UTF8.self).contains(EraseDesk.canaries[0])
                    return OutgoingMessage(
                        exchange: FleetTopology.deadExchange, routingKey: dead,
                        properties: MessageProperties(
                            contentType: IncomingMessage.structured,
                            headers: [
                                "stevedore-code": "erp.refused", "x-own": .int32(7),
                                "stevedore-sentence": .string(
                                    "The ERP refuses \(isTheirs ? EraseDesk.canaries[0] : "this order")."),
                            ], messageID: letter.id, type: "order.placed.v1"), body: letter.body)
                })
            await publisher.close()
            let areAllConfirmed = outcomes.allSatisfy { $0 == .confirmed }
            #expect(areAllConfirmed)
        }

        /// Everything that lies in the dead-letter queue, in its order; it is taken.
        func letters() async throws -> [Delivery] {
            try await host.waitForDepth(of: dead) { $0.unacknowledged == 0 }
            let admin = try BrokerAdmin(configuration: broker)
            var letters: [Delivery] = []
            while let letter = try await admin.get(queue: dead) { letters.append(letter) }
            try await admin.settle(letters.map { .ack($0.tag) })
            _ = try await admin.get(queue: dead)
            await admin.close()
            return letters
        }
    }

    private func with(_ body: (Scene) async throws -> Void) async throws {
        try await TestBroker.withVirtualHost { host in
            let folder = try TemporaryDirectory()
            let broker = try BrokerConfiguration(urls: [host.url])
            let admin = try BrokerAdmin(configuration: broker)
            try await TopologyDoctor(admin: admin, plan: .fleet()).apply()
            await admin.close()
            let ledger = try Ledger.open(path: folder.file("ledger.db"))
            // Done with, so that none of them is open.
            try await ledger.write { transaction in
                for number in 0..<60 {
                    _ = try transaction.claimAndComplete(
                        WhyDesk.key("order", "W-\(number)", 1), holder: "w", now: 1)
                }
            }
            await ledger.close()
            try await body(Scene(host: host, folder: folder, broker: broker))
        }
    }

    /// Every third letter is of the account that goes.
    private func everybodys() throws -> [(id: String, body: [UInt8])] {
        try (0..<60).map { number in
            let isTheirs = number % 3 == 0
            let order = try EraseDesk.order(
                "W-\(number)", account: isTheirs ? EraseDesk.account : "C-1", isCanary: isTheirs)
            return (id: "m-\(number)", body: EraseDesk.body(order, Catalogue.orderPlaced, id: "m-\(number)"))
        }
    }

    @Test("letters lose the person and nothing else, none is lost, and each kind keeps its order")
    func letters() async throws {
        try await with { scene in
            let before = try everybodys()
            try await scene.publish(before)
            let said = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(said.status == .exited(0), "\(said.output)")
            let after = try await scene.letters()
            let ids = after.map { $0.properties.messageID ?? "" }
            let theirs = before.map(\.id).enumerated().filter { $0.offset % 3 == 0 }.map(\.element)
            let others = before.map(\.id).enumerated().filter { $0.offset % 3 != 0 }.map(\.element)
            #expect(ids == others + theirs)
            let bodies = Dictionary(uniqueKeysWithValues: before.map { ($0.id, $0.body) })
            for letter in after.prefix(others.count) {
                #expect(letter.body.bytes == bodies[letter.properties.messageID ?? ""])
            }
            for letter in after.suffix(theirs.count) { try expectErased(letter) }
        }
    }

    private func expectErased(_ letter: Delivery) throws {
        let text = String(decoding: letter.body.bytes, as: UTF8.self)
        for canary in EraseDesk.canaries { #expect(!text.contains(canary)) }
        let received = try MessageReader().read(letter.body.bytes)
        #expect((received.payload as? Order)?.contact.name == PersonalMark.text)
        let headers = letter.properties.headers
        #expect(headers["x-own"] == .int32(7))
        #expect(headers["stevedore-sentence"]?.text == "The ERP refuses erased.")
        #expect(headers["stevedore-erased"]?.text != nil)
    }

    @Test("without --apply every letter lies as it lay, and a second run finds nothing")
    func dryRun() async throws {
        try await with { scene in
            try await scene.publish(try everybodys())
            let dry = try await scene.run(["--customer", EraseDesk.account])
            #expect(dry.status == .exited(0), "\(dry.output)")
            #expect(dry.output.contains("20 letters in dead-letter queues"), "\(dry.output)")
            let done = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(done.output.contains("20 letters in dead-letter queues"), "\(done.output)")
            let again = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(again.output.contains("Nothing of that person is there"), "\(again.output)")
            let left = try await scene.letters()
            #expect(left.count == 60)
        }
    }

    @Test("killed at any moment, no letter is lost and the same command does the rest", arguments: 0..<5)
    func killed(round: Int) async throws {
        try await with { scene in
            let before = try everybodys()
            try await scene.publish(before)
            let process = try ChildProcess(
                "stevedore", arguments: ["erase", "--reason", "test", "--customer", EraseDesk.account, "--apply"],
                environment: [
                    "STEVEDORE_AMQP_URLS": scene.host.url, "STEVEDORE_LEDGER_PATH": scene.folder.file("ledger.db"),
                ])
            // At another number of copies each time; a run that is faster than that has done its work.
            try await eventually("some copies, or the end") {
                let depth = try await scene.host.depth(of: scene.dead)?.messages ?? 0
                return depth > 60 + round || process.output.contains("Erased:")
            }
            try await process.kill()
            let said = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(said.status == .exited(0), "\(said.output)")
            let after = try await scene.letters()
            #expect(Set(after.map { $0.properties.messageID ?? "" }) == Set(before.map(\.id)))
            let text = after.map { String(decoding: $0.body.bytes, as: UTF8.self) }.joined()
            for canary in EraseDesk.canaries { #expect(!text.contains(canary)) }
        }
    }

    @Test(
        "letters in somebody else's hands are said, and the run is not done until it has had them",
        arguments: [false, true])
    func held(inBursts: Bool) async throws {
        try await with { scene in
            try await scene.publish(try everybodys())
            let other = try BrokerAdmin(configuration: scene.broker)
            var taken = try await inBursts ? other.take(upTo: 4, queue: scene.dead) : []
            while taken.count < 4, let letter = try await other.get(queue: scene.dead) { taken.append(letter) }
            #expect(taken.count == 4)
            let said = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(said.status == .exited(1), "\(said.output)")
            #expect(said.output.contains("Somebody else had letters"), "\(said.output)")
            #expect(said.output.contains(scene.dead), "\(said.output)")
            let ledger = try Ledger.openReadOnly(path: scene.folder.file("ledger.db"))
            let last = try await ledger.read { try $0.operatorActions().first?.detail }
            await ledger.close()
            #expect(last?.contains(", left") == true, "\(last ?? "")")
            try await other.settle(taken.map { .requeue($0.tag) })
            await other.close()
            try await scene.host.waitForDepth(of: scene.dead) { $0.unacknowledged == 0 }
            let rest = try await scene.run(["--customer", EraseDesk.account, "--apply"])
            #expect(rest.status == .exited(0), "\(rest.output)")
            let texts = try await scene.letters().map { String(decoding: $0.body.bytes, as: UTF8.self) }
            #expect(texts.count == 60)
            for canary in EraseDesk.canaries { #expect(!texts.joined().contains(canary)) }
        }
    }

    @Test("what was done is in the record, without a name")
    func record() async throws {
        try await with { scene in
            try await scene.publish(try everybodys())
            _ = try await scene.run(["--email", EraseDesk.canaries[1], "--by", "anna@desk", "--apply"])
            let ledger = try Ledger.openReadOnly(path: scene.folder.file("ledger.db"))
            let actions = try await ledger.read { try $0.operatorActions() }
            await ledger.close()
            #expect(actions.map(\.action) == ["erase", "erase"])
            #expect(actions.map(\.by) == ["anna@desk", "anna@desk"])
            #expect(actions.first?.letters == 20)
            #expect(actions.first?.detail?.contains("letters=20") == true)
            let said = actions.compactMap(\.detail).joined()
            #expect(!said.lowercased().contains("quill"))
        }
    }
}
