extension Catalogue {
    private static let binding: (String, JSONTree) = ("bindingVersion", "0.3.0")

    /// The AsyncAPI 3.0 document: a channel per routing key to publish to, a channel per queue to consume from, and one without
    /// an address per reply. Schemas are referred to by their path beside the document, as in ``derivedFiles``.
    public static func asyncAPI() -> String {
        let document: JSONTree = [
            "asyncapi": "3.0.0",
            "id": "urn:stevedore",
            "info": [
                "title": "Stevedore",
                "version": "1.0.0",
                "description": "Business data between a web store and its ERP, as CloudEvents 1.0 over RabbitMQ.",
            ],
            "defaultContentType": .string(IncomingMessage.structured),
            "servers": ["broker": ["host": "localhost:5672", "protocol": "amqp", "protocolVersion": "0.9.1"]],
            "channels": .object(
                routed.map(routingChannel) + allQueues.map(queueChannel)
                    + types.filter(\.isReply).map(replyChannel)),
            "operations": .object(routed.map(publishing) + allQueues.map(consuming)),
            "components": ["messages": .object(types.map { ($0.name, message($0)) })],
        ]
        return document.text()
    }

    private static let allQueues = (queues + questionQueues).sorted()

    private static func reference(_ parts: String...) -> JSONTree {
        ["$ref": .string("#/" + parts.joined(separator: "/"))]
    }

    private static func messages(_ types: [MessageType]) -> JSONTree {
        .object(types.map { ($0.name, reference("components", "messages", $0.name)) })
    }

    private static func routingChannel(_ type: MessageType) -> (String, JSONTree) {
        let exchange: JSONTree = [
            "name": .string(exchange), "type": "topic", "durable": true, "autoDelete": false, "vhost": "/",
        ]
        return (
            type.name,
            [
                "address": .string(type.name), "title": .string(type.title), "messages": messages([type]),
                "bindings": ["amqp": .object([("is", "routingKey"), ("exchange", exchange), binding])],
            ]
        )
    }

    private static func queueChannel(_ name: String) -> (String, JSONTree) {
        let queue: JSONTree = [
            "name": .string(name), "durable": true, "exclusive": false, "autoDelete": false, "vhost": "/",
        ]
        return (
            name,
            [
                "address": .string(name), "messages": messages(types.filter { $0.queues.contains(name) }),
                "bindings": ["amqp": .object([("is", "queue"), ("queue", queue), binding])],
            ]
        )
    }

    private static func replyChannel(_ type: MessageType) -> (String, JSONTree) {
        (
            type.name,
            [
                "address": .null, "title": .string(type.title),
                "description": "The queue that the question names, reached through the default exchange.",
                "messages": messages([type]),
            ]
        )
    }

    private static func publishing(_ type: MessageType) -> (String, JSONTree) {
        // What nobody waits for any more need not survive a restart of the broker.
        let mode: JSONTree = type.isQuestion ? 1 : 2
        let operation: JSONTree = [
            "action": "send", "channel": reference("channels", type.name), "summary": .string(type.summary),
            "bindings": ["amqp": .object([("deliveryMode", mode), ("mandatory", true), binding])],
            "messages": [reference("channels", type.name, "messages", type.name)],
        ]
        return ("publish.\(type.name)", answered(operation, by: type.answer))
    }

    /// The operation with its reply, where it has one.
    private static func answered(_ operation: JSONTree, by answer: String?) -> JSONTree {
        guard let answer else { return operation }
        return operation.setting(
            "reply",
            [
                "address": [
                    "description":
                        "The AMQP property reply-to. The answer carries the question's correlation-id, or its id where it has none.",
                    "location": "$message.header#/reply_to",
                ],
                "channel": reference("channels", answer),
                "messages": [reference("channels", answer, "messages", answer)],
            ])
    }

    private static func consuming(_ queue: String) -> (String, JSONTree) {
        let consumed = types.filter { $0.queues.contains(queue) }
        let operation: JSONTree = [
            "action": "receive", "channel": reference("channels", queue),
            "bindings": ["amqp": .object([("ack", true), binding])],
            "messages": .array(consumed.map { reference("channels", queue, "messages", $0.name) }),
        ]
        return ("consume.\(queue)", answered(operation, by: consumed.lazy.compactMap(\.answer).first))
    }

    private static func message(_ type: MessageType) -> JSONTree {
        let examples = examples(for: type).map { example -> JSONTree in
            ["name": .string(example.name), "payload": JSONTree(json: example.text) ?? .null]
        }
        let message: JSONTree = [
            "name": .string(type.name), "title": .string(type.title), "summary": .string(type.summary),
            "contentType": .string(IncomingMessage.structured),
            "payload": [
                "schemaFormat": "application/schema+json;version=draft-2020-12",
                "schema": ["$ref": .string("./schemas/\(type.name).json")],
            ],
            "headers": headers,
            "bindings": ["amqp": .object([("messageType", .string(type.name)), binding])],
            "examples": .array(examples),
        ]
        let isAnswer = type.direction == .toStore || type.isReply
        return isAnswer ? message.setting("correlationId", correlationID) : message
    }

    /// The headers of Stevedore's own messages; only binary mode needs any.
    private static var headers: JSONTree {
        let text: JSONTree = ["type": "string"]
        return [
            "type": "object",
            "description":
                "None is required in structured mode. In binary mode every attribute is here, its name behind cloudEvents_.",
            "properties": [
                "cloudEvents_subject": text.setting(
                    "description", "The business key, for tools that do not parse bodies."),
                "cloudEvents_revision": ["type": "integer", "minimum": 1, "description": "The revision, likewise."],
                "traceparent": text.setting("description", "W3C trace context."),
                "tracestate": text.setting("description", "W3C trace state."),
            ],
        ]
    }

    private static let correlationID: JSONTree = [
        "description": "The AMQP property correlation-id: the id of the message that this one answers.",
        "location": "$message.header#/correlation_id",
    ]
}
