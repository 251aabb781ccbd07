/// One switchable fault: what goes wrong, and for which requests.
public struct FaultRule: Codable, Hashable, Sendable {
    /// What goes wrong.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Every answer takes this long.
        case latency
        /// Only `limit` requests at once; more are refused with `status` (429 or 503) and `retryAfter`.
        case capacity
        /// Answers `status` (500), with `retryAfter` if given.
        case error
        /// Does not answer for `seconds` (600), then closes the connection.
        case hang
        /// Does the work, and answers when the fault is cleared.
        case hold
        /// Does the work, then closes the connection without an answer.
        case dropReply = "drop-reply"
        /// Closes the connection without doing the work.
        case reset
        /// Does the work twice, as a network that repeats a request would; answers once.
        case duplicate
        /// Answers 200 with a login page.
        case html
        /// Answers half of the JSON, as a complete HTTP answer.
        case truncated
        /// Answers half of the JSON and closes the connection.
        case cutOff = "cut-off"
        /// Answers 200 without a body.
        case empty
        /// Answers 200 with an error as JSON.
        case errorBody = "error-body"
        /// Does not listen at all for `seconds`, or until the fault is cleared.
        case down
        /// A page of changes begins with `limit` (1) changes from before it, and ends with its own first once more.
        case repeatRows = "repeat-rows"
        /// A page of changes leaves out its first `limit` (1), and its cursor passes them: they are found behind it later. No
        /// change is left out twice.
        case skipRows = "skip-rows"
        /// The first `limit` (1) changes of a page can not be read.
        case unreadableRows = "unreadable-rows"
        /// The company's clock is `seconds` (3600) late: what changes meanwhile says so. The sequence of changes goes on.
        case clockBack = "clock-back"
    }

    /// Given by the simulator.
    public var id: Int?
    /// What goes wrong.
    public var kind: Kind
    /// The next so many requests only.
    public var count: Int?
    /// `POST`, say; any without.
    public var method: String?
    /// The path's beginning; any without.
    public var path: String?
    /// 0…1 of the requests, by chance.
    public var probability: Double?
    /// Makes chance repeatable.
    public var seed: UInt64?
    /// Whether the work is done although the answer is not: by default as the kind says, else not.
    public var applied: Bool?
    /// The status of `error` and `capacity`.
    public var status: Int?
    /// Seconds.
    public var retryAfter: Int?
    /// How many at once; how many changes.
    public var limit: Int?
    /// How long; how late.
    public var seconds: Double?
    /// `50ms`, `uniform:20ms,80ms`, `normal:50ms,10ms`, `exponential:50ms`.
    public var latency: Latency?

    /// A fault for every request.
    public init(_ kind: Kind) {
        self.kind = kind
    }

    /// Whether the request's work is done.
    var isApplied: Bool {
        if let applied { return applied }
        switch kind {
        case .hold, .dropReply, .duplicate, .truncated, .cutOff, .latency, .capacity, .repeatRows, .skipRows,
            .unreadableRows, .clockBack:
            return true
        case .error, .hang, .reset, .html, .empty, .errorBody, .down: return false
        }
    }

    /// Whether only pages of changes run into it.
    var isOfChanges: Bool {
        switch kind {
        case .repeatRows, .skipRows, .unreadableRows: true
        default: false
        }
    }
}
