internal import Fleet
internal import Models
internal import RabbitMQ

/// Makes the corrected message of a dead letter, or says why not. Writes nothing anywhere, so that one patch can be
/// tried on many letters.
struct LetterEdit {
    /// What a person says.
    enum Correction: Sendable {
        /// Changes to the letter's document: the envelope with its `data`, or in binary mode the data alone.
        case patch(JSONPatch)
        /// That document as it should be.
        case document([UInt8])
    }

    let correction: Correction
    let order: ReplayOrder
    let now: Timestamp
    private let reader = MessageReader()

    init(_ correction: Correction, _ order: ReplayOrder, at now: Timestamp) {
        self.correction = correction
        self.order = order
        self.now = now
    }

    /// The message that takes the letter's place: under a new id that names the letter's, with its type, subject and
    /// revision.
    func corrected(_ letter: Letter, id: String = MessageID.next()) throws(EditRefusal) -> CorrectedMessage {
        let (original, document) = try documents(letter)
        let form = LetterForm(letter)
        let faults = contractFaults(letter)
        if !form.isBinary {
            let changed = LetterIdentity(letter, original, faults).changes(in: document)
            guard changed.isEmpty else { throw EditRefusal.identity(changed) }
        }
        let link = link(to: letter, faults)
        let body = form.isBinary ? document : Self.renamed(document, id, link)
        return try message(letter, form, id, link, body.compact, JSONChange.list(original, document))
    }

    /// The document before, nil when it is none, and after.
    private func documents(_ letter: Letter) throws(EditRefusal) -> (original: JSONTree?, corrected: JSONTree) {
        let original: Result<JSONTree, JSONFault> = Self.parsed(letter.body)
        switch (correction, original) {
        case (.patch(let patch), .success(let tree)):
            do throws(JSONPatch.Fault) {
                return (tree, try patch.applied(to: tree))
            } catch {
                throw EditRefusal.unapplied(error)
            }
        case (.patch, .failure(let fault)): throw EditRefusal.notJSON(letter, fault)
        case (.document(let bytes), _):
            switch Self.parsed(bytes) {
            case .success(let tree): return (try? original.get(), tree)
            case .failure(let fault): throw EditRefusal.badDocument(fault)
            }
        }
    }

    private static func parsed(_ bytes: [UInt8]) -> Result<JSONTree, JSONFault> {
        do throws(JSONFault) { return .success(try JSONTree(parsing: bytes)) } catch { return .failure(error) }
    }

    private func contractFaults(_ letter: Letter) -> [Fault] {
        do throws(ContractError) {
            _ = try reader.read(letter.body, IncomingMessage(letter.properties))
            return []
        } catch {
            return error.faults
        }
    }

    private static func renamed(_ document: JSONTree, _ id: String, _ link: String?) -> JSONTree {
        let renamed = document.setting("id", .string(JSONString(id)))
        return link.map { renamed.setting("replayof", .string(JSONString($0))) } ?? renamed
    }

    /// The letter's id; nil when it is one that the contract takes for none, and so would not take here either.
    private func link(to letter: Letter, _ faults: [Fault]) -> String? {
        let isRefused = faults.contains { $0.pointer == "/id" && $0.rule != "required" }
        return isRefused || letter.id.utf8.count > 127 ? nil : letter.id
    }

    private func message(
        _ letter: Letter, _ form: LetterForm, _ id: String, _ link: String?, _ body: [UInt8], _ changes: [JSONChange]
    ) throws(EditRefusal) -> CorrectedMessage {
        let copy = OutgoingMessage(replaying: letter, order, at: now)
        let headers = form.headers(of: copy.properties, id: id, replacing: link)
        let transport = IncomingMessage(
            contentType: form.contentType, messageID: id, type: letter.type,
            headers: { headers.map { (name: $0.key, value: IncomingMessage.HeaderValue.text($0.value)) } })
        let content: Received
        do throws(ContractError) {
            content = try reader.read(body, transport)
        } catch {
            throw EditRefusal.contract(error)
        }
        guard FleetTopology.types(of: letter.flow).contains(content.type.name) else {
            throw EditRefusal.strangeType(content.type.name, letter.flow)
        }
        return CorrectedMessage(
            id: id, flow: letter.flow, contentType: form.contentType, headers: headers,
            correlationID: copy.properties.correlationID, body: body, content: content, changes: changes)
    }
}
