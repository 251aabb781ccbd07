internal import Fleet
internal import FoundationEssentials
#if canImport(Glibc)
    internal import Glibc
#endif

/// One program that `stevedore up` keeps running.
struct ChildProgram: Sendable {
    /// In the log: `orders-worker.1`.
    var label: String
    /// The executable's name: `orders-worker`.
    var name: String
    var path: String
    var arguments: [String] = []
    /// Added to our own environment.
    var environment: [String: String] = [:]
    /// It is ready when it writes a line that starts so; nil when nothing waits for it.
    var readySign: String?

    /// The path of an executable that lies beside our own.
    static func sibling(_ name: String) throws(ProgramError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let own = String(decoding: buffer.prefix(max(0, length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let folder = own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/"
        // In a build directory a program may still have its target's name: `ERPSimulator` for `erp-simulator`.
        let plain = name.filter { $0 != "-" }
        if let path = try? FileManager.default.contentsOfDirectory(atPath: folder).first(where: {
            $0 == name || $0.lowercased() == plain
        }).map({ folder + $0 }), access(path, X_OK) == 0 {
            return path
        }
        throw ProgramError(
            code: "up.missing-program", sentence: "There is no program \(folder)\(name).",
            remedy: "Install all programs of the fleet in one directory, or build them all with `scripts/build`.",
            exit: .configuration)
    }
}
