import Hummingbird

/// `/_simulator/play`, `/_simulator/day`, `/_simulator/changes/{kind}` and `/_simulator/deletions/{kind}`: what
/// happens in the company without the store.
struct ActivityRoutes {
    /// What is asked for; everything has a default.
    private struct Request: Decodable {
        static let names: Set = ["events", "seed", "speed"]

        var events: Int?
        var seed: UInt64?
        var speed: Double?
    }

    private static let mostEvents = 1_000_000

    let books: Books
    let player: DayPlayer

    func add(to control: RouterGroup<SimulatorContext>) {
        control.post("play") { request, context in try await play(request, context) }
        control.post("day") { request, context in try await begin(request, context) }
        control.get("day") { _, _ in Response(.json(player.progress)) }
        control.delete("day") { _, _ in
            player.stop()
            return Response(.json(player.progress))
        }
        control.post("changes/:kind") { request, context in
            try await change(request, context) { try ObjectDesk().change($0, $1, in: $2) }
        }
        control.post("deletions/:kind") { request, context in
            try await change(request, context) { try ObjectDesk().delete($0, $1, in: $2) }
        }
    }

    private func play(_ request: Hummingbird.Request, _ context: SimulatorContext) async throws -> Response {
        guard let asked = try await read(request, context), asked.speed == nil else {
            return Self.refusal("A play is told by a JSON object with events (1 to \(Self.mostEvents)) and seed.")
        }
        return Response(.json(try await player.step(asked.events ?? 1, seed: asked.seed)))
    }

    private func begin(_ request: Hummingbird.Request, _ context: SimulatorContext) async throws -> Response {
        guard let asked = try await read(request, context), (0.001...1_000_000).contains(asked.speed ?? 1) else {
            return Self.refusal(
                "A day is told by a JSON object with events (1 to \(Self.mostEvents)), seed and speed (0.001 to 1000000)."
            )
        }
        var day = DayPlayer.Day()
        day.events = asked.events ?? day.events
        day.seed = asked.seed
        day.speed = asked.speed ?? day.speed
        guard player.begin(day) else {
            return Response(
                .problem(.rejected("day.playing", "A day is being played.", status: 409), effect: .rejected))
        }
        return Response(.json(player.progress, status: 202))
    }

    private func change(
        _ request: Hummingbird.Request, _ context: SimulatorContext,
        by change: @escaping @Sendable (ChangeKind, JSONValue, Books.Page) throws -> Reply?
    ) async throws -> Response {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        guard let kind = ChangeKind(rawValue: try context.parameters.require("kind")), kind != .orders else {
            return Response(status: .notFound)
        }
        guard let patch = try? JSON.decode(JSONValue.self, buffer.readableBytesView) else {
            return Self.refusal("A change is told by a JSON object with what changes, and of what.")
        }
        let trace = Trace(method: request.method.rawValue, path: request.uri.path)
        return Response(
            try books.write(trace) { page in
                try change(kind, patch, page)
                    ?? .problem(
                        .rejected("change.unreadable", "The change names no object of that kind.", status: 400),
                        effect: .rejected)
            })
    }

    /// Nil when it can not be read, or asks for what there is not.
    private func read(_ request: Hummingbird.Request, _ context: SimulatorContext) async throws -> Request? {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        guard buffer.readableBytes > 0 else { return try? JSON.decode(Request.self, "{}") }
        let bytes = Array(buffer.readableBytesView)
        guard let names = try? JSON.decode(MemberNames.self, bytes).names, Request.names.isSuperset(of: names),
            let asked = try? JSON.decode(Request.self, bytes), (1...Self.mostEvents).contains(asked.events ?? 1)
        else { return nil }
        return asked
    }

    private static func refusal(_ sentence: String) -> Response {
        Response(.problem(.rejected("request.malformed", sentence, status: 400), effect: .rejected))
    }
}
