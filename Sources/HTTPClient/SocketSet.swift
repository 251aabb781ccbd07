internal import CCurl
import Glibc

/// What libcurl waits for: its sockets and the next time-out. Tells it which of them came true, so that a busy client
/// costs nothing for the calls that have no news (`curl_multi_perform` would ask each of them every time).
///
/// Used by the loop's thread only. libcurl's callbacks get it as an unretained pointer, which is valid because the loop
/// keeps it until the multi handle is freed.
final class SocketSet {
    private let multi: UnsafeMutableRawPointer
    private let epoll: CInt
    private let wakeUp: WakeUp
    private var deadline: ContinuousClock.Instant?
    private var events = [epoll_event](repeating: epoll_event(), count: 64)

    /// Nil when the system has no descriptor to spare.
    init?(_ multi: UnsafeMutableRawPointer, wakeUp: WakeUp) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { return nil }
        self.multi = multi
        self.wakeUp = wakeUp
        watch(wakeUp.descriptor, EPOLLIN.rawValue)
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_on_socket(
            multi,
            { _, socket, interest, context, _ in
                SocketSet.from(context)?.follow(socket, interest)
                return 0
            }, context)
        _ = ccurl_multi_on_timer(
            multi,
            { _, milliseconds, context in
                SocketSet.from(context)?.deadline = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
                return 0
            }, context)
    }

    deinit {
        close(epoll)
    }

    /// Sleeps until a socket is ready, a time-out is due, or somebody wakes the loop; then lets libcurl act.
    func wait() {
        let count = epoll_wait(epoll, &events, Int32(events.count), milliseconds())
        for event in events.prefix(max(0, Int(count))) {
            let descriptor = event.data.fd
            if descriptor == wakeUp.descriptor { wakeUp.clear() } else { act(descriptor, event.events) }
        }
        guard let deadline, deadline <= .now else { return }
        self.deadline = nil
        act(CURL_SOCKET_TIMEOUT, 0)
    }

    private func act(_ socket: curl_socket_t, _ events: UInt32) {
        // Without either bit, as when the peer is gone, libcurl looks for itself.
        let readable = events & EPOLLIN.rawValue == 0 ? 0 : CURL_CSELECT_IN
        let writable = events & EPOLLOUT.rawValue == 0 ? 0 : CURL_CSELECT_OUT
        var running: Int32 = 0
        _ = curl_multi_socket_action(multi, socket, readable | writable, &running)
    }

    /// Rounded up: waking early would only mean to sleep again.
    private func milliseconds() -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = (deadline - .now).components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return Int32(min(seconds, 3_600) * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private func follow(_ socket: curl_socket_t, _ interest: CInt) {
        switch interest {
        case CURL_POLL_IN: watch(socket, EPOLLIN.rawValue)
        case CURL_POLL_OUT: watch(socket, EPOLLOUT.rawValue)
        case CURL_POLL_INOUT: watch(socket, EPOLLIN.rawValue | EPOLLOUT.rawValue)
        default: epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nil)
        }
    }

    private func watch(_ descriptor: CInt, _ interest: UInt32) {
        var event = epoll_event(events: interest, data: epoll_data_t(fd: descriptor))
        if epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
        }
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> SocketSet? {
        context.map { Unmanaged<SocketSet>.fromOpaque($0).takeUnretainedValue() }
    }
}
