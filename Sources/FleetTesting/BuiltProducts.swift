import Glibc

/// Where the programs under test and the repository's scripts are.
public enum BuiltProducts {
    /// The directory that the running test bundle was built into; executable products lie beside it.
    /// `STEVEDORE_BUILD_DIR` overrides, for example to test a release build.
    public static let directory: String = {
        if let chosen = getenv("STEVEDORE_BUILD_DIR") { return String(cString: chosen) }
        return image(of: UInt(bitPattern: #dsohandle)).map { parent(of: $0) } ?? "."
    }()

    /// The checkout these sources were compiled from.
    public static let checkout: String = parent(of: parent(of: parent(of: #filePath)))

    /// The path of an executable product, or what to do about its absence.
    public static func executable(_ product: String) throws(TestingError) -> String {
        let path = "\(directory)/\(product)"
        guard access(path, X_OK) == 0 else {
            throw .missing("there is no program at \(path): build it first (swift build --build-tests)")
        }
        return path
    }

    /// The file that an address of this process was loaded from: the test bundle, whatever program has loaded it.
    /// A line of the map reads `start-end permissions offset device inode path`.
    private static func image(of address: UInt) -> String? {
        for line in (contents(ofFile: "/proc/self/maps") ?? "").split(separator: "\n") {
            let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard fields.count == 6, bounds.count == 2, (bounds[0]..<bounds[1]).contains(address) else { continue }
            return String(fields[5].drop { $0 == " " })
        }
        return nil
    }

    static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }
}
