internal import CCurl

/// Turns a request and its client's configuration into libcurl's options.
struct EasyOptions {
    private let easy: UnsafeMutableRawPointer

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    /// Sets everything but the callbacks. The returned list must live as long as the handle.
    func apply(
        _ request: HTTPRequest, _ configuration: HTTPClient.Configuration
    ) -> UnsafeMutablePointer<curl_slist>? {
        setProtocol(configuration)
        setTLS(configuration)
        _ = ccurl_set_string(easy, CURLOPT_URL, request.url)
        set(CURLOPT_TIMEOUT_MS, milliseconds(request.timeout))
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(request.connectTimeout))
        setMethod(request)
        let list = fields(of: request)
        _ = ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, list)
        return list
    }

    private func setProtocol(_ configuration: HTTPClient.Configuration) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_FOLLOWLOCATION, 0)
        // A business key may be "..": the path goes out as it was built.
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        _ = ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        // A name lookup that outlives its call must not hold up the thread that all calls share.
        set(CURLOPT_QUICK_EXIT, 1)
        // Messages are small, and each call in flight has a buffer of its own.
        set(CURLOPT_UPLOAD_BUFFERSIZE, 16 << 10)
        set(CURLOPT_MAXAGE_CONN, Int(configuration.idleTimeout.components.seconds))
        // The empty string also switches off what the environment says.
        _ = ccurl_set_string(easy, CURLOPT_PROXY, configuration.proxy ?? "")
        _ = ccurl_set_string(easy, CURLOPT_USERAGENT, configuration.userAgent)
    }

    private func setTLS(_ configuration: HTTPClient.Configuration) {
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        if let file = configuration.caFile { _ = ccurl_set_string(easy, CURLOPT_CAINFO, file) }
        if let file = configuration.clientCertificateFile { _ = ccurl_set_string(easy, CURLOPT_SSLCERT, file) }
        if let file = configuration.clientKeyFile { _ = ccurl_set_string(easy, CURLOPT_SSLKEY, file) }
    }

    /// The body goes out through the read callback, which can not rewind: so libcurl never sends it twice on its own.
    private func setMethod(_ request: HTTPRequest) {
        switch (request.method, request.body) {
        case (.get, nil): set(CURLOPT_HTTPGET, 1)
        case (.head, nil): set(CURLOPT_NOBODY, 1)
        case (.delete, nil): _ = ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        case (_, let body):
            set(CURLOPT_POST, 1)
            _ = ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body?.count ?? 0))
            _ = ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        }
    }

    private func fields(of request: HTTPRequest) -> UnsafeMutablePointer<curl_slist>? {
        // "Expect: 100-continue" would cost a round trip, and libcurl's own Content-Type would be a form's.
        var lines = ["Expect:"]
        if request.headers["content-type"] == nil { lines.append("Content-Type:") }
        // libcurl takes "Name:" as "remove this field"; "Name;" is its way to send one without a value.
        lines += request.headers.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        return lines.reduce(nil) { curl_slist_append($0, $1) ?? $0 }
    }

    private func set(_ option: CURLoption, _ value: Int) {
        _ = ccurl_set_long(easy, option, value)
    }

    /// At least one: zero would mean "no limit" to libcurl.
    private func milliseconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        guard seconds < 86_400 else { return 86_400_000 }
        return max(1, Int(max(0, seconds)) * 1_000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
