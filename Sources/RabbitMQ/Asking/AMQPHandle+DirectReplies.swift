import CRabbitMQ

extension AMQPHandle {
    /// Stands for the channel itself as a queue: the broker gives whoever is asked a name in its place, and hands what
    /// is sent there straight to this channel. It takes no permission, and goes with the channel.
    static let directReplies = "amq.rabbitmq.reply-to"

    /// Receives the answers to what is published over this channel from now on. The broker wants that to be without
    /// acknowledgement, and before the first question.
    func subscribeToReplies(consumerTag: String) throws(BrokerError) {
        unsafe try withBytes(Self.directReplies) { (queue) throws(BrokerError) in
            unsafe try withBytes(consumerTag) { (tag) throws(BrokerError) in
                _ = unsafe amqp_basic_consume(state, Self.channel, queue, tag, 0, 1, 0, amqp_empty_table)
                try checkReply("consume answers")
            }
        }
        self.consumerTag = consumerTag
    }
}
