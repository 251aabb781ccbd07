import Foundation
import Synchronization

/// A peer on a loopback port that logs in whoever comes and answers requests as a broker does, unless its script says
/// otherwise: for everything that a real broker does rarely, or never.
final class FakeBroker: Sendable {
    /// What it was sent.
    enum Event: Sendable, Equatable {
        case method(RawFrame.Method, [UInt8])
        case message(tag: UInt64, exchange: String, routingKey: String, properties: [UInt8], body: [UInt8])
        case heartbeat
        case ended
    }

    /// How it presents itself at the login.
    struct Manners: Sendable {
        var mechanisms = "PLAIN"
        var serverProperties: [UInt8] = []
        var frameMax: UInt32 = 131_072
        var heartbeat: UInt16 = 0
    }

    /// True when the script has done what is to be done; `connection` counts from 1.
    typealias Script = @Sendable (_ event: Event, _ connection: Int, _ send: ([UInt8]) -> Void) -> Bool

    let port: UInt16
    let log = SignalLog<Event>()
    private let listener: Int32
    private let manners: Manners
    private let script: Script
    private let sockets = Mutex<[Int32]>([])

    init(_ manners: Manners = Manners(), script: @escaping Script = { _, _, _ in false }) throws {
        (listener, port) = try Loopback.listen()
        self.manners = manners
        self.script = script
        Thread.detachNewThread { self.accepting() }
    }

    var url: String { "amqp://guest:guest@127.0.0.1:\(port)" }

    /// Sends bytes over the newest connection.
    func send(_ bytes: [UInt8]) {
        if let socket = sockets.withLock({ $0.last }) { Loopback.send(bytes, to: socket) }
    }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        sockets.withLock { for socket in $0 { shutdown(socket, Int32(SHUT_RDWR)) } }
    }

    private func accepting() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            let number = sockets.withLock { sockets in
                sockets.append(client)
                return sockets.count
            }
            Thread.detachNewThread { self.serve(client, number) }
        }
        close(listener)
    }

    private func serve(_ client: Int32, _ number: Int) {
        var input = FrameInput(descriptor: client)
        if input.take(8) != nil {
            Loopback.send(greeting, to: client)
            var assembly = Assembly()
            while let (kind, payload) = input.frame() {
                guard let event = assembly.add(kind, payload) else { continue }
                log.note(event)
                if !script(event, number, { Loopback.send($0, to: client) }) {
                    Loopback.send(usualAnswer(event), to: client)
                }
            }
        }
        log.note(.ended)
        shutdown(client, Int32(SHUT_RDWR))
    }

    private var greeting: [UInt8] {
        let texts = RawFrame.long(Array(manners.mechanisms.utf8)) + RawFrame.long(Array("en_US".utf8))
        return RawFrame.method(.start, channel: 0, [0, 9] + RawFrame.long(manners.serverProperties) + texts)
    }

    /// Makes events of frames; a message is one when it is whole.
    private struct Assembly {
        private var tag: UInt64 = 0
        private var place = ("", "")
        private var properties: [UInt8] = []
        private var body: [UInt8] = []
        private var missing = 0

        mutating func add(_ kind: UInt8, _ payload: [UInt8]) -> Event? {
            switch kind {
            case 1:
                guard let id = FrameInput.method(payload) else { return nil }
                let arguments = Array(payload.dropFirst(4))
                if id == .channelOpen { tag = 0 }
                guard id == .publish else { return .method(id, arguments) }
                tag += 1
                place = FrameInput.twoTexts(arguments.dropFirst(2))
                return nil
            case 2:
                (missing, properties, body) = (Int(FrameInput.number(payload[4..<12])), Array(payload[12...]), [])
            case 3:
                body += payload
                missing -= payload.count
            default: return .heartbeat
            }
            guard missing == 0 else { return nil }
            return .message(
                tag: tag, exchange: place.0, routingKey: place.1, properties: properties, body: body)
        }
    }

    private func usualAnswer(_ event: Event) -> [UInt8] {
        switch event {
        case .message(let tag, _, _, _, _): RawFrame.ack(tag)
        case .heartbeat, .ended: []
        case .method(let id, let arguments): answer(id, arguments)
        }
    }

    private func answer(_ id: RawFrame.Method, _ arguments: [UInt8]) -> [UInt8] {
        let (first, second) = FrameInput.twoTexts(arguments.dropFirst(2))
        return switch id {
        case .startOK:
            RawFrame.method(
                .tune, channel: 0,
                RawFrame.big(UInt16(100)) + RawFrame.big(manners.frameMax) + RawFrame.big(manners.heartbeat))
        case .open: RawFrame.method(.openOK, channel: 0, [0])
        case .close: RawFrame.method(.closeOK, channel: 0)
        case .channelOpen: RawFrame.method(.channelOpenOK, RawFrame.long([]))
        case .channelClose: RawFrame.method(.channelCloseOK)
        case .exchangeDeclare: RawFrame.method(.exchangeDeclareOK)
        case .queueDeclare: RawFrame.method(.queueDeclareOK, RawFrame.short(first) + [UInt8](repeating: 0, count: 8))
        case .qos: RawFrame.method(.qosOK)
        case .consume: RawFrame.method(.consumeOK, RawFrame.short(second))
        case .cancel: RawFrame.method(.cancelOK, RawFrame.short(FrameInput.twoTexts(arguments[...]).0))
        case .confirmSelect: RawFrame.method(.confirmSelectOK)
        default: []
        }
    }
}

/// Takes frames apart as they come in.
struct FrameInput {
    let descriptor: Int32

    mutating func take(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var got = 0
        while got < count {
            let step = bytes.withUnsafeMutableBytes {
                recv(descriptor, $0.baseAddress.map { $0 + got }, count - got, 0)
            }
            guard step > 0 else { return nil }
            got += step
        }
        return bytes
    }

    mutating func frame() -> (kind: UInt8, payload: [UInt8])? {
        guard let head = take(7), let rest = take(Int(Self.number(head[3..<7])) + 1) else { return nil }
        return (head[0], Array(rest.dropLast()))
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }

    static func method(_ payload: [UInt8]) -> RawFrame.Method? {
        payload.count < 4 ? nil : RawFrame.Method(rawValue: UInt32(number(payload[..<4])))
    }

    /// The short strings at the beginning, as far as there are any.
    static func twoTexts(_ bytes: ArraySlice<UInt8>) -> (String, String) {
        var rest = bytes
        func text() -> String {
            guard let count = rest.popFirst() else { return "" }
            defer { rest = rest.dropFirst(Int(count)) }
            return String(decoding: rest.prefix(Int(count)), as: UTF8.self)
        }
        return (text(), text())
    }
}
