import Models
import Testing

@testable import Storefront

@Suite struct TimestampSortableTests {
    @Test("times as texts sort as they passed, whatever decimals they came with")
    func sorted() throws {
        let texts = ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123Z", "2026-03-01T12:00:00.123456Z"]
        let sortable = try texts.map { try #require(Timestamp(rfc3339: $0)).sortable }
        #expect(sortable == sortable.sorted())
        #expect(sortable.map(\.count) == [27, 27, 27])
        #expect(sortable.first == "2026-03-01T12:00:00.000000Z")
        #expect(sortable.map { Timestamp(rfc3339: $0) } == texts.map { Timestamp(rfc3339: $0) })
    }
}
