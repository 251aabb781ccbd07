internal import CZlib

/// Compresses stored bodies with one zlib stream that is used again and again. Belongs to one thread.
final class BodyCompressor {
    private let threshold: Int
    private let stream: UnsafeMutablePointer<z_stream>
    private var isReady = false
    private var output: [UInt8] = []

    init(threshold: Int) {
        self.threshold = threshold
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    /// The compressed bytes; nil when the body is small or compression would save less than an eighth.
    func compress(_ body: UnsafeRawBufferPointer) -> ArraySlice<UInt8>? {
        guard body.count >= threshold, let size = UInt32(exactly: body.count), prepare() else { return nil }
        let limit = body.count - body.count / 8
        if output.count < limit { output = [UInt8](repeating: 0, count: limit) }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: body.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = size
        stream.pointee.avail_out = UInt32(limit)
        let status = output.withUnsafeMutableBufferPointer { buffer in
            stream.pointee.next_out = buffer.baseAddress
            return deflate(stream, Z_FINISH)
        }
        guard status == Z_STREAM_END else { return nil }
        return output[..<(limit - Int(stream.pointee.avail_out))]
    }

    private func prepare() -> Bool {
        if isReady { return deflateReset(stream) == Z_OK }
        isReady = czlib_deflate_init(stream, 1) == Z_OK
        return isReady
    }

    /// The original bytes; nil when they are not what was compressed.
    static func expand(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        var expanded = uLongf(size)
        let body = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let source = bytes.bindMemory(to: UInt8.self).baseAddress
            let status = uncompress(buffer.baseAddress, &expanded, source, uLong(bytes.count))
            count = status == Z_OK ? Int(expanded) : 0
        }
        return body.count == size ? body : nil
    }
}
