internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore quote`.
struct QuoteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quote", abstract: "Asks for prices, availability, freight and tax, as a store does.",
        discussion: """
            The question goes to quotes.to-erp over AMQP, and quotes-worker answers it within the deadline: live from \
            the ERP, by what the ERP said before, or by estimate. Every figure says which. Figures that are not given \
            say why.

            Without --ask, price and availability are asked for, and with --ship-to freight and tax as well.

            Examples:
              stevedore quote --account C-10008 --line FST-0001=20
              stevedore quote --account C-10008 --line FST-0001=20 --line PWR-0002=1 --json
              stevedore quote --account C-10008 --line CABLE-NYM=12.5 --unit MTR
              stevedore quote --account C-10008 --line FST-0001=20 \
            --ship-to 'Northwind;1 Harbor Avenue;Tacoma;WA;98421;US'
              stevedore quote --account C-10008 --line FST-0001=20 --ask availability --deadline 300ms

            Exit codes: 0 answered, also where figures are not given, 1 the question was not understood, 64 usage, 69 no \
            answer in time, or no broker, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Who asks: the ERP's account number.")
    var account: String

    @Option(
        help: "What would be bought, as SKU=QUANTITY; once for each line.",
        transform: { try QuoteOrderLine(typed: $0) })
    var line: [QuoteOrderLine] = []

    @Option(help: "The unit of all quantities, by its UN/ECE code.")
    var unit = UnitCode.one.code

    @Option(
        help: "Where it would go, as 'Company;Street;City;Region;Postal code;Country', the country as two letters.",
        transform: { try QuoteDestination(typed: $0) })
    var shipTo: QuoteDestination?

    @Option(
        help: "What is asked, separated by commas: price, availability, shipping (freight), tax.",
        transform: { try QuoteSelection(typed: $0) })
    var ask: QuoteSelection?

    @Option(help: "The only shipping method that is asked for.")
    var method: String?

    @Option(help: "The currency of all amounts.")
    var currency = Currency.usd.code

    @Option(
        help: "How long to wait for the answer, such as 500ms; 2s unless said, 10ms at least and 60s at most.",
        transform: { try QuotePatience(typed: $0) })
    var deadline = QuotePatience.standard

    func validate() throws {
        guard (1...QuoteRequest.mostLines).contains(line.count) else {
            throw ValidationError("--line says what would be bought, 1 to \(QuoteRequest.mostLines) times")
        }
        if UnitCode(unit) == nil {
            throw ValidationError("--unit is a code of UN/ECE such as C62 or MTR, not '\(unit)'")
        }
        if Currency(currency) == nil {
            throw ValidationError("--currency is a code of ISO 4217 such as USD, not '\(currency)'")
        }
        if ask?.needsPlace ?? false, shipTo == nil {
            throw ValidationError("shipping and tax depend on the place: give --ship-to")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let asking = QuoteAsking(
                question: try question(), patience: deadline, configuration: try settings.load())
            let finding = try await asking.ask()
            if output.json { Terminal.say(finding.json.pretty()) }
            switch finding.reply {
            case .answer(let answer):
                guard !output.json else { return }
                Terminal.write(finding.text(answer, width: Terminal.width(of: .output)))
            case .problem(let problem): throw problem.error
            }
        }
    }

    /// - Throws: what a worker would not understand.
    private func question() throws(ProgramError) -> QuoteRequest {
        let unit = UnitCode(unit) ?? .one
        let questions = ask?.questions ?? (shipTo == nil ? [.price, .availability] : QuoteFallback.Question.allCases)
        let request = QuoteRequest(
            id: "quote-\(MessageID.next())", customer: .account(account), currency: Currency(currency) ?? .usd,
            questions: questions, shipTo: shipTo?.address, shippingMethod: method,
            lines: line.enumerated().map { index, line in
                QuoteLine(id: String(index + 1), sku: line.sku, quantity: line.quantity, unit: unit)
            })
        let faults = request.contractFaults
        guard faults.isEmpty else {
            let places = faults.map { "  \($0.pointer): \($0.sentence)" }
            throw ProgramError(
                code: "quote.question", sentence: (["The question is not whole."] + places).joined(separator: "\n"),
                remedy: "Correct it; `stevedore quote --help` has examples.", exit: .usage)
        }
        return request
    }
}
