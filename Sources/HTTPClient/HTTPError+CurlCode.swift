internal import CCurl

extension HTTPError {
    /// The one place where libcurl's codes become errors.
    ///
    /// - Parameter wasSent: whether a byte of the request reached the socket; libcurl's code alone does not tell,
    ///   for a time-out means either.
    init(_ code: CURLcode, wasSent: Bool, detail: String) {
        let cause = Self.cause(of: code)
        let why = detail.isEmpty ? String(cString: curl_easy_strerror(code)) : detail
        self = wasSent ? .unknownOutcome(cause, why) : .notSent(cause, why)
    }

    private static func cause(of code: CURLcode) -> Cause {
        switch code {
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolved
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND: .connectionLost
        case CURLE_PARTIAL_FILE: .incompleteAnswer
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING: .malformedAnswer
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            .tls
        default: .other
        }
    }
}
