internal import CSQLite

/// Binds the values of one statement, in the order of its question marks.
public struct SQLBinder: ~Copyable {
    let statement: OpaquePointer
    let arena: BindArena
    var count: Int32 = 0
    var status: Int32 = SQLITE_OK

    init(statement: OpaquePointer, arena: BindArena) {
        self.statement = statement
        self.arena = arena
    }

    /// Binds a whole number.
    public mutating func integer(_ value: Int64) {
        count &+= 1
        note(sqlite3_bind_int64(statement, count, value))
    }

    /// Binds a whole number or NULL.
    public mutating func integer(_ value: Int64?) {
        guard let value else { return null() }
        integer(value)
    }

    /// Binds a floating-point number; never for money.
    public mutating func real(_ value: Double) {
        count &+= 1
        note(sqlite3_bind_double(statement, count, value))
    }

    /// Binds NULL.
    public mutating func null() {
        count &+= 1
        note(sqlite3_bind_null(statement, count))
    }

    /// Binds text.
    public mutating func text(_ value: String) {
        count &+= 1
        let status = value.utf8.withContiguousStorageIfAvailable { bind(text: UnsafeRawBufferPointer($0)) }
        note(status ?? bind(bridged: value))
    }

    /// Binds text or NULL.
    public mutating func text(_ value: String?) {
        guard let value else { return null() }
        text(value)
    }

    /// Binds text that is known when the program is built.
    public mutating func text(_ value: StaticString) {
        count &+= 1
        note(value.withUTF8Buffer { bind(text: UnsafeRawBufferPointer($0)) })
    }

    /// Binds bytes.
    public mutating func blob(_ bytes: UnsafeRawBufferPointer) {
        count &+= 1
        guard !bytes.isEmpty else { return note(sqlite3_bind_zeroblob(statement, count, 0)) }
        guard let size = Int32(exactly: bytes.count) else { return note(SQLITE_TOOBIG) }
        if let copy = arena.copy(bytes) {
            note(csqlite_bind_blob(statement, count, copy, size, 0))
        } else {
            note(csqlite_bind_blob(statement, count, bytes.baseAddress, size, 1))
        }
    }

    /// Binds bytes.
    public mutating func blob(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { blob($0) }
    }

    /// Binds a content digest as its 16 bytes.
    public mutating func digest(_ value: ContentDigest) {
        value.withBytes { blob($0) }
    }

    /// Binds any value.
    public mutating func value(_ value: SQLValue) {
        switch value {
        case .null: null()
        case .integer(let number): integer(number)
        case .real(let number): real(number)
        case .text(let string): text(string)
        case .blob(let bytes): blob(bytes)
        }
    }

    @inline(__always)
    private mutating func note(_ result: Int32) {
        if result != SQLITE_OK { status = result }
    }

    @inline(__always)
    private func bind(text bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let size = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
        if let copy = arena.copy(bytes) { return csqlite_bind_text(statement, count, copy, size, 0) }
        return csqlite_bind_text(statement, count, bytes.baseAddress, size, 1)
    }

    private func bind(bridged value: String) -> Int32 {
        var copy = value
        return copy.withUTF8 { bind(text: UnsafeRawBufferPointer($0)) }
    }
}
