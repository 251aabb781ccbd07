import Fleet
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("Correcting a letter")
struct EditContractTests {
    private static let order = ReplayOrder(by: "anna", reason: "unit corrected")

    private static func patch(_ text: String) throws -> LetterEdit.Correction {
        .patch(try JSONPatch(parsing: Array(text.utf8)))
    }

    private static func replace(_ path: String, _ value: String) throws -> LetterEdit.Correction {
        try patch(#"[{"op":"replace","path":"\#(path)","value":\#(value)}]"#)
    }

    private static func corrected(
        _ letter: Letter, _ correction: LetterEdit.Correction
    ) throws(EditRefusal) -> CorrectedMessage {
        try LetterEdit(correction, order, at: .epoch).corrected(letter, id: "new-1")
    }

    private static func refusal(_ letter: Letter, _ correction: LetterEdit.Correction) -> EditRefusal? {
        do throws(EditRefusal) {
            _ = try corrected(letter, correction)
            return nil
        } catch {
            return error
        }
    }

    /// An order that keeps its contract, as a dead letter; changed by a patch first when one is given.
    private static func letter(_ change: String = "[]") throws -> Letter {
        let tree = try JSONTree(parsing: try Letters.order("W-1", id: "m-1"))
        let changed = try JSONPatch(parsing: Array(change.utf8)).applied(to: tree)
        return Letters.make(body: changed.text, headers: ["shop-header": "kept", "stevedore-sentence": "No."])
    }

    /// The same in binary mode, its attributes spelt with `prefix`.
    private static func binary(_ prefix: String, contentType: String? = "application/json") throws -> Letter {
        let tree = try JSONTree(parsing: try Letters.order("W-1", id: "m-1"))
        var headers: FieldTable = ["cloudEvents-like": "kept"]
        for name in ["specversion", "id", "source", "type", "subject", "time"] {
            guard case .string(let text) = tree[name] else { continue }
            headers[prefix + name] = .string(text.value)
        }
        headers[prefix + "revision"] = 1
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), routingKey: "orders.to-erp.dead",
            properties: MessageProperties(contentType: contentType, headers: headers, messageID: "m-1"),
            body: try #require(tree["data"]).compact)
        return Letter(delivery, source: .dead(flow: "orders.to-erp"), reader: MessageReader())
    }

    @Test("makes a new message of the same object that names the letter it replaces")
    func corrects() throws {
        let (letter, correction) = (try Self.letter(), try Self.replace("/data/lines/0/sku", "\"X-9\""))
        let message = try Self.corrected(letter, correction)
        let envelope = try MessageReader().read(message.body).envelope
        #expect(envelope.id == "new-1" && envelope.replayOf == "m-1")
        #expect(envelope.type == "order.placed.v1" && envelope.subject == "W-1" && envelope.revision == 1)
        #expect(envelope.source == "urn:test:store")
        let change = JSONChange(pointer: "/data/lines/0/sku", before: "\"BOLT-M8-40\"", after: "\"X-9\"")
        #expect(message.changes == [change])
    }

    @Test("sends it back to the flow with who and why, and without the marks of the failure")
    func properties() throws {
        let (letter, correction) = (try Self.letter(), try Self.replace("/data/lines/0/sku", "\"X-9\""))
        let message = try Self.corrected(letter, correction)
        let outgoing = try #require(message.outgoing(CorrectionRows(flow: 1), at: .epoch).first)
        #expect(outgoing.exchange == "commerce.requeue" && outgoing.routingKey == "orders.to-erp")
        #expect(outgoing.properties.messageID == "new-1" && outgoing.properties.type == "order.placed.v1")
        #expect(outgoing.properties.contentType == "application/cloudevents+json")
        #expect(outgoing.properties.deliveryMode == 2)
        let headers = outgoing.properties.headers
        #expect(headers["cloudEvents_replayof"] == "m-1" && headers["cloudEvents_subject"] == "W-1")
        #expect(headers["cloudEvents_revision"] == 1)
        #expect(headers["stevedore-replayed-by"] == "anna" && headers["shop-header"] == "kept")
        #expect(headers["stevedore-replayed-reason"] == "unit corrected")
        #expect(headers["stevedore-code"] == nil && headers["stevedore-sentence"] == nil)
        #expect(message.outbox.id == "new-1" && message.outbox.body == outgoing.body)
    }

