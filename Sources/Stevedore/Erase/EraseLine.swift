internal import FoundationEssentials
internal import Models

/// A line of a file of dead letters (`dead-letter export`), and the same without a person. Bytes that say nothing of one
/// stay as they are.
struct EraseLine {
    let eraser: BodyEraser

    /// The line without the person, and the checksum's line apart; nil when it stays as it is.
    func erased(_ line: [UInt8]) -> [UInt8]? {
        guard let members = JSONMembers(line) else { return nil }
        var changes: [(range: Range<Int>, bytes: [UInt8])] = []
        var outcome = BodyEraser.Outcome.untouched
        for name in ["body", "bodyBase64"] {
            guard let range = members.ranges[name], let body = Self.body(members.texts[name], name) else { continue }
            outcome = eraser.erase(body, type: members.texts["type"])
            guard case .erased(let bytes) = outcome else { continue }
            changes.append((range, Self.written(bytes, name)))
        }
        if case .open = outcome { return nil }
        for text in members.quoted {
            let reading = EraseProse.reading(place: text.place)
            guard let new = eraser.erase(text.text, outcome, as: reading) else { continue }
            changes.append((text.range, JSONMembers.string(new)))
        }
        return changes.isEmpty ? nil : Self.replacing(changes, in: line)
    }

    /// Their order is open, so that the line stays.
    func open(_ line: [UInt8]) -> String? {
        guard let members = JSONMembers(line) else { return nil }
        for name in ["body", "bodyBase64"] {
            guard let body = Self.body(members.texts[name], name) else { continue }
            if case .open(let subject) = eraser.erase(body, type: members.texts["type"]) { return subject }
        }
        return nil
    }

    /// The body that a line of a file holds, for whoever learns from it; nil for any other line.
    static func body(of line: [UInt8]) -> (body: [UInt8], type: String?)? {
        guard let members = JSONMembers(line) else { return nil }
        for name in ["body", "bodyBase64"] {
            if let body = body(members.texts[name], name) { return (body, members.texts["type"]) }
        }
        return nil
    }

    private static func body(_ text: String?, _ name: String) -> [UInt8]? {
        guard let text else { return nil }
        return name == "body" ? Array(text.utf8) : Data(base64Encoded: text).map { Array($0) }
    }

    private static func written(_ body: [UInt8], _ name: String) -> [UInt8] {
        JSONMembers.string(
            name == "body" ? String(decoding: body, as: UTF8.self) : Data(body).base64EncodedString())
    }

    private static func replacing(_ changes: [(range: Range<Int>, bytes: [UInt8])], in line: [UInt8]) -> [UInt8] {
        var (result, end) = ([UInt8](), 0)
        for change in changes.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            result += line[end..<change.range.lowerBound]
            result += change.bytes
            end = change.range.upperBound
        }
        return result + line[end...]
    }
}
