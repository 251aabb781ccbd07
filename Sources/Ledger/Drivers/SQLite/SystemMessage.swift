internal import Glibc

/// What the operating system calls an error number.
func systemMessage(_ number: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        buffer.initialize(repeating: 0)
        guard let base = buffer.baseAddress, strerror_r(number, base, buffer.count) == 0 else {
            return "error \(number)"
        }
        return String(cString: base).lowercased()
    }
}
