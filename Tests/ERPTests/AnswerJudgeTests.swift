@testable import ERP
import HTTPClient
import Testing

/// Row 39: what a proxy, a login page or a crash may answer.
@Suite struct AnswerJudgeTests {
    private static let order = """
        {"erpNumber":"SO1","storeNumber":"1","storeRevision":1,"version":1,"state":"accepted","lines":[]}
        """

    private func judged(_ response: HTTPResponse, isWrite: Bool = true) -> Result<String, ERPError> {
        do throws(ERPError) {
            let answer: RESTAnswer<WireERPOrder> = try AnswerJudge(isWrite: isWrite).judge(response)
            switch answer {
            case .success(let order): return .success(order.erpNumber)
            case .problem(let problem): return .success(problem.code)
            }
        } catch {
            return .failure(error)
        }
    }

    private func response(
        _ status: Int, _ body: String, type: String? = "application/json", _ more: HTTPHeaders = [:]
    ) -> HTTPResponse {
        var headers = more
        headers["Content-Type"] = type
        return HTTPResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("a complete order is believed, with or without parameters of its type", arguments: [200, 201])
    func success(status: Int) throws {
        #expect(try judged(response(status, Self.order)).get() == "SO1")
        #expect(try judged(response(status, Self.order, type: "Application/JSON; charset=utf-8")).get() == "SO1")
    }

    @Test(
        "a 200 that is not an order is a failure: unknown for a write, unavailable for a read",
        arguments: [
            "", "null", "[]", "{}", "<html>Sign in</html>", #"{"error":"deadlock"}"#, String(order.dropLast(20)),
            order + order, #"{"erpNumber":"SO1","storeNumber":"1","storeRevision":1,"version":1,"lines":[]}"#,
        ])
    func unusable(body: String) {
        guard case .failure(.outcomeUnknown) = judged(response(200, body)) else {
            Issue.record("believed as a write")
            return
        }
        guard case .failure(.unavailable) = judged(response(200, body), isWrite: false) else {
            Issue.record("believed as a read")
            return
        }
    }

    @Test("an order under another content type is not believed", arguments: ["text/html", "text/plain", nil])
    func contentType(type: String?) {
        guard case .failure(.outcomeUnknown) = judged(response(200, Self.order, type: type)) else {
            Issue.record("believed")
            return
        }
    }

    @Test("429 and 503 with Retry-After ask to slow down", arguments: [429, 503])
    func slowDown(status: Int) {
        let answer = judged(response(status, "", ["Retry-After": "7"]))
        #expect(answer == .failure(.slowDown(retryAfter: .seconds(7))))
    }

    @Test("429 without a time still asks to slow down; 503 without one is unavailable")
    func withoutTime() {
        #expect(judged(response(429, "")) == .failure(.slowDown(retryAfter: nil)))
        guard case .failure(.unavailable) = judged(response(503, "")) else {
            Issue.record("503")
            return
        }
    }

    @Test("a server error leaves a write unknown and a read unavailable", arguments: [500, 502, 504, 599])
    func serverError(status: Int) {
        guard case .failure(.outcomeUnknown) = judged(response(status, "")),
            case .failure(.unavailable) = judged(response(status, ""), isWrite: false)
        else {
            Issue.record("\(status)")
            return
        }
    }

    @Test(
        "credentials, redirects and unexplained absences are no order's fault",
        arguments: [301, 302, 401, 403, 404, 405])
    func operatorsFault(status: Int) {
        guard case .failure(.unavailable) = judged(response(status, "<html>", type: "text/html")) else {
            Issue.record("\(status)")
            return
        }
    }

    @Test(
        "a refusal that is not the interface's own is nobody's order's fault: a proxy's, or a port's that speaks TLS",
        arguments: [400, 409, 412, 413, 415, 422])
    func foreignRefusal(status: Int) {
        for type in ["text/html", "text/plain", "application/json", nil] {
            let answer = response(status, "<html><h1>400 Bad Request</h1></html>", type: type)
            guard case .failure(.outcomeUnknown(let text, .answer)) = judged(answer) else {
                Issue.record("\(status) as \(type ?? "nothing") was believed")
                continue
            }
            #expect(text.contains("status \(status)"))
            guard case .failure(.unavailable(_, .answer)) = judged(answer, isWrite: false) else {
                Issue.record("\(status) as \(type ?? "nothing") was believed by a read")
                continue
            }
        }
    }

    @Test("who can mend it is said by code and remedy")
    func obstacles() {
        func error(_ response: HTTPResponse) -> ERPError? {
            guard case .failure(let error) = judged(response, isWrite: false) else { return nil }
            return error
        }
        let refused = error(response(401, ""))
        #expect(refused?.code == "erp.credentials" && refused?.remedy.contains("erp.rest.token") == true)
        #expect(error(response(403, ""))?.code == "erp.credentials")
        let moved = error(response(302, "", ["Location": "https://u:p@new.example/login?k=1"]))
        #expect(moved?.code == "erp.address" && moved?.remedy.contains("erp.rest.url") == true)
        #expect(moved?.sentence.contains("https://new.example") == true)
        #expect(moved?.sentence.contains("u:p") == false && moved?.sentence.contains("login") == false)
        #expect(error(response(404, "<html>", type: "text/html"))?.code == "erp.address")
        let page = error(response(200, "<html>", type: "text/html"))
        #expect(page?.code == "erp.answer" && page?.remedy.contains("erp.rest.url") == true)
        #expect(error(response(500, ""))?.code == "erp.unavailable")
    }

    @Test("a problem is read with its category")
    func problem() throws {
        let body = #"{"category":"rejected","code":"sku.unknown","detail":"No.","title":"x","status":422}"#
        #expect(try judged(response(422, body, type: "application/problem+json")).get() == "sku.unknown")
    }

    @Test("a problem of a category nobody knows is a refusal in its own words, for a person")
    func unknownCategory() {
        for body in [
            #"{"category":"whimsical","code":"x","detail":"Not on Mondays."}"#, #"{"title":"Not on Mondays."}"#,
        ] {
            guard
                case .failure(.rejected(code: "erp.refused", let sentence, _)) = judged(
                    response(422, body, type: "application/problem+json"))
            else {
                Issue.record("believed")
                continue
            }
            #expect(sentence.contains("Not on Mondays."))
        }
    }

    @Test("a problem that says nothing is unreadable", arguments: ["", "{}", "no", "[]", #"{"detail":" "}"#])
    func emptyProblem(body: String) {
        guard case .failure(.outcomeUnknown) = judged(response(422, body, type: "application/problem+json")) else {
            Issue.record("believed")
            return
        }
    }
}
