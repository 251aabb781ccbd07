import Glibc

/// What the kernel says of the threads of a process.
enum ThreadStates {
    /// Whether each has stopped, or ended.
    static func allStopped(of process: Int32) -> Bool {
        guard let folder = opendir("/proc/\(process)/task") else { return true }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let thread = Int32(name) else { continue }
            if let state = state(of: thread, in: process), !"TtXZ".contains(state) { return false }
        }
        return true
    }

    /// The letter behind the program's name, which may contain anything; nil when the thread has ended.
    private static func state(of thread: Int32, in process: Int32) -> Character? {
        guard let file = fopen("/proc/\(process)/task/\(thread)/stat", "r") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = fread(&bytes, 1, bytes.count, file)
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        return text[end...].dropFirst(2).first
    }
}
