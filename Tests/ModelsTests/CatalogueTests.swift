import Foundation
import Models
import Testing

/// The derived files of the source tree.
enum Derived {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Models/Derived")

    static func text(_ path: String) -> String? {
        (try? Data(contentsOf: folder.appending(path: path))).map { String(decoding: $0, as: UTF8.self) }
    }
}

@Suite("The catalogue")
struct CatalogueTests {
    @Test("the checked-in derived files are what the code derives", arguments: Catalogue.derivedFiles.map(\.path))
    func derivedFilesAreCurrent(path: String) throws {
        let contents = try #require(Catalogue.derivedFiles.first { $0.path == path }?.contents)
        if ProcessInfo.processInfo.environment["STEVEDORE_WRITE_DERIVED"] != nil {
            let url = Derived.folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(contents.utf8).write(to: url)
        }
        #expect(Derived.text(path) == contents)
    }

    @Test("no derived file is left over from a type that is gone")
    func noStrayDerivedFiles() {
        let known = Set(Catalogue.derivedFiles.map(\.path))
        let found = FileManager.default.enumerator(atPath: Derived.folder.path)?.compactMap { $0 as? String } ?? []
        #expect(found.filter { $0.hasSuffix(".json") && !known.contains($0) }.isEmpty)
    }

    @Test("every example keeps its contract", arguments: Catalogue.types)
    func examplesAreValid(type: MessageType) throws {
        let reader = MessageReader()
        let examples = Catalogue.examples(for: type)
        #expect(!examples.isEmpty)
        for example in examples {
            let received = try reader.read(Array(example.text.utf8))
            #expect(received.type == type)
            #expect(received.envelope.subject == received.payload.subject)
        }
    }

    @Test("types are found by name, and queues are each named once")
    func lookups() {
        #expect(Catalogue.type(named: "order.placed.v1") == Catalogue.orderPlaced)
        #expect(Catalogue.type(named: "order.placed.v2") == nil)
        #expect(
            Catalogue.queues == [
                "alerts", "customers.to-store", "inventory.to-store", "orders.taken", "orders.to-erp",
                "orders.to-store",
                "tracking.to-store",
            ])
        #expect(Set(Catalogue.types.map(\.name)).count == Catalogue.types.count)
    }

    @Test("a question has a queue that is no flow's, and its reply has none")
    func questions() {
        let (question, reply) = (Catalogue.quoteRequested, Catalogue.quoteAnswered)
        #expect(question.isQuestion && question.answer == reply.name && question.queues == ["quotes.to-erp"])
        #expect(Catalogue.questionQueues == ["quotes.to-erp"] && !Catalogue.queues.contains("quotes.to-erp"))
        #expect(reply.isReply && reply.queues.isEmpty && !Catalogue.queues.contains(""))
        #expect(Catalogue.routed.contains(question) && !Catalogue.routed.contains(reply))
        let answers = Catalogue.types.compactMap(\.answer).map { Catalogue.type(named: $0)?.isReply }
        #expect(answers == [true])
    }

    @Test("the AsyncAPI document tells where the answer to a question goes, and routes no reply")
    func asyncReply() throws {
        let data = Data(Catalogue.asyncAPI().utf8)
        let root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let operations = try #require(root["operations"] as? [String: [String: Any]])
        #expect(operations["publish.quote.answered.v1"] == nil)
        for name in ["publish.quote.requested.v1", "consume.quotes.to-erp"] {
            let reply = try #require(operations[name]?["reply"] as? [String: Any], "\(name)")
            #expect((reply["channel"] as? [String: String])?["$ref"] == "#/channels/quote.answered.v1")
            #expect((reply["address"] as? [String: String])?["location"] == "$message.header#/reply_to")
        }
        let channels = try #require(root["channels"] as? [String: [String: Any]])
        #expect(channels["quote.answered.v1"]?["address"] is NSNull)
    }

    @Test("derived schemas and the AsyncAPI document are JSON")
    func derivedDocumentsAreJSON() throws {
        for file in Catalogue.derivedFiles {
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(file.contents.utf8)) }
        }
    }
}
