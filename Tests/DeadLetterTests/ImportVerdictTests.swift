import Ledger
import Testing

@testable import DeadLetter

@Suite("Deciding which letters to put back")
struct ImportVerdictTests {
    private func verdict(
        _ memory: ImportMemory = ImportMemory(), isInQueue: Bool = false, isQueueShared: Bool = false,
        again: Bool = false
    ) -> ImportVerdict {
        ImportVerdict(memory, isInQueue: isInQueue, isQueueShared: isQueueShared, again: again)
    }

    @Test("what is nowhere is put back, also when the index believes that it is open")
    func missing() {
        #expect(verdict() == .publish)
        #expect(verdict(ImportMemory(standing: .open)) == .publish)
        #expect(verdict(ImportMemory(standing: .newer)) == .publish)
    }

    @Test("what the index has as open stays out while somebody holds letters of its queue")
    func held() {
        #expect(verdict(ImportMemory(standing: .open), isQueueShared: true) == .there)
        #expect(verdict(isQueueShared: true) == .publish)
    }

    @Test("what lies in its queue is not put there twice, but into an index that does not have it")
    func inQueue() {
        #expect(verdict(isInQueue: true) == .index)
        #expect(verdict(ImportMemory(standing: .open), isInQueue: true) == .there)
        #expect(verdict(ImportMemory(standing: .open), isInQueue: true, again: true) == .there)
        #expect(verdict(ImportMemory(isIndexed: false), isInQueue: true) == .there)
    }

    @Test("what was dealt with or imported before is put back only when that is asked for")
    func again() {
        let ended = ImportMemory(standing: .ended(.replayed))
        let replayed = ImportMemory(wasReplayed: true)
        let imported = ImportMemory(wasImported: true)
        #expect(verdict(ended) == .ended && verdict(ended, again: true) == .publish)
        #expect(verdict(replayed) == .ended && verdict(replayed, again: true) == .publish)
        #expect(verdict(imported) == .importedBefore && verdict(imported, again: true) == .publish)
        #expect(verdict(ended, isInQueue: true) == .there && verdict(ended, isInQueue: true, again: true) == .index)
    }
}
