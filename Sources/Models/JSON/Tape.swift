import Glibc

/// A parsed JSON document in simdjson's tape format: one word per value, type in the high byte, 56 bits of payload.
///
/// The tape belongs to the parser and is trusted: the parser wrote it, so walking it needs no checks. Do not keep it
/// beyond the parse that made it.
struct Tape {
    /// The type bytes of the words.
    enum Kind {
        static let object = UInt8(ascii: "{")
        static let array = UInt8(ascii: "[")
        static let string = UInt8(ascii: "\"")
        static let signed = UInt8(ascii: "l")
        static let unsigned = UInt8(ascii: "u")
        static let double = UInt8(ascii: "d")
        static let yes = UInt8(ascii: "t")
        static let no = UInt8(ascii: "f")
        static let null = UInt8(ascii: "n")
    }

    let words: UnsafePointer<UInt64>
    let wordCount: Int
    let strings: UnsafePointer<UInt8>

    /// Where the document's one value stands.
    static let root = 1
    private static let payload: UInt64 = 0x00FF_FFFF_FFFF_FFFF

    @inline(__always)
    func kind(_ place: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: words[place] >> 56)
    }

    /// The place behind the value at `place`.
    @inline(__always)
    func next(_ place: Int) -> Int {
        switch kind(place) {
        case Kind.object, Kind.array: Int(words[place] & 0xFFFF_FFFF)
        case Kind.signed, Kind.unsigned, Kind.double: place &+ 2
        default: place &+ 1
        }
    }

    /// Where an object's or array's last value ends.
    @inline(__always)
    func end(_ place: Int) -> Int {
        Int(words[place] & 0xFFFF_FFFF) &- 1
    }

    /// How many members or elements an object or array has.
    @inline(__always)
    func count(_ place: Int) -> Int {
        Int((words[place] & Self.payload) >> 32)
    }

    /// The unescaped UTF-8 of the string at `place`.
    @inline(__always)
    func string(_ place: Int) -> UnsafeBufferPointer<UInt8> {
        let start = strings + Int(words[place] & Self.payload)
        let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
        return UnsafeBufferPointer(start: start + 4, count: Int(length))
    }

    /// The 64 bits of the number at `place`.
    @inline(__always)
    func number(_ place: Int) -> UInt64 {
        words[place &+ 1]
    }

    /// The value as a person would write it, cut short; objects and arrays only as `{…}` and `[…]`.
    func excerpt(_ place: Int) -> String {
        switch kind(place) {
        case Kind.string: String(decoding: string(place).prefix(800), as: UTF8.self)
        case Kind.signed: String(Int64(bitPattern: number(place)))
        case Kind.unsigned: String(number(place))
        case Kind.double: String(Double(bitPattern: number(place)))
        case Kind.yes: "true"
        case Kind.no: "false"
        case Kind.null: "null"
        case Kind.object: "{…}"
        default: "[…]"
        }
    }

    /// The place of the member `name` of the object at `place`.
    func member(_ name: StaticString, of object: Int) -> Int? {
        var place = object + 1
        let end = end(object)
        while place < end {
            if string(place).equals(name) { return place + 1 }
            place = next(place + 1)
        }
        return nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether these bytes are the UTF-8 of `text`.
    @inline(__always)
    func equals(_ text: StaticString) -> Bool {
        guard count == text.utf8CodeUnitCount, let baseAddress else { return false }
        let (left, right) = (UnsafeRawPointer(baseAddress), UnsafeRawPointer(text.utf8Start))
        // Names are short: two overlapping words cover most of them without a call.
        switch count {
        case 8...16: return Self.equal(left, right, count, as: UInt64.self)
        case 4...7: return Self.equal(left, right, count, as: UInt32.self)
        case 2...3: return Self.equal(left, right, count, as: UInt16.self)
        default: return memcmp(left, right, count) == 0
        }
    }

    @inline(__always)
    private static func equal<Word: FixedWidthInteger & BitwiseCopyable>(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int, as _: Word.Type
    ) -> Bool {
        let last = count &- MemoryLayout<Word>.size
        return left.loadUnaligned(as: Word.self) == right.loadUnaligned(as: Word.self)
            && left.loadUnaligned(fromByteOffset: last, as: Word.self)
                == right.loadUnaligned(fromByteOffset: last, as: Word.self)
    }
}
