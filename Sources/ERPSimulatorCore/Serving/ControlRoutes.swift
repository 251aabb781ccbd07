import Hummingbird

/// `/_simulator`: faults, the moves of the company, and the audit. Never subject to faults.
struct ControlRoutes {
    let books: Books
    let faults: FaultBoard
    let faultSwitch: FaultSwitch
    let masterData: MasterData
    let player: DayPlayer

    func add(to router: Router<SimulatorContext>) {
        let control = router.group("_simulator")
        control.get("faults") { _, _ in Response(.json(["faults": faults.rules])) }
        control.post("faults") { request, context in try await addFault(request, context) }
        control.delete("faults") { _, _ in
            faultSwitch.off()
            return Response(status: .noContent)
        }
        control.delete("faults/:id") { _, context in
            let wasOn = context.parameters.get("id", as: Int.self).map { faultSwitch.off($0) } ?? false
            return Response(status: wasOn ? .noContent : .notFound)
        }
        control.post("orders/:erpNumber/:move") { request, context in try await move(request, context) }
        control.post("offline-orders") { request, context in try await keyOffline(request, context) }
        ActivityRoutes(books: books, player: player).add(to: control)
        control.get("audit") { request, _ in try audit(request) }
        control.get("summary") { _, _ in Response(.json(try books.read { try $0.summary() })) }
    }

    private func addFault(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        do {
            let (rule, closing) = try faultSwitch.on(try FaultRule(json: buffer.readableBytesView))
            // Who has this answer meets the fault: no request slips in over a connection that is still open.
            for closed in closing { _ = try? await closed.get() }
            return Response(.json(rule, status: 201))
        } catch {
            return Self.refusal("\(error.sentence) \(error.remedy)")
        }
    }

    private func move(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let number = PercentEncoding.decode(try context.parameters.require("erpNumber"))
        guard let move = Warehouse.Move(rawValue: try context.parameters.require("move")) else {
            return Response(status: .notFound)
        }
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        guard let instruction = Self.instruction(buffer) else {
            return Self.refusal("A move is told by a JSON object with \(Warehouse.Instruction.members).")
        }
        let trace = Trace(method: request.method.rawValue, path: request.uri.path)
        return Response(
            try books.write(trace) { page in
                guard let entry = try page.order(erpNumber: number) else {
                    return .problem(.unknownOrder(number), effect: .unknown)
                }
                var order = entry.order
                guard Warehouse(masterData: masterData, now: page.now).make(move, instruction, on: &order) else {
                    let detail = "Order \(number) is \(order.state.rawValue)."
                    return .problem(.rejected("move.impossible", detail, status: 409), effect: .rejected)
                }
                return .order(try page.save(order, content: entry.content, was: entry.order), effect: .moved)
            })
    }

    private func keyOffline(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        guard let call = try? JSON.decode(OfflineDesk.Call.self, buffer.readableBytesView) else {
            return Self.refusal("An offline order needs an account and lines of sku and quantity.")
        }
        let trace = Trace(method: request.method.rawValue, path: request.uri.path)
        return Response(try books.write(trace) { try OfflineDesk(masterData: masterData).key(call, in: $0) })
    }

    private func audit(_ request: Request) throws -> Response {
        let query = request.uri.queryParameters
        let since = query["since"].flatMap { Int64($0) } ?? 0
        let limit = min(max(query["limit"].flatMap { Int($0) } ?? 1_000, 1), 100_000)
        let number = query["storeNumber"].map { PercentEncoding.decode($0) }
        let entries = try books.read { try $0.audit(after: since, limit: limit, storeNumber: number) }
        return Response(.json(["entries": entries]))
    }

    /// Nil when it can not be read: taken for an empty one, it would move everything.
    private static func instruction(_ buffer: ByteBuffer) -> Warehouse.Instruction? {
        guard buffer.readableBytes > 0 else { return Warehouse.Instruction() }
        return Warehouse.Instruction(json: buffer.readableBytesView)
    }

    private static func refusal(_ sentence: String) -> Response {
        Response(.problem(.rejected("request.malformed", sentence, status: 400), effect: .rejected))
    }
}
