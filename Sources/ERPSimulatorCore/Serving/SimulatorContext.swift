import Hummingbird
import NIOCore

/// What travels with a request through the simulator.
struct SimulatorContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The fault that the request ran into; audited.
    var fault: FaultRule?
    /// The connection's own, whose timer is exact.
    let eventLoop: any EventLoop

    init(source: Source) {
        eventLoop = source.channel.eventLoop
        coreContext = CoreRequestContextStorage(source: source)
    }
}

extension Response {
    /// A reply as it goes out when no fault gets at it.
    init(_ reply: Reply) {
        self.init(
            status: .init(code: reply.status),
            headers: [.contentType: reply.contentType],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: reply.body)))
    }

    /// Any text.
    init(status: Int, type: String, text: String) {
        self.init(
            status: .init(code: status), headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
