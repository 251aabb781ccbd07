import Glibc
import Synchronization

/// A port of 127.0.0.1 that is free now and stays so until the test opens it, also after it was closed for a while: the
/// system gives no such number to whoever asks for any port, `scripts/broker` takes lower ones, and no number is given
/// twice in one process.
public enum KeptPort {
    /// Below 32768, where Linux begins to take ports for outgoing connections and for `bind` to port 0.
    private static let range = 25_100..<32_768
    private static let given = Mutex<Set<Int>>([])

    /// The next such port.
    ///
    /// - Throws: ``TestingError/missing(_:)`` when hundreds in a row were taken.
    public static func next() throws(TestingError) -> Int {
        for _ in 0..<500 {
            let port = Int.random(in: range)
            if given.withLock({ $0.insert(port).inserted }), isFree(port) { return port }
        }
        throw .missing("a free port from \(range.lowerBound) to \(range.upperBound)")
    }

    private static func isFree(_ port: Int) -> Bool {
        guard let socket = try? makeSocket() else { return false }
        defer { close(socket) }
        let bound: Void? = try? withLoopbackAddress(UInt16(port)) { address, length throws(TestingError) in
            _ = try check("bind") { bind(socket, address, length) }
        }
        return bound != nil
    }
}
