import Hummingbird

/// `/_simulator`: faults, the moves of the company, and the audit. Never subject to faults.
struct ControlRoutes {
    let books: Books
    let faults: FaultBoard
    let gate: Gate
    let masterData: MasterData

    func add(to router: Router<SimulatorContext>) {
        let control = router.group("_simulator")
        control.get("faults") { _, _ in Response(.json(["faults": faults.rules])) }
        control.post("faults") { request, context in try await addFault(request, context) }
        control.delete("faults") { _, _ in
            gate.goUp()
            faults.clear()
            return Response(status: .noContent)
        }
        control.delete("faults/:id") { _, context in
            Response(status: clear(context.parameters.get("id", as: Int.self)) ? .noContent : .notFound)
        }
        control.post("orders/:erpNumber/:move") { request, context in try await move(request, context) }
        control.post("offline-orders") { request, context in try await keyOffline(request, context) }
        control.get("audit") { request, _ in try audit(request) }
        control.get("summary") { _, _ in Response(.json(try books.read { try $0.summary() })) }
    }

    private func addFault(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        do {
            let buffer = try await request.body.collect(upTo: context.maxUploadSize)
            let rule = try faults.add(try JSON.decode(FaultRule.self, buffer.readableBytesView))
            if rule.kind == .down {
                gate.goDown(for: rule.seconds.map { .seconds($0) }) { [faults] in faults.clear(rule.id) }
            }
            return Response(.json(rule, status: 201))
        } catch let error as SimulatorError {
            return Self.refusal(error.sentence)
        } catch let error as DecodingError {
            return Self.refusal("The fault can not be read: \(error)")
        }
    }

    private func clear(_ id: Int?) -> Bool {
        guard let id, let rule = faults.rules.first(where: { $0.id == id }) else { return false }
        if rule.kind == .down { gate.goUp() }
        return faults.clear(id)
    }

    private func move(_ request: Request, _ context: SimulatorContext) async throws -> Response {
        let number = PercentEncoding.decode(try context.parameters.require("erpNumber"))
        guard let move = Warehouse.Move(rawValue: try context.parameters.require("move")) else {
            return Response(status: .notFound)
        }
        let buffer = try await request.body.collect(upTo: context.maxUploadSize)
        let instruction = try Self.instruction(buffer)
        let trace = Trace(method: request.method.rawValue, path: request.uri.path)
        return Response(
            try books.write(trace) { page in
                guard let entry = try page.order(erpNumber: number) else {
                    return .problem(.unknownOrder(number), effect: .unknown)
                }
                var order = entry.order
                guard Warehouse(masterData: masterData).make(move, instruction, on: &order) else {
                    let detail = "Order \(number) is \(order.state.rawValue)."
                    return .problem(.rejected("move.impossible", detail, status: 409), effect: .rejected)
                }
                return .order(try page.save(order, content: entry.content), effect: .moved)
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

    private static func instruction(_ buffer: ByteBuffer) throws -> Warehouse.Instruction {
        guard buffer.readableBytes > 0 else { return Warehouse.Instruction() }
        return (try? JSON.decode(Warehouse.Instruction.self, buffer.readableBytesView)) ?? Warehouse.Instruction()
    }

    private static func refusal(_ sentence: String) -> Response {
        Response(.problem(.rejected("request.malformed", sentence, status: 400), effect: .rejected))
    }
}
