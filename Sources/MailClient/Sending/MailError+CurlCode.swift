internal import CCurl

extension MailError {
    /// The one place where libcurl's codes become errors.
    ///
    /// - Parameters:
    ///   - reply: The server's last answer before the farewell. libcurl has one code for a refusal and for a broken
    ///     connection, and only the answer tells them apart.
    ///   - detail: What libcurl says of the failure.
    init(_ code: CURLcode, _ reply: Reply, isHandedOver: Bool, isCancelled: Bool, detail: String) {
        let why = Self.reason(code, detail)
        self =
            switch (isHandedOver, isCancelled) {
            case (true, _) where reply.isPermanent: .refused(code: reply.code, reply.text)
            case (true, _) where reply.isTransient: .tryLater(code: reply.code, reply.text)
            case (_, true): .cancelled(mayHaveBeenSent: isHandedOver)
            case (true, false): .unknownOutcome(why)
            case (false, false): Self.beforeTheEnd(code, reply, why, isAboutSender: Self.isAboutSender(reply, detail))
            }
    }

    /// The server has not got the whole mail.
    private static func beforeTheEnd(
        _ code: CURLcode, _ reply: Reply, _ why: String, isAboutSender: Bool
    ) -> MailError {
        let said = reply.text.isEmpty ? "the server said \(reply.code)" : "the server said \(reply.code) \(reply.text)"
        switch code {
        case CURLE_USE_SSL_FAILED:
            return .notSent(.starttlsNotOffered, reply.code >= 400 ? said : "the server does not offer STARTTLS")
        case CURLE_SEND_ERROR, CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED, CURLE_LOGIN_DENIED:
            if reply.isTransient { return .tryLater(code: reply.code, reply.text) }
            guard reply.isPermanent else {
                return .notSent(code == CURLE_LOGIN_DENIED ? .loginRefused : cause(of: code), why)
            }
            if code == CURLE_LOGIN_DENIED || loginCodes.contains(reply.code) { return .notSent(.loginRefused, said) }
            // Every mail has the same sender: that is no reason to give this one up.
            if isAboutSender { return .notSent(.senderRefused, said) }
            // Only what answers RCPT or DATA is about this mail.
            return code == CURLE_SEND_ERROR ? .refused(code: reply.code, reply.text) : .notSent(.serverRefused, said)
        default: return .notSent(cause(of: code), why)
        }
    }

    /// Whether a refusal is about who sends, not about who gets it: libcurl says that it answers MAIL; or, because many
    /// servers answer for the sender at RCPT, its status code (RFC 3463) or Postfix's words do.
    private static func isAboutSender(_ reply: Reply, _ detail: String) -> Bool {
        detail.hasPrefix("MAIL failed") || ["5.1.7", "5.1.8"].contains { reply.text.hasPrefix($0) }
            || reply.text.lowercased().contains("sender address rejected")
    }

    /// RFC 4954 and 3207: a login or TLS is wanted first.
    private static let loginCodes: Set<Int> = [530, 534, 535, 538]

    private static func cause(of code: CURLcode) -> Cause {
        switch code {
        case CURLE_COULDNT_CONNECT: .connectionRefused
        case CURLE_COULDNT_RESOLVE_HOST: .unresolved
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .connectionLost
        case CURLE_WEIRD_SERVER_REPLY: .serverRefused
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tls
        default: .other
        }
    }

    /// What libcurl says of a broken connection is for its authors ("errno: 115").
    private static func reason(_ code: CURLcode, _ detail: String) -> String {
        let isOwnWords = detail.isEmpty || cause(of: code) == .connectionLost
        let text = HeaderText.line(isOwnWords ? String(cString: curl_easy_strerror(code)) : detail, limit: 300)
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
