internal import Fleet
internal import Models

/// Why a letter cannot be corrected so: the error, and every fault that led to it.
struct EditRefusal: Error {
    var error: ProgramError
    var faults: [LetterFault] = []

    init(code: String, _ sentence: String, remedy: String, faults: [LetterFault] = []) {
        error = ProgramError(code: code, sentence: InertText.line(sentence), remedy: remedy, exit: .failure)
        self.faults = faults
    }

    static func notJSON(_ letter: Letter, _ fault: JSONFault) -> EditRefusal {
        guard !letter.body.isEmpty else {
            return EditRefusal(
                code: "dead-letter.empty", "The body of \(letter.id) is empty, so there is nothing to correct.",
                remedy: "Have the producer send the message again, then give this letter up: `dead-letter discard "
                    + "\(InertText.line(letter.id)) --reason …`.")
        }
        return EditRefusal(
            code: "dead-letter.not-json",
            "The body of \(letter.id) is no JSON document, so no patch applies to it: \(fault.reason).",
            remedy: "Edit it without --patch: your editor gets the body as it is.")
    }

    static func unapplied(_ fault: JSONPatch.Fault) -> EditRefusal {
        EditRefusal(
            code: "dead-letter.patch", fault.sentence,
            remedy: "Nothing was changed. `dead-letter show` has the body with its pointers.")
    }

    static func badDocument(_ fault: JSONFault) -> EditRefusal {
        EditRefusal(
            code: "dead-letter.not-json", "The corrected document is no JSON: \(fault.reason).",
            remedy: "Mend it there, then try again.")
    }

    static func identity(_ faults: [LetterFault]) -> EditRefusal {
        let names = faults.map { String($0.pointer.dropFirst()) }.joined(separator: ", ")
        return EditRefusal(
            code: "dead-letter.identity", "An edit may not change \(names): it would be another message.",
            remedy: "Have the producer publish that message itself; then discard this letter.", faults: faults)
    }

    static func strangeType(_ type: String, _ flow: String) -> EditRefusal {
        EditRefusal(
            code: "dead-letter.identity", "\(flow) takes no messages of type \(type).",
            remedy: "Its types are \(FleetTopology.types(of: flow).joined(separator: ", ")).")
    }

    static func contract(_ error: ContractError) -> EditRefusal {
        EditRefusal(
            code: "dead-letter.contract", "The corrected message would be refused: \(error.sentence)",
            remedy: error.remedy, faults: LetterFault.list(error))
    }
}
