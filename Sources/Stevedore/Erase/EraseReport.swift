internal import Fleet

/// What a run says at its end: how much there is, or was, by place, and what was left.
struct EraseReport: Sendable {
    let order: EraseOrder
    let isJSON: Bool

    /// Something to know on the way.
    func mention(_ sentence: String) { remark(sentence, unless: isJSON) }

    func show(_ counts: EraseCounts, isWhole: Bool) {
        isJSON ? Terminal.say(json(counts, isWhole).compact) : Terminal.write(text(counts, isWhole))
    }

    func text(_ counts: EraseCounts, _ isWhole: Bool) -> String {
        let end = isWhole ? "" : " so far"
        let head =
            switch (counts.total, order.isApplied) {
            case (0, _): "Nothing of that person is there\(end)."
            case (_, true): "Erased\(end):"
            case (_, false): "To erase, with --apply\(end):"
            }
        return head + "\n" + counts.text + left(counts).map { $0 + "\n" }.joined()
    }

    private func left(_ counts: EraseCounts) -> [String] {
        var lines: [String] = []
        if !counts.open.isEmpty {
            let some = counts.open.sorted().prefix(5).map { InertText.line($0) }.joined(separator: ", ")
            let more = counts.open.count > 5 ? " and \(counts.open.count - 5) more" : ""
            lines.append(
                "Left, because the ERP has not answered them (--including-open takes them, too): \(some)\(more).")
        }
        if !counts.held.isEmpty {
            lines.append(
                "Somebody else had letters in hand (`dead-letter list`, a replay, another erasing, a program that reads "
                    + "the queue), and those were not looked at: \(counts.held.sorted().joined(separator: ", ")).")
        }
        if let count = counts.onTheWay, count > 0 {
            lines.append(
                "\(Count.text(count, "message is", "messages are")) on the way in flow and retry queues, which are not "
                    + "touched; some may be of that person. Run it again when they are through.")
        }
        if counts.total > 0 {
            lines.append("Not reached: backups, files that were not named, the ERP, and the store's own records.")
        }
        return lines
    }

    private func json(_ counts: EraseCounts, _ isWhole: Bool) -> JSONValue {
        [
            "applied": .boolean(order.isApplied), "complete": .boolean(isWhole), "request": .string(order.digest),
            "counts": counts.json,
        ]
    }
}
