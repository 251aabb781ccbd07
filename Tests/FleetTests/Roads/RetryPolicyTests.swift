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

    @Test("what waits for something is tried every five minutes at least, for as long as others")
    func awaiting() {
        func waits(_ policy: RetryPolicy, isAwaiting: Bool) -> [RetryTier] {
            var waits: [RetryTier] = []
            while let tier = policy.tier(afterAttempt: waits.count + 1, isAwaiting: isAwaiting) { waits.append(tier) }
            return waits
        }
        for attempts in 1...14 {
            let policy = RetryPolicy(maximumAttempts: attempts)
            let (some, many) = (waits(policy, isAwaiting: false), waits(policy, isAwaiting: true))
            #expect(Array(many.prefix(3)) == Array(some.prefix(3)))
            #expect(many.dropFirst(3).allSatisfy { $0 == .fiveMinutes })
            #expect(many.reduce(.zero) { $0 + $1.delay } == some.reduce(.zero) { $0 + $1.delay })
        }
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
