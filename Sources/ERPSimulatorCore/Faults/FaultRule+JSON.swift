extension FaultRule {
    /// Reads a rule as it is posted: `{"kind":"error","count":3}`.
    init(json bytes: some Sequence<UInt8>) throws(SimulatorError) {
        let bytes = Array(bytes)
        guard let names = try? JSON.decode(MemberNames.self, bytes).names else {
            throw .invalidFault("it is not a JSON object such as {\"kind\":\"error\",\"count\":3}")
        }
        guard let kind = try? JSON.decode(OnlyKind.self, bytes).kind else {
            let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidFault("it needs a kind, one of \(kinds)")
        }
        let known = ["id", "kind"] + kind.settings
        if let stray = names.sorted().first(where: { !known.contains($0) }) {
            throw .invalidFault(
                "\(kind.rawValue) has no setting \(stray.prefix(40)); it has \(kind.settings.joined(separator: ", "))")
        }
        do {
            self = try JSON.decode(FaultRule.self, bytes)
        } catch let error as SimulatorError {
            throw error
        } catch {
            throw .invalidFault("\(Self.place(of: error)) can not be read")
        }
    }

    private struct OnlyKind: Decodable {
        var kind: Kind
    }

    private static func place(of error: any Error) -> String {
        switch error {
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            context.codingPath.first?.stringValue ?? "it"
        default: "it"
        }
    }
}

/// The names of a JSON object's members, whatever their values are.
struct MemberNames: Decodable {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }

        init?(intValue: Int) { nil }
    }

    var names: [String]

    init(from decoder: any Decoder) throws {
        names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue)
    }
}
