internal import CCurl

/// libcurl's multi handle: the set of transfers and their connection pool.
///
/// `@unchecked Sendable` because of the pointer: every call but `wake` is made by the loop's thread alone, and
/// `curl_multi_wakeup` is documented as callable from any thread. `TransferLoop` calls `wake` under the lock under which
/// it also forgets the handle before freeing it.
struct MultiHandle: @unchecked Sendable {
    let pointer: UnsafeMutableRawPointer

    init?(_ configuration: HTTPClient.Configuration) {
        guard let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
        let connections = max(1, configuration.maxConnectionsPerHost)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, connections)
        _ = ccurl_multi_set_long(pointer, CURLMOPT_PIPELINING, 0)
    }

    func wake() {
        _ = curl_multi_wakeup(pointer)
    }

    /// Until a socket is ready, a time-out of a transfer is due, `wake`, or the given time.
    func sleep(milliseconds: Int32) {
        _ = curl_multi_poll(pointer, nil, 0, milliseconds, nil)
    }

    func free() {
        _ = curl_multi_cleanup(pointer)
    }
}
