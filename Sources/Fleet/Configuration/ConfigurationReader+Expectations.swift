extension ConfigurationReader {
    /// What has to happen by when; nothing unless something is declared.
    mutating func expectations(_ key: ConfigurationKey, adapters: Set<StorefrontAdapter>) -> [Expectation] {
        // A name with nothing behind it declares nothing.
        guard let node = source.sections[key.name], node.text != "" else { return [] }
        var reader = ExpectationReader(adapters: adapters)
        let expectations = reader.read(node, at: key.name)
        for fault in reader.faults { faultUnusable(key, at: fault.place, fault.reason) }
        return expectations
    }
}
