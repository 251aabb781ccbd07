import Glibc

/// One form for all ways to write the same JSON value, so that two messages can be compared by hash.
///
/// A value is a type character, then: for a string its length (seven bits a byte, low ones first) and UTF-8; for a number its 64 bits; for an array its
/// values and `]`; for an object its members, sorted by the bytes of their keys, and `}`. A member that is null or an empty
/// array is left out, since the contracts take it for one that is missing. Integers and fractions are different kinds: `1`
/// is not `1.0`; fractions are the nearest doubles. Building the form finds keys that occur twice, since they become
/// neighbours.
struct CanonicalForm: ~Copyable {
    private var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var count = 0
    /// The place of a key that its object has already, when there is one.
    private(set) var duplicate: Int?

    init() {
        capacity = 16 * 1024
        bytes = .allocate(capacity: capacity)
    }

    deinit {
        bytes.deallocate()
    }

    /// The form last filled in.
    var contents: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: count) }

    /// Makes this the form of `members`' values, one after the other, of the object that is the document's root, whose body
    /// has `bodyBytes` bytes; duplicates are looked for in the whole document.
    mutating func fill(with members: Int?..., of tape: Tape, bodyBytes: Int) {
        // A word becomes nine bytes at most, apart from a string's own bytes.
        reserve(tape.wordCount * 9 + bodyBytes + 16)
        (count, duplicate) = (0, nil)
        withSortedMembers(Tape.root, of: tape) { form, key in
            let isContainer = tape.kind(key &+ 1) == Tape.Kind.object || tape.kind(key &+ 1) == Tape.Kind.array
            guard isContainer, !members.contains(key &+ 1) else { return }
            form.append(key &+ 1, of: tape)
            form.count = 0
        }
        for case let member? in members { append(member, of: tape) }
    }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        bytes.deallocate()
        capacity = needed * 2
        bytes = .allocate(capacity: capacity)
    }

    private mutating func append(_ place: Int, of tape: Tape) {
        let kind = tape.kind(place)
        switch kind {
        case Tape.Kind.string: appendString(tape.string(place))
        case Tape.Kind.object: appendObject(place, of: tape)
        case Tape.Kind.array:
            put(kind)
            var element = place &+ 1
            let end = tape.end(place)
            while element < end {
                append(element, of: tape)
                element = tape.next(element)
            }
            put(UInt8(ascii: "]"))
        case Tape.Kind.signed, Tape.Kind.unsigned, Tape.Kind.double:
            put(kind)
            put(tape.number(place))
        default: put(kind)
        }
    }

    private mutating func appendObject(_ place: Int, of tape: Tape) {
        put(UInt8(ascii: "{"))
        withSortedMembers(place, of: tape) { form, key in
            guard !Self.isAbsent(key &+ 1, of: tape) else { return }
            form.appendString(tape.string(key))
            form.append(key &+ 1, of: tape)
        }
        put(UInt8(ascii: "}"))
    }

    /// Whether a member of this value says as much as none.
    @inline(__always)
    private static func isAbsent(_ place: Int, of tape: Tape) -> Bool {
        let kind = tape.kind(place)
        return kind == Tape.Kind.null || (kind == Tape.Kind.array && tape.next(place) == place &+ 2)
    }

    @inline(__always)
    private mutating func withSortedMembers(
        _ place: Int, of tape: Tape, _ body: (inout CanonicalForm, _ key: Int) -> Void
    ) {
        withUnsafeTemporaryAllocation(of: Member.self, capacity: max(tape.count(place), 1)) { buffer in
            let members = UnsafeMutableBufferPointer(rebasing: buffer[..<Member.collect(place, of: tape, into: buffer)])
            Member.sort(members, of: tape)
            for index in members.indices {
                let key = members[index].key
                if index > 0, Member.compare(members[index - 1], members[index], tape) == 0 {
                    duplicate = max(key, members[index - 1].key)
                }
                body(&self, key)
            }
        }
    }

    @inline(__always)
    private mutating func appendString(_ string: UnsafeBufferPointer<UInt8>) {
        put(UInt8(ascii: "\""))
        var length = string.count
        while length >= 0x80 {
            put(UInt8(truncatingIfNeeded: length) | 0x80)
            length &>>= 7
        }
        put(UInt8(truncatingIfNeeded: length))
        guard let start = string.baseAddress else { return }
        if string.count <= 16 {
            // Sixteen bytes can always be read and written: simdjson pads its string buffer, `reserve` pads ours.
            let first = UnsafeRawPointer(start).loadUnaligned(as: SIMD16<UInt8>.self)
            UnsafeMutableRawPointer(bytes + count).storeBytes(of: first, as: SIMD16<UInt8>.self)
        } else {
            memcpy(bytes + count, start, string.count)
        }
        count &+= string.count
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }

    @inline(__always)
    private mutating func put(_ number: UInt64) {
        UnsafeMutableRawPointer(bytes + count).storeBytes(of: number, as: UInt64.self)
        count &+= 8
    }
}
