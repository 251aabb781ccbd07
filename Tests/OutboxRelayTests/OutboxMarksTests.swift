import Testing

@testable import OutboxRelay

@Suite("What is written down at once")
struct OutboxMarksTests {
    private func marks(sent: Int, refused: Int) -> OutboxMarks {
        OutboxMarks(
            sent: (0..<sent).map { .init(id: Int64($0), subject: "S-\($0)") },
            refused: (0..<refused).map {
                RowRefusal(id: Int64(1_000 + $0), type: "t", subject: "s", revision: 1, code: "c", text: "t")
            })
    }

    @Test("no transaction has more rows than it may, and in the end all are written once")
    func parts() {
        var rest = marks(sent: 450, refused: 70)
        var (seen, sizes): ([Int64], [Int]) = ([], [])
        while !rest.isEmpty {
            let part = rest.prefix(200)
            sizes.append(part.count)
            seen += part.ids
            rest.remove(part)
        }
        #expect(sizes == [200, 200, 120])
        #expect(Set(seen).count == 520 && seen.count == 520)
    }
}
