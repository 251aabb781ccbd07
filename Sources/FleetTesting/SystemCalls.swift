import Glibc
import Synchronization

/// What errno means, in the system's words.
func systemMessage(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}

/// The characters before the first NUL.
func string(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Runs a call that reports failure by a negative number, again when a signal interrupted it.
@discardableResult
func check(_ operation: String, _ call: () -> Int32) throws(TestingError) -> Int32 {
    while true {
        let result = call()
        if result >= 0 { return result }
        if errno != EINTR { throw .system(operation: operation, errno: errno) }
    }
}

/// Held while a descriptor is made and marked, and while a process is started: in between, a child would inherit it, and
/// a pipe whose end a stranger holds is never closed. (pipe2 and accept4 are not in Swift's Glibc.)
let descriptorLock = Mutex(())

/// Keeps child processes from inheriting the descriptor, and its users from blocking on it.
func mark(_ descriptor: Int32, nonBlocking: Bool = false) {
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    if nonBlocking { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
}

/// A pipe that no child process inherits by accident.
func makePipe(nonBlocking: Bool = false) throws(TestingError) -> (read: Int32, write: Int32) {
    var ends: [Int32] = [-1, -1]
    let code = descriptorLock.withLock { _ in
        guard pipe(&ends) == 0 else { return errno }
        for end in ends { mark(end, nonBlocking: nonBlocking) }
        return 0
    }
    guard code == 0 else { throw .system(operation: "pipe", errno: code) }
    return (ends[0], ends[1])
}

/// Starts a detached thread: for work that blocks in system calls, which must not occupy the cooperative pool.
func startThread(_ body: @escaping @Sendable () -> Void) throws(TestingError) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    let box = Unmanaged.passRetained(Box(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { argument in
            if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body() }
            return nil
        }, box.toOpaque())
    guard code == 0 else {
        box.release()
        throw .system(operation: "pthread_create", errno: code)
    }
    pthread_detach(thread)
}

/// Reads once into the buffer: nil when nothing is there yet, 0 at the end of the stream or when it broke.
func readSome(_ descriptor: Int32, into buffer: inout [UInt8]) -> Int? {
    let count = read(descriptor, &buffer, buffer.count)
    if count >= 0 { return count }
    return errno == EAGAIN || errno == EINTR ? nil : 0
}
