import FleetTesting
import Testing

@testable import OutboxRelay

@Suite("Only one relay at a time")
struct RelayLockTests {
    /// Has the lock for the time of the body.
    private static func holding(_ path: String, _ holder: String, _ body: () throws -> Void) throws {
        let lock = try #require(try RelayLock.take(for: path, holder: holder))
        try body()
        withExtendedLifetime(lock) {}
    }

    private static func isTaken(_ path: String) throws -> Bool {
        try RelayLock.take(for: path, holder: "relay@other:9") == nil
    }

    @Test("a second one does not get the lock, and can tell who has it; it gets it when the first is gone")
    func takeover() throws {
        let directory = try TemporaryDirectory()
        let path = try ShopDatabase.makeEmptyFile(directory.file("shop.db"))
        #expect(RelayLock.holder(of: path) == nil)
        try Self.holding(path, "relay@a:1") {
            // By whatever path it is named.
            let taken = [try Self.isTaken(path), try Self.isTaken(directory.path + "/./shop.db")]
            #expect(taken == [true, true])
            #expect(RelayLock.holder(of: path) == "relay@a:1")
        }
        #expect(RelayLock.holder(of: path) == nil)
        try Self.holding(path, "relay@b:2") {
            #expect(RelayLock.holder(of: path) == "relay@b:2")
        }
        withExtendedLifetime(directory) {}
    }
}
