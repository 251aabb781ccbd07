internal import Fleet

/// What `topology apply` and `check` found, for people and for programs: nothing is said of what was not looked at.
struct TopologyReport {
    let findings: [TopologyDoctor.Finding]
    let plan: TopologyPlan
    /// What is there, but in a shape that the user may not compare.
    var uncompared: [String] = []
    /// Whether bindings were compared, or have just been made.
    var sawBindings = true

    var json: JSONValue {
        [
            "ok": .boolean(findings.isEmpty), "exchanges": .integer(Int64(plan.exchanges.count)),
            "queues": .integer(Int64(plan.queues.count)),
            "bindings": sawBindings ? .integer(Int64(plan.bindings.count)) : .null,
            "uncompared": .array(uncompared.map { .string($0) }),
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

    /// What is said when nothing was found.
    var agreement: String {
        var text = "The broker agrees with the plan: \(plan.summary(withBindings: sawBindings)).\n"
        if !sawBindings {
            text +=
                "Bindings were not compared: AMQP cannot show them. --management URL compares them, "
                + "`stevedore topology apply` restores them.\n"
        }
        text += "The policy that limits the queues' sizes is in `topology export`; AMQP can neither set nor show it.\n"
        if !uncompared.isEmpty {
            text +=
                "Of these only the existence was checked, because this user may not compare their shape:\n  "
                + uncompared.map(InertText.line).joined(separator: ", ") + "\n"
        }
        return text
    }

    /// Prints the findings and ends with the exit code for a difference.
    func fail(json isJSON: Bool, exit: ProgramError.Exit) throws(ProgramError) {
        isJSON ? Terminal.say(json.pretty()) : Terminal.write(text)
        let isAllMissing = findings.allSatisfy(\.isMissing)
        throw ProgramError(
            code: "topology.differs",
            sentence: "The broker differs from the plan in \(Count.text(findings.count, "place")).",
            remedy: isAllMissing
                ? "Run `stevedore topology apply`." : "Mend each as said above, then run `stevedore topology apply`.",
            exit: exit)
    }
}

extension TopologyPlan {
    /// `5 exchanges, 15 queues, 17 bindings`.
    func summary(withBindings: Bool) -> String {
        let parts = [
            Count.text(exchanges.count, "exchange"), Count.text(queues.count, "queue"),
            Count.text(bindings.count, "binding"),
        ]
        return (withBindings ? parts[...] : parts.prefix(2)).joined(separator: ", ")
    }
}
