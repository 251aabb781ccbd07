import ERPSimulatorCore
import FoundationEssentials
import HTTPClient
import Testing

/// The document and the simulator may not drift apart.
@Suite struct OpenAPITests {
    /// Method and path of each operation, and the statuses it documents, read from the file's own indentation: the file is ours,
    /// and a YAML library would be one more dependency for forty lines.
    private struct Operation {
        var method: String
        var path: String
        var statuses: [String] = []
    }

    private func operations() throws -> [Operation] {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(file)/Sources/ERP/REST/openapi.yaml", encoding: .utf8)
        var path = ""
        var found: [Operation] = []
        for line in text.split(separator: "\n").drop(while: { $0 != "paths:" }).prefix(while: { $0 != "components:" }) {
            if line.hasPrefix("  /") {
                path = line.trimming(" :")
            } else if ["    get:", "    post:", "    put:", "    delete:"].contains(line) {
                found.append(Operation(method: line.trimming(" :").uppercased(), path: path))
            } else if line.hasPrefix("        '"), !found.isEmpty {
                found[found.count - 1].statuses.append(String(line.split(separator: "'")[1]))
            }
        }
        return found
    }

    @Test("the document lists what the interface has")
    func complete() throws {
        let listed = try operations().map { "\($0.method) \($0.path)" }
        #expect(
            listed == [
                "GET /ping", "POST /orders", "GET /orders/{number}", "PUT /orders/{number}",
                "POST /orders/{number}/cancel", "POST /quotes", "GET /warehouses", "GET /changes/orders",
                "GET /changes/products", "GET /changes/stock", "GET /changes/prices", "GET /changes/customers",
                "GET /changes/shipments",
            ])
    }

    @Test("every documented operation is served, and answers with a documented status")
    func served() async throws {
        try await SimulatedERP.with { simulated in
            for operation in try operations() {
                let path = operation.path.split(separator: "{number}", omittingEmptySubsequences: false)
                    .joined(separator: "1")
                let method = try #require(HTTPMethod(rawValue: operation.method))
                let hasBody = method != .get
                let answer = try await simulated.send(method, path, hasBody ? "{}" : nil)
                #expect(operation.statuses.contains("\(answer.status)"), "\(operation.method) \(path)")
                let type = answer.headers["content-type"]
                #expect(type == (answer.status < 300 ? "application/json" : "application/problem+json"))
            }
        }
    }

    @Test("what is answered in earnest is what the document says, member by member")
    func schemas() async throws {
        let document = try OpenAPIDocument()
        try await SimulatedERP.with { simulated in
            let calls = [
                Call(.post, "/orders", Self.order(), 201), Call(.post, "/orders", Self.order(), 200),
                Call(.post, "/orders", Self.order(quantity: "3"), 409), Call(.get, "/orders/1", nil, 200),
                Call(.post, "/orders", Self.order(revision: 2), 409),
                Call(.put, "/orders/1", Self.order(revision: 2, quantity: "9"), 200),
                Call(.put, "/orders/1", Self.order(), 409), Call(.get, "/orders/none", nil, 404),
                Call(.put, "/orders/none", Self.order("none"), 404),
                Call(.post, "/orders", Self.order("2", account: "C-10004"), 201),
                Call(.post, "/orders", Self.order("3", account: "C-10007"), 422),
                Call(.post, "/orders", Self.order("3", sku: "NOPE"), 422),
                Call(.put, "/orders/2", Self.order("2", revision: 2, account: "C-10007"), 422),
                Call(.put, "/orders/2", Self.order("2", revision: 2, sku: "NOPE"), 422),
                Call(.post, "/orders", Self.order("4", sku: "FST-0014", quantity: "7"), 201),
                Call(.post, "/orders", Self.order("5", sku: "FST-0016"), 201),
                Call(.post, "/orders/1/cancel", Self.order(revision: 3), 200),
                Call(.post, "/orders/6/cancel", Self.order("6", revision: 3), 201),
                Call(.put, "/orders/1", Self.order(revision: 4), 409), Call(.post, "/orders", "{}", 400),
                Call(.get, "/changes/orders?since=x", nil, 400), Call(.get, "/ping", nil, 200),
            ]
            for call in calls { try await expect(call, document, simulated) }
            #expect(try await simulated.move("SO000002", "release") == 200)
            #expect(try await simulated.move("SO000002", "ship") == 200)
            let keyed = #"{"account":"C-10006","purchaseOrderNumber":"T","lines":[{"sku":"PWR-0001","quantity":"2"}]}"#
            #expect(try await simulated.send(.post, "/_simulator/offline-orders", keyed).status == 201)
            try await expect(Call(.post, "/orders/2/cancel", Self.order("2", revision: 4), 409), document, simulated)
            let kinds = ["orders", "products", "stock", "prices", "customers", "shipments"]
            for path in kinds.map({ "/changes/\($0)?limit=100" }) + ["/warehouses", "/changes/stock?warehouse=WEST"] {
                try await expect(Call(.get, path, nil, 200), document, simulated)
            }
            for path in ["/changes/stock?warehouse=MOON", "/changes/prices?warehouse=WEST"] {
                try await expect(Call(.get, path, nil, 400), document, simulated)
            }
        }
    }

    @Test("the comparison sees a missing, a strange and a wrong member")
    func comparison() throws {
        let document = try OpenAPIDocument()
        let good = #"{"code":"a.b","text":"why"}"#
        #expect(try document.complaints(good, against: "Reason").isEmpty)
        for bad in [#"{"code":"a.b"}"#, #"{"code":"a.b","text":"why","more":1}"#, #"{"code":1,"text":"why"}"#, "[]"] {
            #expect(try document.complaints(bad, against: "Reason").count == 1)
        }
        #expect(try document.complaints(#""1,5""#, against: "Decimal").count == 1)
        #expect(try document.complaints("0", against: "Revision").count == 1)
    }

    private struct Call {
        var method: HTTPMethod
        var path: String
        var body: String?
        var status: Int

        init(_ method: HTTPMethod, _ path: String, _ body: String?, _ status: Int) {
            (self.method, self.path, self.body, self.status) = (method, path, body, status)
        }
    }

    private func expect(_ call: Call, _ document: OpenAPIDocument, _ simulated: SimulatedERP) async throws {
        let answer = try await simulated.send(call.method, call.path, call.body)
        let name = "\(call.method.rawValue) \(call.path) \(answer.status)"
        #expect(answer.status == call.status, "\(name)")
        if let body = call.body, body != "{}" {
            #expect(try document.complaints(body, against: "Order").isEmpty, "\(name)")
        }
        let complaints = try document.complaints(
            String(decoding: answer.body, as: UTF8.self), to: call.method.rawValue.lowercased(), call.path,
            status: answer.status, type: answer.headers["content-type"] ?? "")
        #expect(complaints.isEmpty, "\(name)")
    }

    private static func order(
        _ number: String = "1", revision: Int = 1, account: String = "C-10010", sku: String = "FST-0001",
        quantity: String = "2"
    ) -> String {
        let place =
            #"{"company":"G","name":"D","street":["1 St"],"city":"N","region":"NJ","postalCode":"0","country":"US"}"#
        return """
            {"number":"\(number)","revision":\(revision),"customer":{"account":"\(account)"},
            "contact":{"name":"Ada","email":"ada@example.com","phone":"1"},"purchaseOrderNumber":"PO",
            "shipTo":\(place),"billTo":\(place),"shippingMethod":"ground","requestedDate":"2026-12-01",
            "preferredWarehouse":"EAST","payment":{"method":"purchase-order"},"currency":"USD",
            "lines":[{"id":"1","sku":"\(sku)","quantity":"\(quantity)","unit":"C62","unitPrice":"4.00",
            "amount":"8.00","priceVersion":"1"}],
            "totals":{"goods":"8.00","discount":"0.00","shipping":"0.00","tax":"0.00","total":"8.00"}}
            """
    }

    @Test("a path that is not documented is not served")
    func undocumented() async throws {
        try await SimulatedERP.with { simulated in
            let answer = try await simulated.send(.delete, "/orders/1")
            #expect(answer.status == 404)
        }
    }
}

extension Substring {
    fileprivate func trimming(_ characters: String) -> String {
        let start = drop { characters.contains($0) }
        let end = start.lastIndex { !characters.contains($0) }
        return end.map { String(start[...$0]) } ?? ""
    }
}
