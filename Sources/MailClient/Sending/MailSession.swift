internal import CCurl

/// libcurl's easy handle with the connection that it keeps.
///
/// Used by the client's thread only. libcurl's callbacks get the session as an unretained pointer, which is valid
/// because the loop keeps it until after `close`. After a failure it is not used again: libcurl 7.88 keeps a connection
/// whose answer to DATA did not come in time, and would take that answer for one to the next mail.
final class MailSession {
    private let easy: UnsafeMutableRawPointer
    private let server: MailServer
    private let sockets: OpenSockets
    private let detail = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var transfer: MailTransfer?

    init?(_ server: MailServer, _ sockets: OpenSockets) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        self.server = server
        self.sockets = sockets
        detail.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        _ = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, detail)
        MailOptions(easy).apply(server)
        setCallbacks()
    }

    deinit {
        detail.deallocate()
    }

    /// Says farewell, unless the connections were cut, and gives the handle back. Called once, and last.
    func close() {
        curl_easy_cleanup(easy)
    }

    /// Waits for the server's last word.
    func send(_ letter: Letter, _ ticket: MailTicket) -> MailResult {
        guard !ticket.isCancelled else { return .failure(.cancelled(mayHaveBeenSent: false)) }
        let transfer = MailTransfer(letter, ticket, server)
        self.transfer = transfer
        defer { self.transfer = nil }
        let recipients = curl_slist_append(nil, letter.recipient.text)
        defer { curl_slist_free_all(recipients) }
        _ = ccurl_set_string(easy, CURLOPT_MAIL_FROM, letter.sender.text)
        _ = ccurl_set_pointer(easy, CURLOPT_MAIL_RCPT, recipients)
        detail.pointee = 0
        let code = curl_easy_perform(easy)
        _ = ccurl_set_pointer(easy, CURLOPT_MAIL_RCPT, nil)
        guard code != CURLE_OK else { return .success(()) }
        return .failure(error(code, transfer))
    }

    private func error(_ code: CURLcode, _ transfer: MailTransfer) -> MailError {
        var status = 0
        _ = ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        let isLate = transfer.isLate && code == CURLE_ABORTED_BY_CALLBACK
        return MailError(
            isLate ? CURLE_OPERATION_TIMEDOUT : code, transfer.reply(status), isHandedOver: transfer.isHandedOver,
            isCancelled: transfer.ticket.isCancelled,
            detail: isLate ? "the mail server took too long to answer" : String(cString: detail))
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(self).toOpaque()
        for data in [CURLOPT_WRITEDATA, CURLOPT_HEADERDATA, CURLOPT_READDATA] {
            _ = ccurl_set_pointer(easy, data, context)
        }
        // There is no body to get; without this libcurl would write one to standard output.
        _ = ccurl_set_callback(easy, CURLOPT_WRITEFUNCTION) { _, size, count, _ in size &* count }
        _ = ccurl_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            // Nobody asks any more what the server says to the farewell.
            guard let transfer = MailSession.from(context)?.transfer else { return size &* count }
            return transfer.read(bytes, size &* count)
        }
        _ = ccurl_set_callback(easy, CURLOPT_READFUNCTION) { bytes, size, count, context in
            MailSession.from(context)?.transfer?.copy(to: bytes, room: size &* count) ?? 0
        }
        _ = ccurl_on_progress(
            easy,
            { context, _, _, _, _ in
                MailSession.from(context)?.transfer?.hasToEnd() == true ? 1 : 0
            }, context)
        _ = ccurl_on_socket(
            easy,
            { context, socket, _ in
                OpenSockets.from(context)?.add(socket)
                return 0
            },
            { context, socket in
                OpenSockets.from(context)?.close(socket) ?? -1
            }, Unmanaged.passUnretained(sockets).toOpaque())
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> MailSession? {
        context.map { Unmanaged<MailSession>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension OpenSockets {
    /// The session's sockets, in a callback.
    fileprivate static func from(_ context: UnsafeMutableRawPointer?) -> OpenSockets? {
        context.map { Unmanaged<OpenSockets>.fromOpaque($0).takeUnretainedValue() }
    }
}
