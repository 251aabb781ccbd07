internal import CCurl

/// libcurl's multi handle: the set of transfers and their connection pool, and the descriptor that wakes its thread.
///
/// `@unchecked Sendable` because of the pointer: it travels to the loop's thread once, and every call is made there.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer
    let wakeUp: WakeUp

    init?(_ configuration: HTTPClient.Configuration) {
        guard let wakeUp = WakeUp() else { return nil }
        guard let pointer = curl_multi_init() else {
            wakeUp.close()
            return nil
        }
        self.pointer = pointer
        self.wakeUp = wakeUp
        let connections = max(1, configuration.maxConnectionsPerHost)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_PIPELINING, 0)
    }

    func free() {
        _ = curl_multi_cleanup(pointer)
        wakeUp.close()
    }
}
