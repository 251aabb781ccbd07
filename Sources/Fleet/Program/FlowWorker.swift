/// Handles what one consumer receives, until the consumer is stopped.
protocol FlowWorker: Actor {
    /// Returns when the consumer has been stopped and everything in hand has ended.
    func run() async
    /// The consumer is about to be stopped: nothing that can wait is begun any more.
    func stop()
    /// Gives up what is still in hand; returns how many pieces of work that were.
    func abandon() -> Int
}

extension FlowWorker {
    /// Nothing to do before the consumer has stopped.
    func stop() {}
}
