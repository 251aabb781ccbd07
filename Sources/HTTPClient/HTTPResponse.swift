/// A complete answer: status, fields and the whole body.
public struct HTTPResponse: Hashable, Sendable {
    /// 100…999 as sent.
    public var status: Int
    /// The final answer's fields; those of interim answers are dropped.
    public var headers: HTTPHeaders
    /// Complete: an answer cut short is an error, never a shorter body.
    public var body: [UInt8]

    /// An answer, for tests and adapters.
    public init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