    @Test("leaves alone what is not changed, to the last digit")
    func exact() throws {
        let letter = try Self.letter(#"[{"op":"add","path":"/data/weight","value":{"net":12.50,"gross":1e10}}]"#)
        let message = try Self.corrected(letter, try Self.replace("/data/lines/0/sku", "\"X-9\""))
        let tree = try JSONTree(parsing: message.body)
        #expect(tree["data"]?["weight"]?.text == #"{"net":12.50,"gross":1e10}"#)
    }

    @Test("refuses to make another message of it", arguments: ["id", "source", "type", "subject", "revision"])
    func identity(name: String) throws {
        let value = name == "revision" ? "2" : "\"urn:other\""
        let (letter, other) = (try Self.letter(), try Self.replace("/" + name, value))
        let refusal = try #require(Self.refusal(letter, other))
        #expect(refusal.error.code == "dead-letter.identity")
        #expect(refusal.faults.map(\.pointer) == ["/" + name])
        let removed = try Self.patch(#"[{"op":"remove","path":"/\#(name)"}]"#)
        #expect(Self.refusal(letter, removed)?.error.code == "dead-letter.identity")
    }

    @Test("takes a revision written as digits for the same revision")
    func revisionText() throws {
        let message = try Self.corrected(try Self.letter(), try Self.replace("/revision", "\"1\""))
        #expect(message.revision == 1)
    }

    @Test("lets a person give what is missing, and mend what the contract itself refuses")
    func broken() throws {
        let nameless = try Self.letter(#"[{"op":"remove","path":"/subject"}]"#)
        let named = try Self.patch(#"[{"op":"add","path":"/subject","value":"W-1"}]"#)
        let mended = try Self.corrected(nameless, named)
        #expect(mended.subject == "W-1")
        let zeroth = try Self.letter(#"[{"op":"replace","path":"/revision","value":0}]"#)
        let first = try Self.corrected(zeroth, try Self.replace("/revision", "1"))
        #expect(first.revision == 1)
    }

    @Test("does not take subject and data that differ for a subject to be changed")
    func mismatch() throws {
        let letter = try Self.letter(#"[{"op":"replace","path":"/data/number","value":"W-2"}]"#)
        let other = try Self.replace("/subject", "\"W-2\"")
        #expect(Self.refusal(letter, other)?.error.code == "dead-letter.identity")
        let mended = try Self.corrected(letter, try Self.replace("/data/number", "\"W-1\""))
        #expect(mended.subject == "W-1")
    }

    @Test("lists every fault of a message that would break its contract")
    func faults() throws {
        let correction = try Self.patch(
            #"""
            [{"op":"replace","path":"/data/lines/0/unit","value":"metres"},
             {"op":"replace","path":"/data/lines/1/quantity","value":"-1"}]
            """#)
        let letter = try Self.letter()
        let refusal = try #require(Self.refusal(letter, correction))
        #expect(refusal.error.code == "dead-letter.contract")
        let pointers = refusal.faults.map(\.pointer)
        #expect(pointers.contains("/data/lines/0/unit") && pointers.contains("/data/lines/1/quantity"))
    }

    @Test("a document that is no message at all is refused, whatever it is", arguments: ["[]", "1", "null", "{}"])
    func noMessage(document: String) throws {
        let letter = try Self.letter()
        let code = Self.refusal(letter, .document(Array(document.utf8)))?.error.code
        #expect(code == (document == "{}" ? "dead-letter.identity" : "dead-letter.contract"))
    }

    @Test("says which operation does not fit, and changes nothing")
    func unapplied() throws {
        let (letter, correction) = (try Self.letter(), try Self.replace("/data/lines/7/sku", "\"X\""))
        let refusal = try #require(Self.refusal(letter, correction))
        #expect(refusal.error.code == "dead-letter.patch")
        #expect(refusal.error.sentence.contains("Operation 1"))
    }

    @Test("of a body that is no JSON only the whole document can be given")
    func notJSON() throws {
        let right = String(decoding: try Letters.order("W-1", id: "m-1"), as: UTF8.self)
        let letter = Letters.make(code: "malformed.json", body: String(right.dropLast()) + ",}")
        let patch = try Self.patch("[]")
        #expect(Self.refusal(letter, patch)?.error.code == "dead-letter.not-json")
        let message = try Self.corrected(letter, .document(Array(right.utf8)))
        #expect(message.id == "new-1" && message.changes.count == 1 && message.changes.first?.before == nil)
        let other = right.replacing("order.placed.v1\",\"subject", with: "order.amended.v1\",\"subject")
        #expect(Self.refusal(letter, .document(Array(other.utf8)))?.error.code == "dead-letter.identity")
        #expect(Self.refusal(letter, .document(Array("{".utf8)))?.error.code == "dead-letter.not-json")
    }

    @Test(
        "in binary mode changes the data, and keeps the attributes in the headers",
        arguments: ["cloudEvents_", "cloudEvents:"])
    func binaryMode(prefix: String) throws {
        let message = try Self.corrected(try Self.binary(prefix), try Self.replace("/lines/0/sku", "\"X-9\""))
        let properties = try #require(message.outgoing(CorrectionRows(flow: 1), at: .epoch).first).properties
        let envelope = try MessageReader().read(message.body, IncomingMessage(properties)).envelope
        #expect(envelope.id == "new-1" && envelope.replayOf == "m-1" && envelope.subject == "W-1")
        #expect(properties.contentType == "application/json")
        #expect(properties.headers["cloudEvents-like"] == "kept")
        let data = try JSONTree(parsing: message.body)
        #expect(data["number"]?.text == "\"W-1\"" && data["id"]?.text == nil)
    }

    @Test("in binary mode without a content type says that it is JSON")
    func binaryWithoutType() throws {
        let letter = try Self.binary("cloudEvents_", contentType: nil)
        let message = try Self.corrected(letter, try Self.replace("/lines/0/sku", "\"X-9\""))
        #expect(message.contentType == "application/json")
    }

    @Test("without a difference has no changes")
    func unchanged() throws {
        let letter = try Self.letter()
        let pretty = try JSONTree(parsing: letter.body).pretty
        for correction in [try Self.patch("[]"), .document(pretty)] {
            let message = try Self.corrected(letter, correction)
            #expect(message.changes.isEmpty)
        }
    }

    @Test("tries one patch on many letters, and says of each what would come of it")
    func many() throws {
        let edit = LetterEdit(
            try Self.patch(
                #"""
                [{"op":"test","path":"/data/lines/0/unit","value":"metres"},
                 {"op":"replace","path":"/data/lines/0/unit","value":"MTR"}]
                """#), Self.order, at: .epoch)
        let wrong = try Self.letter(#"[{"op":"replace","path":"/data/lines/0/unit","value":"metres"}]"#)
        var outcomes: [String] = []
        for letter in [wrong, try Self.letter(), wrong] {
            do throws(EditRefusal) {
                outcomes.append(try edit.corrected(letter).type)
            } catch {
                outcomes.append(error.error.code)
            }
        }
        #expect(outcomes == ["order.placed.v1", "dead-letter.patch", "order.placed.v1"])
    }

    @Test("of a letter without an id names the id by which it is listed")
    func withoutID() throws {
        let nameless = try Self.letter(#"[{"op":"remove","path":"/id"}]"#)
        let message = try Self.corrected(nameless, try Self.replace("/data/lines/0/sku", "\"X-9\""))
        let envelope = try MessageReader().read(message.body).envelope
        #expect(envelope.replayOf == nameless.id)
    }
}
