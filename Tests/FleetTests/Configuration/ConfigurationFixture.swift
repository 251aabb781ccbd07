import FleetTesting
import Ledger
import Storefront
import Testing

@testable import Fleet

#if canImport(Glibc)
    import Glibc
#endif

/// Reads settings from a text and variables.
protocol ConfigurationFixture {}

extension ConfigurationFixture {
    func write(_ text: String, to path: String) throws {
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        #expect(fputs(text, file) >= 0)
    }

    /// Reads this file and environment.
    func read(yaml: String, _ environment: [String: String] = [:]) async throws -> Configuration {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("stevedore.yaml")
            try write(yaml, to: path)
            return try Configuration(file: path, environment: environment)
        }
    }

    /// What is said to be wrong with this file and environment.
    func faults(
        yaml: String = "", _ environment: [String: String] = [:]
    ) async throws -> [ConfigurationFault] {
        do {
            _ = try await read(yaml: yaml, environment)
            return []
        } catch let error as ConfigurationError {
            return error.faults
        }
    }
}
