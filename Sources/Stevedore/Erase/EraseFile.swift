internal import Fleet
internal import Models
#if canImport(Glibc)
    internal import Glibc
#endif

/// A file of dead letters that is written anew without a person: beside the old one, and then in its place. Killed half-way,
/// the old one is there.
struct EraseFile {
    let path: String
    let interruption: Interruption

    /// What a link leads to: the link itself must not give way to the new file.
    static func resolved(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return path }
        defer { free(found) }
        return String(cString: found)
    }

    /// The end of a file of dead letters names its lines; see `dead-letter export`.
    private struct Checksum {
        private(set) var text = ""

        mutating func add(_ line: [UInt8]) { text = StableHash.fnv1a(Array(text.utf8) + line) }
    }

    /// A base64 body of the largest message, and room for its properties.
    private static let longestLine = 192 << 20

    /// Learns what the file's letters say of them.
    func learn(_ order: EraseOrder, into knowledge: inout EraseKnowledge) throws(ProgramError) {
        var found = knowledge
        try eachLine { line in
            guard let (body, type) = EraseLine.body(of: line), order.mayConcern(body),
                let message = PersonalMessage(body, type: type)
            else { return }
            let texts = order.texts(of: message)
            if order.concerns(message, texts) { found.learn(message, texts) }
        }
        knowledge = found
    }

    /// Counts the lines that hold anything of theirs, and writes the file anew when that was ordered.
    func erase(_ eraser: BodyEraser, _ counts: inout EraseCounts) throws(ProgramError) {
        let line = EraseLine(eraser: eraser)
        var (count, open): (Int, Set<String>) = (0, [])
        try eachLine { bytes in
            if line.erased(bytes) != nil { count += 1 } else if let subject = line.open(bytes) { open.insert(subject) }
        }
        counts[.exports] += count
        counts.open.formUnion(open)
        guard count > 0, eraser.order.isApplied, !interruption.isRequested else { return }
        try rewrite(line)
    }

    // MARK: - Writing

    private func rewrite(_ eraser: EraseLine) throws(ProgramError) {
        let beside = "\(path).erasing-\(getpid())"
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure("read") }
        let descriptor = Glibc.open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
        guard descriptor >= 0 else { throw failure("written beside") }
        do throws(ProgramError) {
            defer { close(descriptor) }
            try write(eraser, descriptor)
            guard fsync(descriptor) == 0 else { throw failure("written") }
        } catch {
            unlink(beside)
            throw error
        }
        guard !interruption.isRequested, rename(beside, path) == 0 else {
            unlink(beside)
            if interruption.isRequested { return }
            throw failure("replaced")
        }
        syncFolder()
    }

    /// The lines as they are, but for the erased ones, and the checksum at each end of a file.
    private func write(_ eraser: EraseLine, _ descriptor: Int32) throws(ProgramError) {
        var (old, new) = (Checksum(), Checksum())
        var wasWritten = true
        try eachRawLine { raw in
            let (line, end) = Self.split(raw)
            var written = line
            if let members = JSONMembers(line), members.texts["format"] != nil, members.ranges["body"] == nil {
                (old, new) = (Checksum(), Checksum())
            } else if let checksum = Self.footer(line) {
                if checksum.text == old.text {
                    written = Self.replacing(checksum.range, with: JSONMembers.string(new.text), in: line)
                }
            } else {
                written = eraser.erased(line) ?? line
            }
            old.add(line)
            new.add(written)
            wasWritten = wasWritten && Self.put(written + end, descriptor)
        }
        guard wasWritten else { throw failure("written") }
    }

    private static func footer(_ line: [UInt8]) -> (text: String, range: Range<Int>)? {
        guard let members = JSONMembers(line), members.ranges["end"] != nil, let text = members.texts["checksum"],
            let range = members.ranges["checksum"]
        else { return nil }
        return (text, range)
    }

    private static func replacing(_ range: Range<Int>, with bytes: [UInt8], in line: [UInt8]) -> [UInt8] {
        Array(line[..<range.lowerBound]) + bytes + line[range.upperBound...]
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { all in
            var rest = all[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard count > 0 || errno == EINTR else { return false }
                rest = rest.dropFirst(max(0, count))
            }
            return true
        }
    }

    private func syncFolder() {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let descriptor = Glibc.open(folder.isEmpty ? (path.hasPrefix("/") ? "/" : ".") : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    // MARK: - Reading

    private func eachLine(_ body: ([UInt8]) -> Void) throws(ProgramError) {
        try eachRawLine { body(Self.split($0).line) }
    }

    /// A line without its end, and the end.
    private static func split(_ raw: [UInt8]) -> (line: [UInt8], end: [UInt8]) {
        let end = raw.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count
        return (Array(raw.dropLast(end)), Array(raw.suffix(end)))
    }

    /// Lines with their ends, as they stand in the file.
    private func eachRawLine(_ body: ([UInt8]) -> Void) throws(ProgramError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read") }
        defer { close(descriptor) }
        var (chunk, line) = ([UInt8](repeating: 0, count: 256 << 10), [UInt8]())
        while !interruption.isRequested {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read") }
            guard count > 0 else { break }
            for byte in chunk[..<count] {
                line.append(byte)
                guard byte == 0x0A else { continue }
                body(line)
                line = []
            }
            guard line.count <= Self.longestLine else { throw tooLong }
        }
        if !line.isEmpty, !interruption.isRequested { body(line) }
    }

    private var tooLong: ProgramError {
        ProgramError(
            code: "erase.no-export", sentence: "\(path) has a line that no file of dead letters has: it is too long.",
            remedy: "Give a file that `dead-letter export` has written.", exit: .usage)
    }

    private func failure(_ what: String) -> ProgramError {
        ProgramError(
            code: "erase.file", sentence: "\(path) cannot be \(what): \(String(cString: strerror(errno))).",
            remedy: "Check the path, who may read and write there, and the room on that disk.", exit: .failure)
    }
}
