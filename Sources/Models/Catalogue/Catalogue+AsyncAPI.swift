extension Catalogue {
    private static let binding: (String, JSONTree) = ("bindingVersion", "0.3.0")

    /// The AsyncAPI 3.0 document: a channel per routing key to publish to, a channel per queue to consume from. Schemas are
    /// referred to by their path beside the document, as in ``derivedFiles``.
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
            "channels": .object(types.map(routingChannel) + queues.map(queueChannel)),
            "operations": .object(types.map(publishing) + queues.map(consuming)),
            "components": ["messages": .object(types.map { ($0.name, message($0)) })],
        ]
        return document.text()
    }

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

    private static func publishing(_ type: MessageType) -> (String, JSONTree) {
        (
            "publish.\(type.name)",
            [
                "action": "send", "channel": reference("channels", type.name), "summary": .string(type.summary),
                "bindings": ["amqp": .object([("deliveryMode", 2), ("mandatory", true), binding])],
                "messages": [reference("channels", type.name, "messages", type.name)],
            ]
        )
    }

    private static func consuming(_ queue: String) -> (String, JSONTree) {
        let messages = types.filter { $0.queues.contains(queue) }.map {
            reference("channels", queue, "messages", $0.name)
        }
        return (
            "consume.\(queue)",
            [
                "action": "receive", "channel": reference("channels", queue),
                "bindings": ["amqp": .object([("ack", true), binding])], "messages": .array(messages),
            ]
        )
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
        return type.direction == .toStore ? message.setting("correlationId", correlationID) : message
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
