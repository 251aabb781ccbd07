import Foundation
import Models
import Testing

/// Debian's python3-jsonschema, which knows nothing of this house.
enum IndependentValidator {
    /// A message, and whether the schema of its type has to accept it.
    struct Case: Encodable {
        var name: String
        var schema: String
        var message: String
        var isValid: Bool
    }

    /// Reads cases and prints those that the schema judges otherwise, one a line. `$` of ECMA 262 is Python's `\Z`.
    static let script = #"""
        import json, sys
        from jsonschema import Draft202012Validator

        def translated(schema):
            if isinstance(schema, list):
                return [translated(element) for element in schema]
            if not isinstance(schema, dict):
                return schema
            schema = {key: translated(value) for key, value in schema.items()}
            if isinstance(schema.get("pattern"), str) and schema["pattern"].endswith("$"):
                schema["pattern"] = schema["pattern"][:-1] + r"\Z"
            return schema

        validators = {}
        for name, text in json.load(open(sys.argv[1]))["schemas"].items():
            schema = translated(json.loads(text))
            Draft202012Validator.check_schema(schema)
            validators[name] = Draft202012Validator(schema)
        count = 0
        for case in json.load(open(sys.argv[1]))["cases"]:
            count += 1
            error = next(validators[case["schema"]].iter_errors(json.loads(case["message"])), None)
            if (error is None) != case["isValid"]:
                where = "/" + "/".join(str(step) for step in error.absolute_path) if error else "accepted"
                print(case["name"], where, error.message[:200] if error else "", sep=" | ")
        print("judged", count)
        """#

    struct Work: Encodable {
        var schemas: [String: String]
        var cases: [Case]
    }

    /// The lines that the validator prints.
    static func judge(_ cases: [Case]) throws -> [String] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "stevedore-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let work = folder.appending(path: "work.json")
        let schemas = Dictionary(
            uniqueKeysWithValues: Catalogue.types.map { ($0.name, Catalogue.jsonSchema(for: $0)) })
        try JSONEncoder().encode(Work(schemas: schemas, cases: cases)).write(to: work)
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", script, work.path]
        process.standardOutput = output
        process.standardError = output
        do {
            try process.run()
        } catch {
            Issue.record("/usr/bin/python3 cannot be started (\(error)); scripts/setup installs what is needed")
            return []
        }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "scripts/setup installs python3-jsonschema. \(text)")
        return text.split(separator: "\n").map(String.init)
    }
}

@Suite("Schemas")
struct SchemaTests {
    /// Rules that no schema can state: the code refuses what breaks them, the schema need not.
    private static let beyondSchemas: Set = [
        "unique", "matches", "reconcile", "unit", "card-number", "gtin",
    ]

    static func judged(_ name: String, _ body: [UInt8], as type: MessageType) -> IndependentValidator.Case? {
        let text = String(decoding: body, as: UTF8.self)
        guard let error = Fixture.refusal(body) else {
            return IndependentValidator.Case(name: name, schema: type.name, message: text, isValid: true)
        }
        guard error.faults.contains(where: { !beyondSchemas.contains($0.rule) }) else { return nil }
        return IndependentValidator.Case(name: name, schema: type.name, message: text, isValid: false)
    }

    private static var examples: [IndependentValidator.Case] {
        Catalogue.types.flatMap { type in
            Catalogue.examples(for: type).compactMap { judged($0.name, Array($0.text.utf8), as: type) }
        }
    }

    private static var generated: [IndependentValidator.Case] {
        var generator = OrderGenerator(seed: 41)
        let reader = MessageReader()
        return (0..<60).compactMap { round in
            let body = generator.body(round % 3)
            return (try? reader.read(body)).flatMap { judged("generated \(round)", body, as: $0.type) }
        }
    }

    /// Where the schema has to say exactly what the code says: edits of the placed order, good and bad.
    private static let edits: [(pointer: String, json: String)] = [
        ("/data_base64", "null"), ("/data_base64", "\"\""), ("/datacontenttype", "null"),
        ("/datacontenttype", "\"Application/JSON; Charset=UTF-8\""),
        ("/datacontenttype", "\"text/json;a=b;charset=utf8\""),
        ("/datacontenttype", "\"a/b+json ; charset=\\\"utf-8\\\" ; c=d\""),
        ("/datacontenttype", "\"a/json;charset=utf-16\""),
        ("/datacontenttype", "\"a/json;charset=utf-8x\""), ("/datacontenttype", "\"a/json; charset= utf-8\""),
        ("/datacontenttype", "\"application/json\\n\""), ("/revision", "\"1\""), ("/revision", "\"0\""),
        ("/revision", "\"01\""), ("/revision", "\"9999999999999999999\""), ("/revision", "9223372036854775808"),
        ("/data/requestedDate", "\"2024-02-29\""), ("/data/requestedDate", "\"2000-02-29\""),
        ("/data/requestedDate", "\"0400-02-29\""), ("/data/requestedDate", "\"0000-02-28\""),
        ("/data/requestedDate", "\"2026-09-31\""), ("/data/requestedDate", "\"2026-12-31\""),
        ("/data/requestedDate", "\"2026-12-31\\n\""), ("/time", "\"2024-02-29T23:59:59.5-05:30\""),
        ("/time", "\"2023-02-29T23:59:59Z\""), ("/data/fallbacks", "null"),
        ("/data/fallbacks", "[{\"question\":\"tax\",\"basis\":\"cached\"}]"),
        ("/data/fallbacks", "[{\"question\":\"tax\",\"basis\":\"cached\",\"asOf\":\"2026-03-01T12:00:00Z\"}]"),
        ("/data/shippingMethod", "\"a\\n\""), ("/data/shippingMethod", "\"\\u3000a\""),
        ("/data/totals/shipping", "\"999999999999999999.99\""), ("/traceparent", "7"),
    ]

    private static var edited: [IndependentValidator.Case] {
        let all = edits + InvalidFields.all.map { (pointer: $0.pointer, json: $0.json) }
        return all.compactMap { edit in
            (try? Fixture.edited(edit.pointer, edit.json)).flatMap {
                judged("\(edit.pointer) \(edit.json)", $0, as: Catalogue.orderPlaced)
            }
        }
    }

    private static var answers: [IndependentValidator.Case] {
        let edits: [(String, String, String, MessageType)] = [
            ("/data/reason", "null", Fixture.status, Catalogue.orderStatus),
            ("/data/state", "\"rejected\"", Fixture.status, Catalogue.orderStatus),
            ("/data/lines/1/substituteSku", "null", Fixture.status, Catalogue.orderStatus),
            ("/data/customer", "{\"registration\":\"R-1\"}", Fixture.offline, Catalogue.orderOffline),
            ("/data/lineStatuses", "[]", Fixture.offline, Catalogue.orderOffline),
            ("/data/payment", "{\"method\":\"prepaid\"}", Fixture.offline, Catalogue.orderOffline),
            ("/data/billTo", "null", Fixture.offline, Catalogue.orderOffline),
        ]
        return edits.compactMap { pointer, json, text, type in
            (try? Fixture.edited(pointer, json, in: text)).flatMap { judged("\(pointer) \(json)", $0, as: type) }
        }
    }

    @Test(
        "an independent validator judges examples, generated messages and faults by the derived schemas as the code does"
    )
    func agreement() throws {
        let cases = Self.examples + Self.generated + Self.edited + Self.answers
        #expect(cases.filter(\.isValid).count > 70 && cases.filter { !$0.isValid }.count > 50)
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
