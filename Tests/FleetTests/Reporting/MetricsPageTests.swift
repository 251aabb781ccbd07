import Testing

@testable import Fleet

@Suite struct MetricsPageTests {
    private func page() -> [String] {
        let flows = ["orders.to-erp", "orders.to-store"].map(FlowMetrics.init(queue:))
        flows[0].consumed.add(3)
        flows[0].ended(.applied, count: 2)
        flows[0].processing.record(.milliseconds(7), count: 2)
        flows[0].processing.record(.seconds(3_600))
        return MetricsPage(
            program: "orders-worker", flows: flows, outbox: OutboxFigures(count: 4, oldestAge: .milliseconds(1_500))
        ).render().split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    @Test("every line is a type or a sample of the text format, and the page ends with a line end")
    func syntax() throws {
        let type = try Regex("# TYPE [a-z_]+ (counter|gauge|histogram)")
        let sample = try Regex(#"[a-z_]+\{([a-z_]+="[^"\\\n]*")(,[a-z_]+="[^"\\\n]*")*\} [0-9.e+-]+"#)
        let lines = page()
        #expect(lines.last == "")
        for line in lines.dropLast() {
            #expect(line.wholeMatch(of: type) != nil || line.wholeMatch(of: sample) != nil, "\(line)")
        }
    }

    @Test("each metric has its type once, before its samples, and its samples together")
    func grouping() {
        var current = ""
        var seen: Set<Substring> = []
        for line in page() where !line.isEmpty {
            if line.hasPrefix("# TYPE ") {
                current = String(line.split(separator: " ")[2])
                #expect(seen.insert(Substring(current)).inserted, "\(current) twice")
            } else {
                #expect(line.hasPrefix(current), "\(line) under \(current)")
            }
        }
    }

    @Test("no series comes twice, and each flow has its own")
    func series() {
        let samples = page().filter { !$0.hasPrefix("#") && !$0.isEmpty }.map { $0.split(separator: " ")[0] }
        #expect(Set(samples).count == samples.count)
        #expect(
            page().contains("messaging_client_consumed_messages_total{messaging_destination_name=\"orders.to-erp\"} 3"))
    }

    @Test("a histogram is cumulative and ends with everything")
    func histogram() {
        let label = "messaging_destination_name=\"orders.to-erp\""
        let buckets = page().filter { $0.hasPrefix("messaging_process_duration_seconds_bucket{\(label)") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        #expect(buckets == buckets.sorted())
        #expect(buckets.first == 0 && buckets.dropFirst().first == 2 && buckets.last == 3)
        #expect(page().contains("messaging_process_duration_seconds_count{\(label)} 3"))
        #expect(page().contains("messaging_process_duration_seconds_sum{\(label)} 3600.014"))
    }

    @Test("what waits in the outbox is shown, and whether the ledger takes anything")
    func ledger() {
        #expect(page().contains("stevedore_outbox_messages{program=\"orders-worker\"} 4"))
        #expect(page().contains("stevedore_outbox_oldest_age_seconds{program=\"orders-worker\"} 1.5"))
        #expect(page().contains("stevedore_ledger_blocked{messaging_destination_name=\"orders.to-erp\"} 0"))
    }
}
