import Foundation

/// Publishes one message whose properties no library would write, and waits for the broker's answer.
enum RawPublisher {
    /// False when the broker closes the connection or the channel instead of confirming.
    static func publish(
        to port: UInt16, exchange: String, routingKey: String, properties: [UInt8], body: [UInt8]
    ) async throws -> Bool {
        guard let descriptor = Loopback.connect(to: port) else { throw POSIXError(.ECONNREFUSED) }
        let login = RawFrame.long([0] + Array("guest".utf8) + [0] + Array("guest".utf8))
        var bytes = Array("AMQP".utf8) + [0, 0, 9, 1]
        bytes += RawFrame.method(
            .startOK, channel: 0, RawFrame.long([]) + RawFrame.short("PLAIN") + login + RawFrame.short("en_US"))
        bytes += RawFrame.method(
            .tuneOK, channel: 0, RawFrame.big(UInt16(2047)) + RawFrame.big(UInt32(131_072)) + RawFrame.big(UInt16(0)))
        bytes += RawFrame.method(.open, channel: 0, RawFrame.short("/") + [0, 0])
        bytes += RawFrame.method(.channelOpen, [0]) + RawFrame.method(.confirmSelect, [0])
        bytes += RawFrame.method(.publish, [0, 0] + RawFrame.short(exchange) + RawFrame.short(routingKey) + [1])
        bytes += RawFrame.content(properties: properties, body: body)
        Loopback.send(bytes, to: descriptor)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: isConfirmed(descriptor))
                close(descriptor)
            }
        }
    }

    private static func isConfirmed(_ descriptor: Int32) -> Bool {
        var input = FrameInput(descriptor: descriptor)
        while let (kind, payload) = input.frame() {
            guard kind == 1, let id = FrameInput.method(payload) else { continue }
            if id == .ack { return true }
            if [.close, .channelClose, .returned, .nack].contains(id) { return false }
        }
        return false
    }
}
