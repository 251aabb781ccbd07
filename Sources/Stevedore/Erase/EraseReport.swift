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
            case (0, true) where !counts.open.isEmpty: "Nothing was erased\(end): what is there is in open orders."
            case (0, false) where !counts.open.isEmpty: "Nothing to erase\(end): what is there is in open orders."
            case (0, _): "Nothing of that person is there\(end)."
            case (_, true): "Erased\(end):"
            case (_, false): "To erase, with --apply\(end):"
            }
        return head + "\n" + counts.text + left(counts).map { $0 + "\n" }.joined()
    }

    /// Orders that keep the person, and what would end that.
    private func leftOrders(_ counts: EraseCounts) -> [String] {
        let verb = order.isApplied ? "Left" : "Would be left"
        let (dead, waiting) = counts.left
        var lines: [String] = []
        if !waiting.isEmpty {
            lines.append(
                "\(verb), because the ERP has not answered them: \(Self.list(waiting)). Run the same command when it "
                    + "has (`stevedore why` says where they are), or with --including-open.")
        }
        if let first = dead.first {
            lines.append(
                "\(verb), because they are dead letters, which nobody answers by itself: \(Self.list(dead)). Replay "
                    + "them, or give them up and have the store told (`dead-letter discard --all --subject "
                    + "\(InertText.line(first)) --reason … --tell-store`; without --tell-store `stevedore reconcile` "
                    + "reports them as missing in the ERP); then run the same command, or with --including-open.")
        }
        return lines
    }

    private static func list(_ orders: [String]) -> String {
        let more = orders.count > 5 ? " and \(Count.text(orders.count - 5, "more order"))" : ""
        return orders.prefix(5).map { InertText.line($0) }.joined(separator: ", ") + more
    }

    private func left(_ counts: EraseCounts) -> [String] {
        var lines = leftOrders(counts)
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
            lines.append(
                "Not reached: backups, files that were not named, the ERP, and what the store keeps elsewhere than in "
                    + "the tables `store_…`.")
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
