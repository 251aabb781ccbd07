#if canImport(Glibc)
    internal import Glibc
#endif
public import Logging
internal import Models

/// Writes one line per event to standard error, as logfmt or JSON.
///
/// Values are escaped so that a hostile text can never start a line of its own, and e-mail addresses in them are hidden:
/// logs go to more people, and are kept in more places, than the data they are about.
public struct LineLogHandler: LogHandler {
    /// How a line is written.
    public enum Format: String, Sendable {
        case logfmt, json
    }

    private let label: String
    private let format: Format
    /// Events below are not written.
    public var logLevel: Logger.Level
    /// Written with every event.
    public var metadata: Logger.Metadata = [:]
    /// Not used: what belongs to a message is given with the event.
    public var metadataProvider: Logger.MetadataProvider?

    /// Creates a handler; `label` names the program.
    public init(label: String, format: Format, level: Logger.Level) {
        self.label = label
        self.format = format
        logLevel = level
    }

    /// One value of ``metadata``.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes the event.
    public func log(event: LogEvent) {
        var fields: [(String, String)] = [
            ("time", Timestamp.now().description), ("level", event.level.rawValue), ("program", label),
            ("message", LogRedaction.withoutAddresses("\(event.message)")),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        fields += all.sorted { $0.key < $1.key }.map { ($0.key, LogRedaction.value("\($0.value)", of: $0.key)) }
        if let error = event.error { fields.append(("error", LogRedaction.withoutAddresses("\(error)"))) }
        write(fields)
    }

    private func write(_ fields: [(String, String)]) {
        var line: String
        switch format {
        case .logfmt: line = fields.map { $0 + "=" + Self.logfmt($1) }.joined(separator: " ")
        case .json:
            line = "{" + fields.map { JSONText.quoted($0) + ":" + JSONText.quoted($1) }.joined(separator: ",") + "}"
        }
        line += "\n"
        line.withUTF8 { bytes in
            // A full or closed standard error must never stop a worker.
            _ = Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    static func logfmt(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty
            || text.unicodeScalars.contains { $0 == " " || $0 == "\"" || $0 == "=" || JSONText.isControl($0) }
        return needsQuotes ? JSONText.quoted(text) : text
    }
}
