import Fleet
import Synchronization
import Testing

@testable import DeadLetter

@Suite("Batches on their way through a deed", .timeLimit(.minutes(1)))
struct DeedLineTests {
    @Test("the next batch is sent while the one before is written down, and all keep their order")
    func overlapping() async throws {
        let deed = RecordedDeed()
        var line = DeedLine(deed: deed)
        for name in ["a", "b", "c"] { line.add([Self.letter(name)]) }
        // Nothing of the first is written down before the second has been sent.
        var done: [String] = []
        while let (batch, letters) = try await line.next() {
            #expect(batch.count == 1)
            done += letters.map(\.letter.id)
        }
        #expect(done == ["a", "b", "c"])
        #expect(deed.steps(of: "sent") == ["a", "b", "c"])
        #expect(deed.steps(of: "written") == ["a", "b", "c"])
        #expect(line.count == 0)
    }

    @Test("after a batch that cannot be sent nothing is sent, and those before it are written down all the same")
    func unsent() async throws {
        let deed = RecordedDeed(unsendable: "b")
        var line = DeedLine(deed: deed)
        for name in ["a", "b", "c"] { line.add([Self.letter(name)]) }
        let first = try await line.next()
        #expect(first?.done.map(\.letter.id) == ["a"])
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        #expect(try await line.next() == nil)
        #expect(deed.steps(of: "sent") == ["a"])
        #expect(deed.steps(of: "written") == ["a"])
    }

    @Test("after a batch that cannot be written down nothing is written down")
    func unwritten() async throws {
        let deed = RecordedDeed(unwritable: "a")
        var line = DeedLine(deed: deed)
        for name in ["a", "b"] { line.add([Self.letter(name)]) }
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        #expect(deed.steps(of: "written") == [])
    }

    @Test("the next batch is sent as soon as the one before has handed over its turn, and waits for it all the same")
    func handedOver() async throws {
        let deed = RecordedDeed(handedOver: "a")
        var line = DeedLine(deed: deed)
        for name in ["a", "b"] { line.add([Self.letter(name)]) }
        var done: [String] = []
        while let (_, letters) = try await line.next() { done += letters.map(\.letter.id) }
        #expect(done == ["a", "b"])
        #expect(deed.steps(of: "sent") == ["b", "a"])
        #expect(deed.steps(of: "repeated") == [])
    }

    @Test("what was sent before something of the batch ahead of it was sent once more goes behind that, and so on")
    func overtaking() async throws {
        let deed = RecordedDeed(handedOver: "a", repeated: "a")
        var line = DeedLine(deed: deed)
        for name in ["a", "b"] { line.add([Self.letter(name)]) }
        while try await line.next() != nil {}
        #expect(deed.steps(of: "repeated") == ["b"])
    }

    @Test("once something was sent twice, a batch that comes later waits for those before it, and is sent once")
    func calming() async throws {
        let deed = RecordedDeed(handedOver: "a", repeated: "a")
        var line = DeedLine(deed: deed)
        for name in ["a", "b"] { line.add([Self.letter(name)]) }
        _ = try await line.next()
        for name in ["c", "d"] { line.add([Self.letter(name)]) }
        while try await line.next() != nil {}
        #expect(deed.steps(of: "repeated") == ["b"])
        #expect(deed.steps(of: "written") == ["a", "b", "c", "d"])
    }

    @Test("a batch that fails after it has handed over ends the one that was sent behind it")
    func failedLate() async throws {
        let deed = RecordedDeed(unsendable: "a", handedOver: "a")
        var line = DeedLine(deed: deed)
        for name in ["a", "b"] { line.add([Self.letter(name)]) }
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        await #expect(throws: ProgramError.self) { _ = try await line.next() }
        #expect(deed.steps(of: "sent") == ["b"])
        #expect(deed.steps(of: "written") == [])
    }

    private static func letter(_ id: String) -> TakenLetter { TakenLetter(letter: Letters.make(id: id)) }
}

/// Writes down what is asked of it. The first letter is only written down once the second has been sent.
private final class RecordedDeed: LetterDeed {
    private let log = Mutex<[String]>([])
    private let unsendable: String?
    private let unwritable: String?
    /// Lets the next one follow, and is sent once that was.
    private let handedOver: String?
    /// Something of it is sent once more.
    private let repeated: String?

    init(
        unsendable: String? = nil, unwritable: String? = nil, handedOver: String? = nil, repeated: String? = nil
    ) {
        self.unsendable = unsendable
        self.unwritable = unwritable
        self.handedOver = handedOver
        self.repeated = repeated
    }

    func send(_ letters: [TakenLetter], _ turn: SendTurn) async throws(ProgramError) -> SentBatch {
        let id = letters[0].letter.id
        if id == handedOver {
            turn.handOver()
            while !steps(of: "sent").contains("b") { await Task.yield() }
        }
        if id == unsendable { throw Self.failure }
        log.withLock { $0.append("sent " + id) }
        let isOvertaking = try await turn.isOvertaking()
        if isOvertaking { log.withLock { $0.append("repeated " + id) } }
        return SentBatch(letters: letters, isRepeated: isOvertaking || id == repeated)
    }

    func perform(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        let id = letters[0].letter.id
        if id == unwritable { throw Self.failure }
        if id == "a", unsendable == nil {
            while !steps(of: "sent").contains("b") { await Task.yield() }
        }
        log.withLock { $0.append("written " + id) }
        return letters
    }

    func steps(of kind: String) -> [String] {
        log.withLock { $0 }.compactMap { line in
            line.hasPrefix(kind + " ") ? String(line.dropFirst(kind.count + 1)) : nil
        }
    }

    private static let failure = ProgramError(
        code: "test.failure", sentence: "It does not work.", remedy: "", exit: .failure)
}
