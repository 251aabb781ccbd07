import Models

/// Decides whether a question can be taken as it stands, and names everything that is wrong with it.
struct QuestionCheck {
    private static let mostLines = 500

    let question: IncomingQuestion

    /// Nil when it can be.
    var problem: Problem? {
        let faults = wholeFaults + lineFaults
        guard let first = faults.first else { return nil }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        var problem = Problem.rejected(first.rule, first.sentence + more, faults: faults)
        problem.title = "The question is not acceptable"
        return problem
    }

    private var wholeFaults: [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if question.questions.isEmpty {
            faults.append(fault("/questions", "question.empty", "", "Nothing is asked."))
        }
        if Currency(question.currency) == nil {
            let sentence = "There is no currency \(question.currency)."
            faults.append(fault("/currency", "currency.unknown", question.currency, sentence))
        }
        if question.shipTo == nil, question.questions.contains(where: { $0 == .shipping || $0 == .tax }) {
            faults.append(fault("/shipTo", "address.missing", "", "Shipping and tax depend on where the goods go."))
        }
        if question.lines.isEmpty || question.lines.count > Self.mostLines {
            let sentence = "A question has 1 to \(Self.mostLines) lines."
            faults.append(fault("/lines", "lines.count", String(question.lines.count), sentence))
        }
        return faults
    }

    private var lineFaults: [Problem.Fault] {
        var seen: Set<String> = []
        return question.lines.enumerated().flatMap { index, line -> [Problem.Fault] in
            var faults: [Problem.Fault] = []
            if !seen.insert(line.id).inserted {
                let sentence = "Two lines have the id \(line.id)."
                faults.append(fault("/lines/\(index)/id", "line.repeated", line.id, sentence))
            }
            if ExactDecimal(line.quantity).map({ $0 <= .zero }) ?? true {
                let sentence = "The quantity has to be above zero."
                faults.append(fault("/lines/\(index)/quantity", "quantity.invalid", line.quantity, sentence))
            }
            return faults
        }
    }

    private func fault(_ pointer: String, _ rule: String, _ value: String, _ sentence: String) -> Problem.Fault {
        Problem.Fault(pointer: pointer, rule: rule, value: String(value.prefix(200)), sentence: sentence)
    }
}
