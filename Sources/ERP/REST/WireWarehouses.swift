internal import Models

/// The warehouses, by their codes.
struct WireWarehouses: Decodable {
    var warehouses: [String]

    /// Fails when one is no key: its stock could not be told from another's.
    func codes() throws(ERPError) -> [String] {
        var codes: [String] = []
        for (index, text) in warehouses.enumerated() {
            do throws(WireFault) {
                let code = try WireText.key(text, "warehouses/\(index)")
                if !codes.contains(code) { codes.append(code) }
            } catch {
                throw .unreadable(error.description, isWrite: false)
            }
        }
        return codes
    }
}
