/// The text of `/metrics`: every flow of this process, in the Prometheus text format 0.0.4.
struct MetricsPage {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    let program: String
    let flows: [FlowMetrics]
    var publishing: PublisherMetrics?
    /// By name of the metric, each sample's labels and value.
    var services: [[String: [String]]] = []
    /// Nil when the ledger cannot be read.
    var outbox: OutboxFigures?

    func render() -> String {
        var lines = [
            "# TYPE stevedore_build_info gauge",
            "stevedore_build_info{program=\"\(program)\",version=\"\(FleetVersion.current)\"} 1",
        ]
        let samples = flows.map { $0.samples() } + [publishing?.samples() ?? [:]] + services
        for name in Set(samples.flatMap(\.keys)).sorted() {
            lines.append("# TYPE \(name) \(name.hasSuffix("_total") ? "counter" : "gauge")")
            lines += samples.flatMap { $0[name] ?? [] }.map { name + $0 }
        }
        lines += outbox?.lines(program: program) ?? []
        lines.append("# TYPE messaging_process_duration_seconds histogram")
        lines += flows.flatMap { $0.processingLines() }
        return lines.joined(separator: "\n") + "\n"
    }
}
