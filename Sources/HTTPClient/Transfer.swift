internal import CCurl

/// One request on its way: libcurl's easy handle, what arrived so far, and who waits for it.
///
/// Used by the loop's thread only. libcurl's callbacks get it as an unretained pointer, which is valid because
/// the table keeps the transfer until its handle has left the multi handle.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    let ticket: TransferTicket
    let request: HTTPRequest
    private let continuation: CheckedContinuation<TransferResult, Never>
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    private var answer = AnswerBuffer()
    private var sentBodyBytes = 0
    private var wasSent = false

    init?(_ request: HTTPRequest, ticket: TransferTicket, continuation: CheckedContinuation<TransferResult, Never>) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.request = request
        self.ticket = ticket
        self.continuation = continuation
        answer.limit = request.maxResponseBytes
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(fieldList)
    }

    func configure(_ configuration: HTTPClient.Configuration) {
        fieldList = EasyOptions(easy).apply(request, configuration)
        let context = Unmanaged.passUnretained(self).toOpaque()
        for data in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA] {
            _ = ccurl_set_pointer(easy, data, context)
        }
        _ = ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.answer.appendBody(bytes, size &* count) ?? 0
        }
        _ = ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.answer.appendField(bytes, size &* count) ?? 0
        }
        _ = ccurl_set_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            Transfer.from(context)?.copyBody(to: bytes, room: size &* count) ?? 0
        }
    }

    /// Whether any of the request reached the socket, asked while the handle still knows.
    func recordProgress() {
        var bytes = 0
        _ = ccurl_get_long(easy, CURLINFO_REQUEST_SIZE, &bytes)
        wasSent = bytes > 0 || sentBodyBytes > 0
    }

    func finish(_ code: CURLcode) {
        if answer.isTooLarge { return fail(.responseTooLarge(limit: request.maxResponseBytes)) }
        guard code == CURLE_OK else { return fail(HTTPError(code, wasSent: wasSent, detail: "")) }
        var status = 0
        _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let response = HTTPResponse(status: status, headers: answer.headers, body: answer.body)
        continuation.resume(returning: .success(response))
    }

    func cancel() {
        fail(.cancelled(mayHaveBeenReceived: wasSent))
    }

    func fail(_ error: HTTPError) {
        continuation.resume(returning: .failure(error))
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func copyBody(to target: UnsafeMutablePointer<CChar>?, room: Int) -> Int {
        guard let target, let body = request.body else { return 0 }
        let count = min(room, body.count - sentBodyBytes)
        guard count > 0 else { return 0 }
        body.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[sentBodyBytes..<sentBodyBytes + count])
            UnsafeMutableRawBufferPointer(start: target, count: room).copyMemory(from: part)
        }
        sentBodyBytes += count
        return count
    }
}
