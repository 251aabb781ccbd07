internal import CSQLite

/// One row of an answer, valid only while its closure runs. Columns count from 0.
public struct SQLRow: ~Copyable {
    let statement: OpaquePointer

    /// Whether the column is NULL.
    public func isNull(_ column: Int) -> Bool {
        sqlite3_column_type(statement, index(column)) == SQLITE_NULL
    }

    /// The column as a whole number; 0 for NULL.
    public func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(statement, index(column))
    }

    /// The column as a floating-point number; 0 for NULL.
    public func real(_ column: Int) -> Double {
        sqlite3_column_double(statement, index(column))
    }

    /// The column as text; empty for NULL.
    public func text(_ column: Int) -> String {
        guard let bytes = sqlite3_column_text(statement, index(column)) else { return "" }
        let count = Int(sqlite3_column_bytes(statement, index(column)))
        return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    /// The column's bytes, in place; empty for NULL.
    public func withBlob<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let bytes = sqlite3_column_blob(statement, index(column))
        let count = Int(sqlite3_column_bytes(statement, index(column)))
        return body(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count))
    }

    /// The column's bytes; empty for NULL.
    public func blob(_ column: Int) -> [UInt8] {
        withBlob(column) { [UInt8]($0) }
    }

    /// The column as a whole number, or nil for NULL.
    public func optionalInteger(_ column: Int) -> Int64? {
        isNull(column) ? nil : integer(column)
    }

    /// The column as text, or nil for NULL.
    public func optionalText(_ column: Int) -> String? {
        isNull(column) ? nil : text(column)
    }

    /// The column as a content digest, or nil for anything that is not 16 bytes.
    public func digest(_ column: Int) -> ContentDigest? {
        withBlob(column) { ContentDigest($0) }
    }

    private func index(_ column: Int) -> Int32 { Int32(truncatingIfNeeded: column) }
}
