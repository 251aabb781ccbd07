internal import Fleet

/// Recipes as a table or as JSON.
struct RecipeListing {
    let recipes: [Recipe]
    let now: Int64

    func text(width: Int?) -> String {
        guard !recipes.isEmpty else { return "No recipes.\n" }
        var table = TextTable([
            .text("RECIPE"), .number("CHANGES"), .text("SAVED"), .text("BY"), .text("WHAT IT MENDS"),
        ])
        for recipe in recipes {
            table.add([
                recipe.name, recipe.size, TimeText.age(recipe.savedAt, now: now) + " ago", recipe.savedBy, recipe.note,
            ])
        }
        return table.text(width: width)
    }

    var json: String { JSONTree.array(recipes.map(\.tree)).prettyText }
}

extension Recipe {
    /// How many operations it has; `?` when it cannot be read.
    fileprivate var size: String {
        (try? operations()).map { Count.grouped($0.operations.count) } ?? "?"
    }

    /// Lines for a terminal.
    var text: String {
        var table = TextTable([.text("RECIPE"), .text(InertText.line(name))])
        table.add(["mends", note])
        table.add(["saved", "by \(savedBy) at \(TimeText.text(savedAt))"])
        let document = (try? JSONTree(parsing: Array(patch.utf8)))?.prettyText ?? patch
        let lines = document.split(separator: "\n").map { InertText.line(String($0)) + "\n" }
        return table.text() + "\n" + lines.joined()
    }

    /// For programs.
    var json: String { tree.prettyText }

    /// The patch is a document within it, its numbers and strings as they were written.
    fileprivate var tree: JSONTree {
        let texts = [
            ("name", name), ("note", note), ("savedBy", savedBy), ("savedAt", TimeText.text(savedAt)),
        ]
        let members = texts.map { JSONTree.Member(name: JSONString($0.0), value: .string(JSONString($0.1))) }
        let document = (try? JSONTree(parsing: Array(patch.utf8))) ?? .null
        return .object(members + [JSONTree.Member(name: JSONString("patch"), value: document)])
    }
}

extension JSONTree {
    fileprivate var prettyText: String { String(decoding: pretty, as: UTF8.self) }
}
