extension Refusal {
    /// The error for a body that is no document. The parser says only what kind of fault it met; where it is, is looked for
    /// again, because a body that is refused is worth the time.
    func error(
        _ failure: JSONParser.Failure, _ limits: MessageReader.Limits, _ body: UnsafeRawBufferPointer
    ) -> ContractError {
        switch failure {
        case .tooLarge: error(.tooLarge, "The message has more than \(limits.bytes) bytes.")
        case .tooDeep: error(.tooDeep, "The body nests deeper than \(limits.depth) levels.")
        case .encoding: encodingError(body)
        case .syntax: syntaxError("The body is not a JSON document", body)
        case .number: syntaxError("The body has a number that is not JSON or does not fit 64 bits", body)
        case .string:
            syntaxError(
                "The body has a string with a bad escape, a control character, U+0000 or half a surrogate pair", body)
        case .empty: error(.json, "The body is empty.")
        case .memory: error(.unable, "There is no memory to read the message.")
        }
    }

    private func syntaxError(_ sentence: String, _ body: UnsafeRawBufferPointer) -> ContractError {
        var scanner = JSONScanner(body)
        do throws(JSONScanner.Stop) {
            try scanner.scan()
        } catch {
            let place = scanner.place(of: error.offset)
            let fault = Fault(
                pointer: (isBinary ? "/data" : "") + error.pointer, rule: "json", value: scanner.excerpt(error.offset),
                sentence: "\(place): \(error.predicate)")
            // In binary mode the body is the data, whose members are not the message's names.
            return self.error(
                .json, "\(sentence): \(fault.sentence).", [fault], found: isBinary ? [:] : scanner.names)
        }
        return error(.json, sentence + ".")
    }

    private func encodingError(_ body: UnsafeRawBufferPointer) -> ContractError {
        let scanner = JSONScanner(body)
        guard let offset = scanner.invalidUTF8() else { return error(.encoding, "The body is not valid UTF-8.") }
        let place = scanner.place(of: offset)
        let fault = Fault(
            pointer: isBinary ? "/data" : "", rule: "encoding", value: "",
            sentence: "\(place): the bytes are no character of UTF-8")
        return error(.encoding, "The body is not valid UTF-8: \(fault.sentence).", [fault])
    }
}
