/// The bytes of a delivered message: a slice of memory that it shares with its batch.
public struct MessageBody: Sendable {
    private let storage: [UInt8]
    private let range: Range<Int>

    init(storage: [UInt8], range: Range<Int>) { (self.storage, self.range) = (storage, range) }

    /// A body of its own.
    public init(_ bytes: [UInt8]) { self.init(storage: bytes, range: 0..<bytes.count) }

    /// How many bytes.
    public var count: Int { range.count }

    /// A copy that does not keep the batch alive.
    public var bytes: [UInt8] { Array(storage[range]) }

    /// The bytes in place; the pointer is valid inside the closure only.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let range = range
        return unsafe try storage.withUnsafeBufferPointer { (all) throws(Failure) -> Result in
            try unsafe body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: all[range])))
        }
    }
}
