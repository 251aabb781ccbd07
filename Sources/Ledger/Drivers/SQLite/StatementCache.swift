internal import CSQLite

/// Prepared statements by the address of their literal text, so that finding one costs a few instructions.
///
/// Literals are distinct addresses for the life of the program; the same text at two places is merely prepared twice.
/// Statements whose text is made at run time are kept by that text, the oldest ones given up beyond a bound.
final class StatementCache {
    struct Entry {
        var key: UnsafePointer<UInt8>?
        var statement: OpaquePointer?
        var parameters: Int32 = 0
    }

    private static let capacity = 512
    private static let dynamicLimit = 64
    private let slots: UnsafeMutablePointer<Entry>
    private var dynamic: [String: Entry] = [:]

    init() {
        slots = .allocate(capacity: Self.capacity)
        slots.initialize(repeating: Entry(), count: Self.capacity)
    }

    deinit {
        removeAll()
        slots.deallocate()
    }

    /// The place of a literal: its entry, or the empty one where it belongs; nil when the cache is full.
    @inline(__always)
    func slot(for key: UnsafePointer<UInt8>) -> UnsafeMutablePointer<Entry>? {
        let address = UInt(bitPattern: key)
        var index = Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> 48) & (Self.capacity &- 1)
        for _ in 0..<Self.capacity {
            let slot = slots + index
            if slot.pointee.key == key || slot.pointee.key == nil { return slot }
            index = (index &+ 1) & (Self.capacity &- 1)
        }
        return nil
    }

    func entry(text: String) -> Entry? { dynamic[text] }

    func keep(_ entry: Entry, text: String) {
        if dynamic.count >= Self.dynamicLimit {
            let inUse = dynamic.filter { sqlite3_stmt_busy($0.value.statement) != 0 }
            for (text, entry) in dynamic where inUse[text] == nil { sqlite3_finalize(entry.statement) }
            dynamic = inUse
        }
        dynamic[text] = entry
    }

    func removeAll() {
        for index in 0..<Self.capacity {
            sqlite3_finalize(slots[index].statement)
            slots[index] = Entry()
        }
        for entry in dynamic.values { sqlite3_finalize(entry.statement) }
        dynamic = [:]
    }
}
