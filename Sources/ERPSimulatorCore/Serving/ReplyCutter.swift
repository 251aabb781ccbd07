import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How an answer is maimed on its way out; named by an internal header that never leaves the simulator.
enum Cut: String {
    /// Nothing is sent.
    case drop
    /// Half of the body, as if it were the whole.
    case half
    /// Half of the announced body, then the connection closes.
    case broken
}

extension HTTPField.Name {
    /// Tells ``ReplyCutter`` what to do; the name is a valid token, so it can not fail.
    static let simulatorCut = HTTPField.Name("x-simulator-cut") ?? .server
}

/// Sits next to the HTTP encoder of each connection and maims the answers that a fault has marked; lets no connection in
/// while the port is being closed.
final class ReplyCutter: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let connections: Connections
    private var cut: Cut?
    private var bytesLeft = Int.max

    init(_ connections: Connections) {
        self.connections = connections
    }

    func handlerAdded(context: ChannelHandlerContext) {
        connections.insert(context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        connections.remove(context.channel)
    }

    func channelActive(context: ChannelHandlerContext) {
        if connections.areRefused { context.close(promise: nil) } else { context.fireChannelActive() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head): writeHead(&head, context, promise)
        case .body(let buffer): writeBody(buffer, context, promise)
        case .end:
            if cut == .drop || cut == .broken {
                promise?.succeed()
                context.close(promise: nil)
            } else {
                context.write(data, promise: promise)
            }
        }
    }

    private func writeHead(
        _ head: inout HTTPResponse, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        cut = head.headerFields[.simulatorCut].flatMap(Cut.init)
        head.headerFields[.simulatorCut] = nil
        let length = head.headerFields[.contentLength].flatMap(Int.init) ?? 0
        bytesLeft = cut == nil ? .max : length / 2
        if cut == .half { head.headerFields[.contentLength] = String(bytesLeft) }
        guard cut != .drop else {
            promise?.succeed()
            return
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    private func writeBody(
        _ buffer: ByteBuffer, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        var buffer = buffer
        guard cut != .drop, let part = buffer.readSlice(length: min(bytesLeft, buffer.readableBytes)) else {
            promise?.succeed()
            return
        }
        if cut != nil { bytesLeft -= part.readableBytes }
        // Flushed at once where the connection is about to close: what is not flushed then is lost.
        if cut == .broken {
            context.writeAndFlush(wrapOutboundOut(.body(part)), promise: promise)
        } else {
            context.write(wrapOutboundOut(.body(part)), promise: promise)
        }
    }
}
