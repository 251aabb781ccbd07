internal import Fleet

/// What `topology apply` and `check` found, for people and for programs.
struct TopologyReport {
    let findings: [TopologyDoctor.Finding]
    let plan: TopologyPlan

    var json: JSONValue {
        [
            "ok": .boolean(findings.isEmpty), "exchanges": .integer(Int64(plan.exchanges.count)),
            "queues": .integer(Int64(plan.queues.count)), "bindings": .integer(Int64(plan.bindings.count)),
            "findings": .array(
                findings.map { finding in
                    [
                        "name": .string(finding.name), "sentence": .string(finding.sentence),
                        "remedy": .string(finding.remedy),
                    ]
                }),
        ]
    }

    var text: String {
        findings.map { "\(InertText.line($0.sentence))\n  → \($0.remedy)\n" }.joined()
    }

    /// Prints the findings and ends with the exit code for a difference.
    func fail(json isJSON: Bool) throws(ProgramError) {
        isJSON ? Terminal.say(json.pretty()) : Terminal.write(text)
        throw ProgramError(
            code: "topology.differs",
            sentence: "The broker differs from the plan in \(Count.text(findings.count, "place")).", remedy: "",
            exit: .failure)
    }
}

extension TopologyPlan {
    /// `5 exchanges, 15 queues, 17 bindings`.
    var summary: String {
        [
            Count.text(exchanges.count, "exchange"), Count.text(queues.count, "queue"),
            Count.text(bindings.count, "binding"),
        ].joined(separator: ", ")
    }
}
