/// What exists on a broker, as values: exchanges, queues and bindings.
public enum Topology {
    /// Kinds of exchange.
    public enum ExchangeKind: String, Sendable, Hashable {
        /// By equal routing key.
        case direct
        /// By pattern of routing keys.
        case topic
        /// To everyone.
        case fanout
        /// By headers.
        case headers
    }

    /// An exchange.
    public struct Exchange: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its kind.
        public var kind: ExchangeKind
        /// Survives a restart of the broker.
        public var isDurable: Bool
        /// Arguments such as `alternate-exchange`.
        public var arguments: FieldTable

        /// A durable exchange unless said otherwise.
        public init(_ name: String, kind: ExchangeKind, isDurable: Bool = true, arguments: FieldTable = FieldTable()) {
            (self.name, self.kind, self.isDurable, self.arguments) = (name, kind, isDurable, arguments)
        }
    }

    /// A queue.
    public struct Queue: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Survives a restart of the broker.
        public var isDurable: Bool
        /// Belongs to the connection that declared it and goes with it.
        public var isExclusive: Bool
        /// Goes with its last consumer.
        public var isAutoDelete: Bool
        /// Arguments such as `x-queue-type`.
        public var arguments: FieldTable

        /// A durable queue unless said otherwise.
        public init(
            _ name: String, isDurable: Bool = true, isExclusive: Bool = false, isAutoDelete: Bool = false,
            arguments: FieldTable = FieldTable()
        ) {
            self.name = name
            self.isDurable = isDurable
            self.isExclusive = isExclusive
            self.isAutoDelete = isAutoDelete
            self.arguments = arguments
        }

        /// A quorum queue with further arguments.
        public static func quorum(_ name: String, arguments: FieldTable = FieldTable()) -> Queue {
            var arguments = arguments
            arguments["x-queue-type"] = "quorum"
            return Queue(name, arguments: arguments)
        }

        /// A durable classic queue with further arguments. The type is said, because a virtual host may have another default.
        public static func classic(_ name: String, arguments: FieldTable = FieldTable()) -> Queue {
            var arguments = arguments
            arguments["x-queue-type"] = "classic"
            return Queue(name, arguments: arguments)
        }
    }

    /// The way from an exchange to a queue.
    public struct Binding: Sendable, Hashable {
        /// From where.
        public var exchange: String
        /// To where.
        public var queue: String
        /// Which messages.
        public var routingKey: String
        /// Arguments of a headers exchange.
        public var arguments: FieldTable

        /// A binding.
        public init(exchange: String, queue: String, routingKey: String, arguments: FieldTable = FieldTable()) {
            (self.exchange, self.queue, self.routingKey, self.arguments) = (exchange, queue, routingKey, arguments)
        }
    }

    /// What a connection relies on. An exchange must exist; a queue must exist and have these arguments, as far as the
    /// user is permitted to ask.
    public enum Expectation: Sendable, Hashable {
        /// An exchange of that name.
        case exchange(String)
        /// A queue just so.
        case queue(Queue)
    }

    /// What the broker says of a queue.
    public struct QueueStatus: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Messages that are ready for delivery.
        public let messageCount: Int
        /// Consumers.
        public let consumerCount: Int
    }
}
