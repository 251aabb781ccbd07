/// Handles what one consumer receives, until the consumer is stopped.
protocol FlowWorker: Actor {
    /// Returns when the consumer has been stopped and everything in hand has ended.
    func run() async
    /// Gives up what is still in hand; returns how many pieces of work that were.
    func abandon() -> Int
}
