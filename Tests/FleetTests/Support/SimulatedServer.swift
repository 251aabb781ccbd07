import FleetTesting

@testable import Fleet

/// A server with room for so many calls at once, and clients that always have another call to make; in simulated time.
struct SimulatedServer {
    /// What came of it, counted after the warm-up.
    struct Outcome {
        var answered = 0
        var refused = 0
        var limits: [Int] = []

        var refusedShare: Double { Double(refused) / Double(max(answered + refused, 1)) }
    }

    private enum Step { case freed, answered, refused, returned }

    private struct Event {
        var at: Double
        var client: Int
        var began: Double
        var step: Step
    }

    var room = 32
    var latency = 0.05
    /// The way there and back, in which a place is free again but nobody knows.
    var network = 0.0005
    /// The share of calls that are answered in a tenth of the time.
    var quickShare = 0.0
    /// How many calls a client holds; one that was refused comes back after a second.
    var supply = 128
    var random: SeededRandom

    /// Capacity in calls, over the time that is counted.
    func capacity(seconds: Double) -> Double { Double(room) / (latency + network) * seconds }

    /// Lets each client run with its own limit from its start on.
    mutating func run(startingAt starts: [Double] = [0], warmUp: Double = 8, seconds: Double = 20) -> Outcome {
        var limits = starts.map { _ in AdaptiveLimit(settings: .init(maximum: 128)) }
        var inFlight = starts.map { _ in 0 }
        var ready = starts.map { _ in supply }
        var events = starts.indices.map { Event(at: starts[$0], client: $0, began: 0, step: .returned) }
        var busy = 0
        var outcome = Outcome()
        while let index = events.indices.min(by: { events[$0].at < events[$1].at }) {
            let event = events[index]
            events.swapAt(index, events.count - 1)
            events.removeLast()
            guard event.at < warmUp + seconds else { break }
            let client = event.client
            switch event.step {
            case .freed:
                busy -= 1
                events.append(Event(at: event.at + network, client: client, began: event.began, step: .answered))
                continue
            case .answered:
                limits[client].succeeded(
                    latency: .microseconds(Int64((event.at - event.began) * 1_000_000)), inFlight: inFlight[client])
                ready[client] += 1
            case .refused:
                limits[client].refused(inFlight: inFlight[client])
                events.append(Event(at: event.at + 1, client: client, began: 0, step: .returned))
            case .returned: ready[client] += 1
            }
            if event.step != .returned {
                inFlight[client] -= 1
                if event.at >= warmUp, event.step == .answered { outcome.answered += 1 }
                if event.at >= warmUp, event.step == .refused { outcome.refused += 1 }
            }
            while inFlight[client] < limits[client].limit, ready[client] > 0 {
                inFlight[client] += 1
                ready[client] -= 1
                let isRoom = busy < room
                busy += isRoom ? 1 : 0
                let took = isRoom ? takes() : network
                events.append(
                    Event(at: event.at + took, client: client, began: event.at, step: isRoom ? .freed : .refused))
            }
        }
        outcome.limits = limits.map(\.limit)
        return outcome
    }

    private mutating func takes() -> Double {
        let isQuick = Double.random(in: 0..<1, using: &random) < quickShare
        return (isQuick ? latency / 10 : latency) * Double.random(in: 0.8...1.2, using: &random)
    }
}
