/// A stack of bytes that bound text lives in until its statement has run.
///
/// Binding with `SQLITE_TRANSIENT` makes SQLite allocate and free a copy of every text; a copy into memory that is already
/// there is several times cheaper. Used strictly as a stack (`mark`, then `reset(to:)`), so a statement that is run while
/// another one's rows are being read never touches the outer one's bytes. What does not fit is left to SQLite to copy.
final class BindArena {
    private let base: UnsafeMutableRawPointer
    private let capacity: Int
    private(set) var mark = 0

    init(capacity: Int = 64 << 10) {
        self.capacity = capacity
        base = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { base.deallocate() }

    /// A copy that lives until the arena is reset below it; nil when it does not fit.
    @inline(__always)
    func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard bytes.count <= capacity &- mark else { return nil }
        let place = base + mark
        if let source = bytes.baseAddress { place.copyMemory(from: source, byteCount: bytes.count) }
        mark &+= bytes.count
        return UnsafeRawPointer(place)
    }

    @inline(__always)
    func reset(to mark: Int) { self.mark = mark }
}
