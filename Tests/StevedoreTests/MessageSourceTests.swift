import Fleet
import FleetTesting
import Testing

@testable import Stevedore

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct MessageSourceTests {
    /// The lines that are read, from `first` on.
    private func lines(of text: String, from first: Int) async throws -> [Int] {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("orders.ndjson")
            let file = try #require(fopen(path, "w"))
            #expect(fputs(text, file) >= 0)
            fclose(file)
            let source = try MessageSource(path: path, isStream: true, fromLine: first)
            var lines: [Int] = []
            while true {
                switch try source.next() {
                case .message(let line, _), .tooLong(let line): lines.append(line)
                case .pause: continue
                case .end: return lines
                }
            }
        }
    }

    @Test(
        "reading begins at the line that was asked for, be the last line ended or not",
        arguments: ["{}\n{}\n{}\n", "{}\n{}\n{}"])
    func fromLine(text: String) async throws {
        #expect(try await lines(of: text, from: 1) == [1, 2, 3])
        #expect(try await lines(of: text, from: 3) == [3])
    }

    @Test("a line beyond the last is an error, not an empty success")
    func beyondTheEnd() async throws {
        let error = await #expect(throws: ProgramError.self) { try await lines(of: "{}\n{}\n{}\n", from: 4) }
        #expect(error?.code == "publish.no-line" && error?.exit == .usage)
        #expect(error?.sentence.contains("its last is line 3") == true)
    }
}
