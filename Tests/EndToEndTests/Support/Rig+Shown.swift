import FleetTesting
import Ledger
import Testing

extension Rig {
    /// Waits until every row of the store is as the ERP says, which must not be about to say anything else; returns
    /// what it says.
    @discardableResult
    func waitUntilShown(
        knowing store: StoreSide = StoreSide(), at place: SourceLocation = #_sourceLocation
    ) async throws -> ERPModel {
        let model = try await ERPModel.read(simulator, store)
        try await waitForRows(model.rows, in: ShownTable.all, at: place)
        return model
    }

    /// Waits until these tables have these rows and no others.
    func waitForRows(
        _ expected: Set<String>, in tables: [ShownTable], at place: SourceLocation = #_sourceLocation
    ) async throws {
        var missing: [String] = []
        var wrong: [String] = []
        do {
            try await eventually(within: .seconds(180), "the store to show what the ERP says") {
                let shown = try await ledger { try ShownRows.read($0, tables) }
                (missing, wrong) = (expected.subtracting(shown).sorted(), shown.subtracting(expected).sorted())
                return missing.isEmpty && wrong.isEmpty && !expected.isEmpty
            }
        } catch {
            let difference = """
                missing \(missing.count):
                \(missing.prefix(20).joined(separator: "\n"))
                wrong \(wrong.count):
                \(wrong.prefix(20).joined(separator: "\n"))
                """
            Issue.record(Comment(rawValue: difference), sourceLocation: place)
            throw error
        }
    }

    /// Holds what a store asks of accounts against what a person would answer from what the ERP says.
    func expectAnswers(
        _ model: ERPModel, of skus: [String], at place: SourceLocation = #_sourceLocation
    ) async throws {
        try await waitForRows(
            model.assortmentRows(of: skus), in: [ShownTable.assortment.narrowed(to: skus)], at: place)
        let book = PriceBook(model)
        let questions = book.questions(skus)
        let answers = try await ledger { snapshot in try questions.map { try $0.answer(in: snapshot) } }
        var wrong: [String] = []
        for (question, answer) in zip(questions, answers) {
            let expected = book.answer(question)
            if answer != expected { wrong.append("\(question): \(answer), not \(expected)") }
        }
        #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(10))", sourceLocation: place)
        #expect(Set(answers).count > 100, "too few prices to prove anything", sourceLocation: place)
    }
}
