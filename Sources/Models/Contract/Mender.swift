/// Makes an object keep its contract as far as that takes nothing from what it says: free text is cut to size, zeros behind
/// the last decimal go, and a field that may be missing goes when it is at fault.
struct Mender: FieldVisitor {
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString
    ) {
        value.mend(rule)
    }

    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString
    ) {
        guard var mended = value else { return }
        mended.mend(rule)
        value = mended.faults(rule).isEmpty ? mended : nil
    }

    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree
    ) {}
}

extension ContractValue {
    /// What the reader would say of this value in the member `data` of a message. Writes and reads it: not for busy roads.
    func faults(_ rule: Rule) -> [Fault] {
        var writer = JSONWriter()
        writer.open("{")
        writer.key("data" as StaticString)
        write(to: &writer)
        writer.close("}")
        let limits = MessageReader.Limits(bytes: .max)
        let parser = JSONParser(maximumBytes: limits.bytes, maximumDepth: limits.depth)
        return writer.bytes.withUnsafeBytes { bytes -> [Fault] in
            do throws(JSONParser.Failure) {
                var reader = TapeReader(try parser.parse(bytes))
                _ = reader.enter(Tape.root)
                var value = Self.blank
                reader.field("data", &value, rule, "")
                return reader.faults.faults
            } catch {
                return Refusal(IncomingMessage()).error(error, limits, bytes).asFaults
            }
        }
    }
}

extension ContractError {
    /// The faults, of which there is at least one.
    fileprivate var asFaults: [Fault] {
        faults.isEmpty ? [Fault(pointer: "", rule: code, value: "", sentence: sentence)] : faults
    }
}
