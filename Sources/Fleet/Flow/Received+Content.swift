public import Models

extension Received {
    /// What the message says, as the one type that all messages of a handler's types hold.
    /// - Throws: `unsupported.flow` when it is another one: the handler was given a message that is not its own.
    public func content<Value: Payload>(as _: Value.Type) throws(Failure) -> Value {
        guard let value = payload as? Value else {
            throw Failure(
                code: "unsupported.flow", category: .malformed,
                sentence: "A message of type \(type) holds no \(Value.self).",
                remedy: "Check the bindings with `stevedore topology check`.")
        }
        return value
    }
}
