import Fleet
import Models
import Testing

@testable import Stevedore

@Suite("The report of a rehearsal")
struct RehearseReportTests {
    private static func sample(_ time: Double, backlog: Int, sent: Int, broker: Int? = 200_000_000) -> RehearsalSample {
        RehearsalSample(
            time: time, backlog: backlog, sent: sent, oldest: time / 2, brokerMemory: broker,
            workerMemory: 40_000_000 + Int(time))
    }

    private static var series: RehearsalSeries {
        var series = RehearsalSeries()
        for index in 0...1_000 {
            series.add(sample(Double(index * 60), backlog: index * 10, sent: index * 10))
        }
        for index in 1...1_000 {
            series.add(sample(60_000 + Double(index), backlog: 10_000 - index * 10, sent: 10_000))
        }
        series.returnedAt = 60_000
        series.drainedAt = 61_000
        return series
    }

    private static func report(_ change: (inout RehearsalRecord) -> Void = { _ in }) -> RehearsalReport {
        var (plan, record) = (RehearsalPlan(), RehearsalRecord())
        plan.erp.callsPerSecond = 10
        (record.backlog, record.bytesOfMessage, record.drainSeconds) = (48_000, 1_250, 5_100)
        (record.drainSpeed, record.drainCallsPerSecond, record.fleetCallsPerSecond) = (120, 9.8, 1_500)
        change(&record)
        let verdict = RehearsalVerdict(book: OrderBook(), erp: [:], doubled: [], shown: [:])
        return RehearsalReport(plan: plan, record: record, series: series, verdict: verdict)
    }

    private static var alert: Alert {
        Alert(
            key: "outage/erp", revision: 1, state: .resolved, kind: .outage, severity: .error, code: "erp.unreachable",
            sentence: "The ERP is away <script>alert(1)</script>\u{1B}[31m", remedy: "Wait.", count: 1,
            raisedAt: .now(), lastAt: .now())
    }

    @Test("the peak and both ends stay when samples are thinned")
    func thinned() throws {
        let series = Self.series
        let thin = series.thinned(to: 100)
        #expect(thin.count <= 101 && thin.count >= 100)
        #expect(thin.first == series.samples.first && thin.last == series.samples.last)
        let peak = try #require(series.peak)
        #expect(peak.backlog == 10_000 && thin.contains(peak))
        #expect(series.thinned(to: 100_000).count == 2_001)
    }

    @Test("throughput is what left the queue between two looks, and never below nothing")
    func throughput() {
        let samples = [
            Self.sample(0, backlog: 100, sent: 100), Self.sample(10, backlog: 60, sent: 110),
            Self.sample(10, backlog: 50, sent: 110), Self.sample(20, backlog: 80, sent: 110),
        ]
        let found = RehearsalSeries.throughput(samples)
        #expect(found.map(\.time) == [10, 20])
        #expect(found.map(\.perSecond) == [5, 0])
    }

    @Test("it says how long the real ERP takes, by the backlog that arose")
    func conclusions() {
        let text = Self.report().text(width: nil)
        #expect(text.contains("With your ERP at 10 calls/s, 24 h takes 1 h 25 min to drain"))
        #expect(text.contains("48,000 ÷ (10 − 0.6) calls/s"))
        #expect(text.contains("98 % of what the ERP takes"))
        #expect(text.contains("the ERP sets the pace"))
        #expect(text.contains("60 MB of bodies"))
        #expect(!text.contains("the arithmetic is nearer"))
    }

    @Test("a drain that was slower than the ERP and the fleet would have let it be is said to be no measure")
    func shortDrain() {
        let slow = Self.report { $0.drainCallsPerSecond = 4.9 }.text(width: nil)
        #expect(slow.contains("49 % of what the ERP takes") && slow.contains("the arithmetic is nearer"))
        let fleet = Self.report { ($0.drainCallsPerSecond, $0.fleetCallsPerSecond) = (4.9, 5) }.text(width: nil)
        #expect(!fleet.contains("the arithmetic is nearer"), "here the fleet is the reason")
    }

    @Test("a fleet that bears less than the ERP, a lowered speed and a missing alert are said")
    func notes() {
        let text = Self.report { record in
            (record.fleetCallsPerSecond, record.isSlowed, record.outageSpeed) = (5, true, 300)
        }.text(width: nil)
        #expect(text.contains("here the fleet would set the pace"))
        #expect(text.contains("did not follow 1,440×"))
        #expect(text.contains("would have been an alert"))
    }

