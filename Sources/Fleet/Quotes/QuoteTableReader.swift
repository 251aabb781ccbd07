internal import Models

/// Reads `quotes.shipping-zones`, `quotes.shipping-rates` and `quotes.tax-rates`, with every fault at its place.
struct QuoteTableReader {
    private(set) var faults: [SettingFault] = []

    private mutating func fault(_ place: String, _ reason: String) { faults.append(SettingFault(place, reason)) }

    /// The names of a setting with a value each; none where there is no such setting. A name with nothing behind it is
    /// none either.
    private mutating func members(
        of node: YAMLNode?, at place: String, form: String
    ) -> [(name: String, value: YAMLNode)] {
        guard let node, node.text != "" else { return [] }
        guard case .mapping(let pairs) = node else {
            fault(place, form)
            return []
        }
        return pairs.map { (name: $0.name.text ?? $0.name.line, value: $0.value) }
    }

    private static let placeForm = "must be a place such as US, US/WA, US/WA/98, DE//80 or `*`"

    // MARK: - Zones

    /// Which zone a place is in.
    mutating func zones(_ node: YAMLNode?, at setting: String) -> PlaceTable<String> {
        var table = PlaceTable<String>()
        let form = "must be zones with their places, such as `west: [US/CA, US/WA]`"
        for (zone, value) in members(of: node, at: setting, form: form) {
            let place = "\(setting).\(SettingFault.shown(zone))"
            let texts = value.texts ?? value.text.map { [$0] } ?? []
            if texts.isEmpty || texts.contains("") { fault(place, "must be a place, or a list of places") }
            for text in texts where !text.isEmpty { add(text, to: zone, &table, at: place) }
        }
        return table
    }

    private mutating func add(_ text: String, to zone: String, _ table: inout PlaceTable<String>, at place: String) {
        let shown = SettingFault.shown(text)
        guard let pattern = PlacePattern(text) else {
            return fault(place, "`\(shown)` \(Self.placeForm)")
        }
        if let other = table[pattern] {
            fault(place, "`\(shown)` is there already, in zone `\(SettingFault.shown(other))`")
        }
        table[pattern] = zone
    }

    // MARK: - Taxes

    /// The rate of a place, in percent.
    mutating func taxRates(_ node: YAMLNode?, at setting: String) -> PlaceTable<ExactDecimal> {
        var table = PlaceTable<ExactDecimal>()
        let form = "must be places with a percentage each, such as `US/WA: 6.5`"
        for (name, value) in members(of: node, at: setting, form: form) {
            let place = "\(setting).\(SettingFault.shown(name))"
            guard let pattern = PlacePattern(name) else {
                fault(place, "`\(SettingFault.shown(name))` \(Self.placeForm)")
                continue
            }
            if table[pattern] != nil { fault(place, "is the same place as another one") }
            table[pattern] = decimal(value.text ?? value.line, at: place, atMost: 100, decimals: 4, "a percentage")
        }
        return table
    }

    // MARK: - Rates

    private static let ofMethods = ["title", "currency", "zones"]
    private static let ofSteps = ["up-to", "base", "per-kg"]

    /// The ways to send goods, in the order of the setting. `zones` tells which zones there are.
    mutating func methods(
        _ node: YAMLNode?, at setting: String, zones: Set<String>
    ) -> [FreightTariff.Method] {
        let form = "must be shipping methods with `title`, `currency` and `zones` each"
        var methods: [FreightTariff.Method] = []
        for (code, value) in members(of: node, at: setting, form: form) {
            let place = "\(setting).\(SettingFault.shown(code))"
            guard (1...64).contains(code.unicodeScalars.count), InertText.line(code) == code else {
                fault(place, "the code of a method has 1 to 64 characters, all of them printable")
                continue
            }
            if let method = method(code, value, at: place, zones) { methods.append(method) }
        }
        return methods
    }

    private mutating func method(
        _ code: String, _ node: YAMLNode, at place: String, _ zones: Set<String>
    ) -> FreightTariff.Method? {
        let form = "must be `{title: …, currency: USD, zones: {…}}`"
        var section = SettingSection(node, at: place, members: Self.ofMethods, form: form)
        let title = section.text("title") ?? code
        if title.unicodeScalars.count > 120 { section.fault("title", "must have 120 characters at most") }
        let currency = section.text("currency").flatMap { Currency($0) }
        if section.isThere, currency == nil { section.fault("currency", "must be a currency of ISO 4217, such as USD") }
        if section.isThere, !section.has("zones") { section.fault("zones", "is missing: what it costs by zone") }
        faults += section.faults
        guard let currency, case .mapping(let pairs) = node else { return nil }
        var method = FreightTariff.Method(code: code, title: title, currency: currency)
        let rates = pairs.first { $0.name.text == "zones" }?.value
        let ratesForm = "must be zones with a price each, such as `west: {base: 7.95, per-kg: 0.88}`"
        for (zone, value) in members(of: rates, at: "\(place).zones", form: ratesForm) {
            let inner = "\(place).zones.\(SettingFault.shown(zone))"
            if !zones.contains(zone) { fault(inner, "there is no such zone in `quotes.shipping-zones`") }
            method.zones[zone] = steps(value, at: inner)
        }
        return method
    }

    /// One step, or several, the lightest first: only the last may be without an end.
    private mutating func steps(_ node: YAMLNode, at place: String) -> [FreightTariff.Step] {
        guard case .sequence(let elements) = node else { return step(node, at: place).map { [$0] } ?? [] }
        if elements.isEmpty { fault(place, "must have a step at least") }
        var steps: [FreightTariff.Step] = []
        for (index, element) in elements.enumerated() {
            let inner = "\(place)[\(index)]"
            guard let step = step(element, at: inner) else { continue }
            if let last = steps.last {
                let isLater = last.upTo.map { end in step.upTo.map { end < $0 } ?? true } ?? false
                if !isLater { fault("\(inner).up-to", "must be above that of the step before it") }
            }
            steps.append(step)
        }
        return steps
    }

    private mutating func step(_ node: YAMLNode, at place: String) -> FreightTariff.Step? {
        let form = "must be a price such as `{up-to: 30, base: 7.95, per-kg: 0.22}`"
        var section = SettingSection(node, at: place, members: Self.ofSteps, form: form)
        guard section.isThere else {
            faults += section.faults
            return nil
        }
        if !section.has("base"), !section.has("per-kg") { section.fault("base", "is missing, and so is `per-kg`") }
        let texts = Self.ofSteps.map { section.text($0) }
        faults += section.faults
        var step = FreightTariff.Step()
        if let text = texts[0] {
            step.upTo = decimal(text, at: "\(place).up-to", atMost: 1_000_000, decimals: 3, "a weight in kilograms")
        }
        if let text = texts[1] {
            step.base = decimal(text, at: "\(place).base", atMost: 1_000_000, decimals: 4, "an amount") ?? .zero
        }
        if let text = texts[2] {
            step.perKilogram =
                decimal(text, at: "\(place).per-kg", atMost: 1_000_000, decimals: 4, "an amount") ?? .zero
        }
        return step
    }

    private mutating func decimal(
        _ text: String, at place: String, atMost limit: Int64, decimals: Int, _ what: String
    ) -> ExactDecimal? {
        guard let value = ExactDecimal(text), !value.isNegative, value.scale <= decimals,
            let most = ExactDecimal(limit), value <= most
        else {
            let allowed = "\(what) from 0 to \(limit), with \(decimals) decimals at most"
            fault(place, "is `\(SettingFault.shown(text))`, but must be \(allowed)")
            return nil
        }
        return value
    }
}
