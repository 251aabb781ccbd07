import Testing

@testable import Stevedore

@Suite("Where a later publish goes on")
struct ConfirmedPrefixTests {
    @Test("it goes on at the first line that is not settled")
    func order() {
        var prefix = ConfirmedPrefix()
        for line in [1, 2, 4, 7] { prefix.begin(line) }
        #expect(prefix.nextLine == 1)
        prefix.settle(4)
        prefix.settle(1)
        #expect(prefix.nextLine == 2)
        prefix.settle(2)
        #expect(prefix.nextLine == 7)
        prefix.settle(7)
        #expect(prefix.nextLine == 8)
    }

    @Test("a run that read nothing goes on where it began")
    func nothing() {
        #expect(ConfirmedPrefix(before: 40).nextLine == 40)
    }
}
