import Testing

@testable import Fleet

@Suite struct RetryPolicyTests {
    @Test("attempts walk up the tiers, stay on the last, and end")
    func tiers() {
        let policy = RetryPolicy(maximumAttempts: 8)
        let tiers = (1...9).map { policy.tier(afterAttempt: $0) }
        #expect(
            tiers == [
                .fiveSeconds, .thirtySeconds, .fiveMinutes, .thirtyMinutes, .twoHours, .twoHours, .twoHours, nil, nil,
            ])
    }

    @Test("one attempt means no retry, and a number nobody counts to is no trap")
    func edges() {
        #expect(RetryPolicy(maximumAttempts: 1).tier(afterAttempt: 1) == nil)
        #expect(RetryPolicy().tier(afterAttempt: .max) == nil)
        #expect(RetryPolicy().tier(afterAttempt: .min) == .fiveSeconds)
    }

    @Test("a tier is named by how long it waits")
    func names() {
        #expect(RetryTier.allCases.map(\.rawValue) == ["5s", "30s", "5m", "30m", "2h"])
        #expect(RetryTier.allCases.map(\.delay) == [5, 30, 300, 1_800, 7_200].map { .seconds($0) })
    }

    @Test("the tier for a delay waits at least that long, if there is one")
    func atLeast() {
        #expect(RetryTier.atLeast(.zero) == .fiveSeconds)
        #expect(RetryTier.atLeast(.seconds(31)) == .fiveMinutes)
        #expect(RetryTier.atLeast(.seconds(99_999)) == .twoHours)
    }
}