    @Test("an alert says whom the user's own rules would have told")
    func alerts() {
        var rule = AlertRule(name: "erp")
        rule.when.kinds = [.outage]
        rule.mail = ["anna@example.com"]
        var other = AlertRule(name: "letters")
        other.when.kinds = [.deadLetter]
        other.mail = ["ben@example.com"]
        #expect(RehearsedAlert(Self.alert, [rule, other]).told == ["anna@example.com"])
        #expect(RehearsedAlert(Self.alert, [other]).told == [])
        let text = Self.report { $0.alerts = [RehearsedAlert(Self.alert, [rule])] }.text(width: nil)
        #expect(text.contains("1 alert raised, of 1 somebody would have been told"))
        #expect(text.contains("(over) → anna@example.com") && !text.contains("\u{1B}"))
    }

    @Test("the page loads nothing, runs nothing, and what messages say stays text")
    func page() {
        let report = Self.report { $0.alerts = [RehearsedAlert(Self.alert, [])] }
        let page = RehearsalPage(report).text
        #expect(!page.contains("<script") && page.contains("&lt;script&gt;") && !page.contains("\u{1B}"))
        #expect(page.contains("default-src 'none'"))
        for foreign in ["http://", "https://", "url(", "src="] { #expect(!page.contains(foreign), "\(foreign)") }
        #expect(page.split(separator: "<svg ").count == 6)
        #expect(page.split(separator: "<svg ").count == page.split(separator: "</svg>").count)
        for word in ["Backlog", "Throughput", "Drain", "oldest order", "Memory", "the ERP is back"] {
            #expect(page.contains(word), "\(word)")
        }
    }

    @Test("programs get whole numbers, null for what was not measured, and no more samples than a chart needs")
    func json() {
        let report = Self.report { $0.drainSeconds = nil }
        let json = report.json
        #expect(json["measured"]?["backlogBytes"] == .integer(60_000_000))
        #expect(json["measured"]?["drainSeconds"] == .null)
        #expect(json["measured"]?["brokerDiskBytes"] == .null)
        #expect(json["verdict"]?["lost"]?["count"] == .integer(0))
        guard case .array(let samples) = json["samples"] else {
            Issue.record("there are no samples")
            return
        }
        #expect((600...601).contains(samples.count))
    }

    @Test("axes end on round values at or above the most")
    func axes() {
        #expect(RehearsalChart.Scale.steps(to: 10_000).last == 10_000)
        #expect(RehearsalChart.Scale.steps(to: 51_840) == [0, 25_000, 50_000, 75_000])
        #expect(RehearsalChart.Scale.steps(to: 0) == [0, 1])
        for most in [0.003, 0.7, 1, 3.2, 9.99, 1_234, 1e9] {
            let steps = RehearsalChart.Scale.steps(to: most)
            #expect((steps.last ?? 0) >= most && (2...8).contains(steps.count), "\(most): \(steps)")
        }
    }

    @Test("an empty chart and one of a single value are drawn all the same")
    func empty() {
        for points in [[], [(x: 0.0, y: 0.0)]] as [[(x: Double, y: Double)]] {
            let chart = RehearsalChart(title: "T", lines: [.init(name: "n", style: "a", points: points)]) { "\($0)" }
            #expect(chart.svg.contains("<polyline") && !chart.svg.contains("nan") && !chart.svg.contains("inf"))
        }
    }

    @Test("what a process has in memory is read from the kernel's words")
    func memory() {
        #expect(ProcessMemory.resident(inStatus: "Name:\tx\nVmRSS:\t    2048 kB\nVmSwap: 1 kB\n") == 2_097_152)
        #expect(ProcessMemory.resident(inStatus: "Name:\tx\n") == nil)
    }

    @Test("the workers' settings are a file that they can read, whatever the password is")
    func settings() {
        let settings = RehearsalCrew.Settings(
            brokerURL: "amqp://a:it's@h/v", erpURL: "http://127.0.0.1:1", ledger: "/t/l.db", prefetch: 7,
            callPrefetch: 9, outageAfter: .milliseconds(83), workers: 1, hasStock: false, hasQuotes: false)
        #expect(settings.yaml.contains("urls: 'amqp://a:it''s@h/v'"))
        #expect(settings.yaml.contains("call-prefetch: 9"))
        // Sooner than a second nobody looks.
        #expect(settings.yaml.contains("outage-after: 1000ms"))
    }
}
