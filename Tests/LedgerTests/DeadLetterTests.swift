import Ledger
import Testing

@Suite("Dead letters")
struct DeadLetterTests {
    private func letter(
        _ id: String, fingerprint: String = "f", at time: Int64 = 10, subject: String? = "A"
    ) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.to-erp", flow: "orders", type: "order.placed.v1", subject: subject, revision: 2,
            code: "rejected.unknown-sku", category: "rejected", sentence: "SKU X is unknown (\(id)).",
            fingerprint: fingerprint, attempts: 1, firstFailedAt: time, lastFailedAt: time)
    }

    @Test("letters are found by what is asked for, the newest first")
    func queries() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                try transaction.recordDeadLetter(letter("1", at: 10))
                try transaction.recordDeadLetter(letter("2", fingerprint: "g", at: 30, subject: nil))
                try transaction.recordDeadLetter(letter("3", at: 20))
            }
            try await ledger.read { snapshot throws in
                #expect(try snapshot.deadLetters().map(\.id) == ["2", "3", "1"])
                #expect(try snapshot.deadLetters(.init(fingerprint: "f"), limit: 1).map(\.id) == ["3"])
                #expect(try snapshot.deadLetters(.init(subject: "A", since: 10, before: 20)).map(\.id) == ["1"])
                #expect(try snapshot.deadLetters(.init(state: .resolved)).isEmpty)
                #expect(try snapshot.deadLetterCount(.init(state: nil, flow: "orders")) == 3)
                #expect(try snapshot.deadLetter(id: "2") == letter("2", fingerprint: "g", at: 30, subject: nil))
            }
        }
    }

    @Test("letters with the same cause are one group")
    func groups() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for number in 1...4 {
                    try transaction.recordDeadLetter(letter("\(number)", at: Int64(number)))
                }
                try transaction.recordDeadLetter(letter("9", fingerprint: "g", at: 99))
            }
            let groups = try await ledger.read { try $0.deadLetterGroups() }
            #expect(groups.map(\.fingerprint) == ["f", "g"])
            #expect(groups.map(\.count) == [4, 1])
            #expect(groups.first?.firstFailedAt == 1 && groups.first?.lastFailedAt == 4)
            #expect(groups.first?.latest.id == "4")
        }
    }

    @Test("of two people who act on a letter, one wins; a letter that fails again is open again")
    func states() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                try transaction.recordDeadLetter(letter("1", at: 10))
                #expect(try transaction.updateDeadLetter(id: "1", from: .open, to: .replayed, note: "ada"))
                #expect(try !transaction.updateDeadLetter(id: "1", from: .open, to: .discarded, note: "bob"))
                #expect(try transaction.deadLetter(id: "1")?.note == "ada")
                try transaction.recordDeadLetter(letter("1", at: 50))
                let again = try transaction.deadLetter(id: "1")
                #expect(again?.state == .open && again?.firstFailedAt == 10 && again?.lastFailedAt == 50)
                #expect(try transaction.unsettledDeadLetters(subject: "A", upTo: 1).isEmpty)
                #expect(try transaction.unsettledDeadLetters(subject: "B", upTo: 2).isEmpty)
                #expect(try transaction.unsettledDeadLetters(subject: "A", upTo: 2) == [again].compactMap(\.self))
                #expect(try transaction.updateDeadLetter(id: "1", from: .open, to: .resolved))
                #expect(try transaction.unsettledDeadLetters(subject: "A", upTo: 2).isEmpty)
            }
        }
    }

    @Test("a letter whose revision could not be read is not taken for one that is overtaken")
    func unreadable() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                #expect(try !transaction.hasUnsettledDeadLetters())
                var unreadable = letter("1")
                unreadable.revision = 0
                try transaction.recordDeadLetter(unreadable)
                #expect(try transaction.hasUnsettledDeadLetters())
                #expect(try transaction.unsettledDeadLetters(subject: "A", upTo: 9).isEmpty)
                try transaction.recordDeadLetter(letter("1"))
                #expect(try transaction.unsettledDeadLetters(subject: "A", upTo: 9).map(\.id) == ["1"])
                #expect(try transaction.updateDeadLetter(id: "1", from: .open, to: .resolved))
                #expect(try !transaction.hasUnsettledDeadLetters())
            }
        }
    }

    @Test("what is said of an open letter is said once, never of another one, and its cause has changed by it")
    func annotated() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                try transaction.recordDeadLetter(letter("1"))
                for cause in try transaction.changedCauses(limit: 9) {
                    try transaction.forgetChanges(of: cause.fingerprint, upTo: cause.changes)
                }
                #expect(try transaction.annotateDeadLetter(id: "1", note: "a"))
                #expect(try transaction.changedCauses(limit: 9).map(\.fingerprint) == ["f"])
                #expect(try !transaction.annotateDeadLetter(id: "1", note: "b"))
                #expect(try transaction.deadLetter(id: "1")?.note == "a")
                try transaction.recordDeadLetter(letter("2"))
                #expect(try transaction.updateDeadLetter(id: "2", from: .open, to: .replayed))
                #expect(try !transaction.annotateDeadLetter(id: "2", note: "c"))
            }
        }
    }

    @Test("two bodies under one id are both kept, each once")
    func bodies() async throws {
        try await withLedger { ledger, _ async throws in
            let keep = { (body: String, time: Int64) in
                try await ledger.write { transaction throws in
                    var letter = letter("1", at: time)
                    letter.payload = try Array(body.utf8).withUnsafeBytes {
                        try transaction.storeBody(id: "1", body: $0, at: time)
                    }
                    try transaction.recordDeadLetter(letter)
                    return letter.payload ?? ""
                }
            }
            let names = [
                try await keep("first", 1), try await keep("other", 2), try await keep("other", 3),
                try await keep("first", 4), try await keep("third", 2),
            ]
            #expect(names[0] == "1" && names[3] == "1" && names[1] == names[2])
            #expect(Set(names).count == 3 && names.allSatisfy { $0.hasPrefix("1") })
            let bodies = try await ledger.read { snapshot throws in
                try names.map { String(decoding: try snapshot.payload(id: $0)?.body ?? [], as: UTF8.self) }
            }
            #expect(bodies == ["first", "other", "other", "first", "third"])
            #expect(try await ledger.read { try $0.deadLetter(id: "1")?.payload } == names[4])
        }
    }
}
