/// Fills objects from the tape, reporting every fault instead of stopping at the first.
struct TapeReader: FieldVisitor {
    /// The object being read: where its members begin and end, and where the next one is expected.
    struct Scope {
        fileprivate var object = Tape.root
        fileprivate var end = 0
        fileprivate var cursor = 0
        /// How many members were asked for and found.
        fileprivate(set) var found = 0
    }

    let tape: Tape
    var faults: FaultList
    private(set) var scope = Scope()

    init(_ tape: Tape) {
        self.tape = tape
        faults = FaultList(tape)
    }

    /// Makes the object at `place` the one whose fields are read; returns the scope to come back to.
    mutating func enter(_ place: Int) -> Scope? {
        guard tape.kind(place) == Tape.Kind.object else {
            faults.report("type", place, "must be an object")
            return nil
        }
        let outer = scope
        scope = Scope(object: place, end: tape.end(place), cursor: place &+ 1)
        faults.object = place
        return outer
    }

    mutating func leave(to outer: Scope) {
        scope = outer
        faults.object = outer.object
    }

    @inline(__always)
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value, _ rule: Value.Rule, _ summary: StaticString
    ) {
        guard let place = find(name), tape.kind(place) != Tape.Kind.null else {
            if let absent = Value.absent(rule) {
                value = absent
            } else {
                faults.report("required", at: .name(name), says: "is missing")
            }
            return
        }
        _ = value.read(place, rule, from: &self)
    }

    @inline(__always)
    mutating func field<Value: ContractValue>(
        _ name: StaticString, _ value: inout Value?, _ rule: Value.Rule, _ summary: StaticString
    ) {
        guard let place = find(name), tape.kind(place) != Tape.Kind.null else {
            value = nil
            return
        }
        var read = Value.blank
        value = read.read(place, rule, from: &self) ? read : nil
    }

    mutating func rule(
        _ name: StaticString, at field: StaticString, of fields: @autoclosure () -> [StaticString],
        holds: @autoclosure () -> Bool, _ sentence: StaticString, schema: @autoclosure () -> JSONTree
    ) {
        guard !holds(), fields().allSatisfy({ faults.isSound(.name($0)) }) else { return }
        faults.report(name.description, at: .name(field), says: sentence.description)
    }

    /// The string at `place`; nil after reporting that it is none.
    @inline(__always)
    mutating func string(_ place: Int) -> UnsafeBufferPointer<UInt8>? {
        if tape.kind(place) == Tape.Kind.string { return tape.string(place) }
        faults.report("type", place, "must be a string")
        return nil
    }

    /// Producers mostly keep our order of members, so the one behind the last one found is tried first: where the name is
    /// a constant, that is a comparison or two.
    @inline(__always)
    private mutating func find(_ name: StaticString) -> Int? {
        let value = scope.cursor &+ 1
        guard scope.cursor < scope.end, tape.string(scope.cursor).equals(name) else { return search(name) }
        scope.cursor = tape.next(value)
        scope.found &+= 1
        return value
    }

    @inline(never)
    private mutating func search(_ name: StaticString) -> Int? {
        find(name, from: scope.cursor, to: scope.end) ?? find(name, from: scope.object &+ 1, to: scope.cursor)
    }

    private mutating func find(_ name: StaticString, from start: Int, to end: Int) -> Int? {
        var key = start
        while key < end {
            let value = key &+ 1
            let next = tape.next(value)
            if tape.string(key).equals(name) {
                scope.cursor = next
                scope.found &+= 1
                return value
            }
            key = next
        }
        return nil
    }
}
