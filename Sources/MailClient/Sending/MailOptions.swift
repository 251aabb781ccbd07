internal import CCurl

/// Turns a server's settings into libcurl's options.
struct MailOptions {
    private let easy: UnsafeMutableRawPointer

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    /// Sets everything but the callbacks and the envelope.
    func apply(_ server: MailServer) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        _ = ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        _ = ccurl_set_string(easy, CURLOPT_URL, server.curlURL)
        // The empty string also switches off what the environment says.
        _ = ccurl_set_string(easy, CURLOPT_PROXY, "")
        // A name lookup that outlives its call must not hold up the thread.
        set(CURLOPT_QUICK_EXIT, 1)
        // The size stays unsaid: the read callback alone ends the mail, so it alone tells when all is handed over.
        set(CURLOPT_UPLOAD, 1)
        setTimeouts(server)
        setSecurity(server)
    }

    private func setTimeouts(_ server: MailServer) {
        // libcurl knows one limit for all answers; the transfer keeps the nearer ones (`MailTransfer.isLate`). This is
        // the last resort.
        let longest = server.timeout + server.answerTimeout + .seconds(5)
        set(CURLOPT_TIMEOUT_MS, milliseconds(longest))
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(server.connectTimeout))
        // The answer to the farewell after a refusal is no part of the transfer, and has its own limit.
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, (milliseconds(longest) + 999) / 1_000)
        set(CURLOPT_MAXAGE_CONN, (milliseconds(server.idleTimeout) + 999) / 1_000)
    }

    private func setSecurity(_ server: MailServer) {
        set(CURLOPT_USE_SSL, Int(server.security == .plaintext ? CURLUSESSL_NONE.rawValue : CURLUSESSL_ALL.rawValue))
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = server.caFile { _ = ccurl_set_string(easy, CURLOPT_CAINFO, file) }
        guard let user = server.user, let password = server.password else { return }
        _ = ccurl_set_string(easy, CURLOPT_USERNAME, user)
        _ = ccurl_set_string(easy, CURLOPT_PASSWORD, password)
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = ccurl_set_long(easy, option, value)
    }

    /// At least one: zero would mean "no limit" to libcurl. A server's settings allow two hours at most.
    private func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return max(1, Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
