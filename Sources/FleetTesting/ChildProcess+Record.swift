import Glibc
import Synchronization

extension ChildProcess {
    /// What is known of the process; shared by its two threads and its users.
    final class Record: Sendable {
        struct State {
            var output = LineBuffer()
            var errors = LineBuffer()
            var status: ExitStatus?
            var drained = false
            /// Reaped, and all it wrote was read.
            var ended: Bool { status != nil && drained }
        }

        let pid: pid_t
        let state = Mutex(State())

        init(pid: pid_t) { self.pid = pid }

        /// Under the lock that reaping takes as well, so the number cannot have become another process's.
        func send(_ signal: Int32) {
            state.withLock { if $0.status == nil { _ = Glibc.kill(pid, signal) } }
        }

        /// Waits for the end without reaping, then reaps under the lock.
        func awaitEnd() {
            var info = siginfo_t()
            while waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            state.withLock { state in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                state.status = ExitStatus(waitStatus: status)
            }
        }

        /// Reads both streams until each has ended. A grandchild that keeps one open does not hold the end up for ever:
        /// some time after the process is gone, what was read has to do.
        func collect(output: Int32, errors: Int32) {
            var streams = [output, errors]
            var buffer = [UInt8](repeating: 0, count: 65536)
            var idle = 0
            while streams.contains(where: { $0 >= 0 }), idle < 20 {
                var waiting = streams.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                let ready = poll(&waiting, nfds_t(waiting.count), 50)
                idle = ready == 0 && state.withLock({ $0.status != nil }) ? idle + 1 : 0
                for (index, entry) in waiting.enumerated() where entry.fd >= 0 && entry.revents != 0 {
                    guard let count = readSome(entry.fd, into: &buffer) else { continue }
                    let bytes = buffer[..<count]
                    state.withLock { index == 0 ? $0.output.append(bytes) : $0.errors.append(bytes) }
                    guard count == 0 else { continue }
                    close(entry.fd)
                    streams[index] = -1
                }
            }
            for stream in streams where stream >= 0 { close(stream) }
            state.withLock { $0.drained = true }
        }
    }

    /// Bytes as they come, lines as they are complete; the end of the stream completes the last one.
    struct LineBuffer {
        private(set) var lines: [String] = []
        private var partial: [UInt8] = []

        mutating func append(_ bytes: ArraySlice<UInt8>) {
            guard !bytes.isEmpty else {
                if !partial.isEmpty { endLine() }
                return
            }
            for byte in bytes {
                if byte == UInt8(ascii: "\n") { endLine() } else { partial.append(byte) }
            }
        }

        private mutating func endLine() {
            lines.append(String(decoding: partial, as: UTF8.self))
            partial.removeAll(keepingCapacity: true)
        }
    }
}
