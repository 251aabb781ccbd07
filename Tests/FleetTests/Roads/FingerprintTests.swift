import Models
import Testing

@testable import Fleet

@Suite struct FingerprintTests {
    private func print(
        _ failure: Failure, queue: String = Samples.queue, type: String? = "order.placed.v1"
    ) -> String {
        Fingerprint(queue: queue, type: type, failure: failure).description
    }

    @Test("500 orders with one cause are one group")
    func oneGroup() {
        let prints = (0..<500).map { number in
            let pointer = "/data/lines/\(number)/sku"
            let fault = Fault(
                pointer: pointer, rule: "known", value: "X-\(number)", sentence: "SKU X-\(number) is unknown")
            return print(
                Failure(
                    code: "erp.unknown-sku", category: .rejected, sentence: "SKU X-\(number) is unknown.", remedy: "",
                    faults: [fault]))
        }
        #expect(Set(prints).count == 1)
    }

    @Test("order numbers of letters make no groups of their own")
    func letters() throws {
        var envelope = try Samples.message().envelope
        let prints = ["ALPHA", "BETA-X", "Größe L"].map { subject in
            envelope.subject = subject
            return print(.conflict(envelope))
        }
        #expect(Set(prints).count == 1)
    }

    @Test("bodies that are cut anywhere are one group, whatever part of the order the cut is in")
    func cutBodies() throws {
        let body = try Samples.orderBody("A")
        let prints = try stride(from: 2, to: body.count - 1, by: 97).map { count in
            let intake = Samples.intake(Array(body[..<count]))
            let error = try #require(throws: ContractError.self) { try MessageReader().read(intake) }
            return print(Failure(error))
        }
        #expect(Set(prints).count == 1)
    }

    @Test("a fault on every line is the same cause as on one")
    func everyLine() {
        let failures = [1, 100].map { count in
            let faults = (0..<count).map {
                Fault(pointer: "/data/lines/\($0)/quantity", rule: "decimal", value: "", sentence: "must be a decimal")
            }
            return Failure(
                code: "malformed.field", category: .malformed, sentence: "\(count)", remedy: "", faults: faults)
        }
        #expect(print(failures[0]) == print(failures[1]))
    }

    @Test("another queue, type, code, place, rule or sentence is another group")
    func different() {
        func failure(_ code: String = "a.b", _ pointer: String = "/data/sku", _ rule: String = "known") -> Failure {
            Failure(
                code: code, category: .rejected, sentence: "", remedy: "",
                faults: [Fault(pointer: pointer, rule: rule, value: "", sentence: "")])
        }
        let plain = { (sentence: String) in
            Failure(code: "a.b", category: .rejected, sentence: sentence, remedy: "")
        }
        let prints = [
            print(failure()), print(failure(), queue: "other"), print(failure(), type: nil), print(failure("a.c")),
            print(failure("a.b", "/data/currency")), print(failure("a.b", "/data/sku", "required")),
            print(plain("The account is closed.")), print(plain("The warehouse is closed.")),
        ]
        #expect(Set(prints).count == prints.count)
    }

    @Test("what is in quotes and every digit is blanked, also when a quote is never closed")
    func normalised() {
        #expect(Fingerprint.normalised("SKU \"A-1\" at 12:30") == "SKU # at #:#")
        #expect(Fingerprint.normalised("open \"for ever") == "open #")
        #expect(Fingerprint.normalised("") == "")
    }

    @Test("a fingerprint is the same in every process")
    func stable() {
        #expect(StableHash.fnv1a("".utf8) == "cbf29ce484222325")
        #expect(StableHash.fnv1a("a".utf8) == "af63dc4c8601ec8c")
    }

    @Test("a hash by words tells bodies apart that differ in one byte, wherever it is, or in their length")
    func byWords() {
        let body = (0..<61).map { UInt8($0) }
        let changed = body.indices.map { place in
            var other = body
            other[place] ^= 1
            return other
        }
        let names = Set((changed + [body, body + [0], Array(body.dropLast())]).map { StableHash.byWords($0) })
        #expect(names.count == body.count + 3 && names.allSatisfy { $0.count == 16 })
        #expect(StableHash.byWords(Array("abc".utf8)) == StableHash.fnv1a("abc".utf8))
    }
}
