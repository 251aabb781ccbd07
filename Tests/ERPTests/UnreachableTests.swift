import HTTPClient
import Testing

@testable import ERP

/// What is said of an ERP that can not be reached at all.
@Suite struct UnreachableTests {
    private func error(_ error: HTTPError, isWrite: Bool = false) -> ERPError {
        ERPError(error, at: "https://erp.example.com", isWrite: isWrite)
    }

    @Test("the address is named, whatever went wrong on the way to it")
    func address() {
        for cause in HTTPError.Cause.allCases {
            #expect(error(.notSent(cause, "why")).sentence.contains("https://erp.example.com"))
        }
    }

    @Test("an unknown name and a refused certificate are for the address; a refused connection is an outage")
    func obstacle() {
        #expect(error(.notSent(.unresolved, "")).code == "erp.address")
        #expect(error(.notSent(.tls, "")).code == "erp.address")
        #expect(error(.notSent(.unresolved, "")).remedy.contains("erp.rest.url"))
        #expect(error(.notSent(.refused, "")).code == "erp.unavailable")
        #expect(error(.unknownOutcome(.malformedAnswer, "")).code == "erp.answer")
    }

    @Test("a write that may have arrived stays unknown, one that was not sent does not")
    func write() {
        #expect(error(.unknownOutcome(.timedOut, ""), isWrite: true).mayHaveBeenApplied)
        #expect(!error(.notSent(.refused, ""), isWrite: true).mayHaveBeenApplied)
        #expect(!error(.unknownOutcome(.timedOut, "")).mayHaveBeenApplied)
    }

    @Test("nobody listens: the ping says where, and that it is refused")
    func refused() async throws {
        let client = try HTTPClient()
        // Port 1 is nobody's.
        let erp = RESTAdapter(RESTConfiguration(baseURL: "http://127.0.0.1:1"), client: client)
        let error = await #expect(throws: ERPError.self) { try await erp.ping() }
        #expect(error?.code == "erp.unavailable" && error?.sentence.contains("http://127.0.0.1:1") == true)
        await client.close()
    }
}
