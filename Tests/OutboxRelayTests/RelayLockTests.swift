import Fleet
import FleetTesting
import Glibc
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

    @Test(
        "one whose file is deleted has it no more, and who makes the file anew can tell that somebody may have had it")
    func deleted() throws {
        let directory = try TemporaryDirectory()
        let path = try ShopDatabase.makeEmptyFile(directory.file("shop.db"))
        let first = try #require(try RelayLock.take(for: path, holder: "relay@a:1"))
        #expect(first.isHeld && first.isNew)
        #expect(unlink(path + "-relay") == 0)
        #expect(!first.isHeld)
        let second = try #require(try RelayLock.take(for: path, holder: "relay@b:2"))
        #expect(second.isHeld && second.isNew && !first.isHeld)
        withExtendedLifetime(directory) {}
    }

    @Test("the file that an earlier one has left is no new one")
    func left() throws {
        let directory = try TemporaryDirectory()
        let path = try ShopDatabase.makeEmptyFile(directory.file("shop.db"))
        try Self.holding(path, "relay@a:1") {}
        let second = try #require(try RelayLock.take(for: path, holder: "relay@b:2"))
        #expect(!second.isNew)
        withExtendedLifetime(directory) {}
    }

    /// What a person is told when the lock was not given for that reason; nil where another relay has it.
    private static func fault(_ number: Int32) -> String? {
        do throws(ProgramError) {
            try RelayLock.checkTaken("/mnt/shop.db-relay", number)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a file system without locks is not taken for another relay")
    func noLocks() {
        let faults = [EWOULDBLOCK, ENOLCK, EOPNOTSUPP, ENOSYS].map { Self.fault($0) }
        #expect(faults == [nil, "outbox.lock", "outbox.lock", "outbox.lock"])
    }
}
