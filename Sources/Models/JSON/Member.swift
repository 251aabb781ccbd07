import Glibc

/// A key on the tape, with its first eight bytes at hand so that most comparisons need no memory access.
struct Member {
    let prefix: UInt64
    let key: Int

    /// Writes the members of the object at `place` into `buffer` and returns how many there are.
    static func collect(_ place: Int, of tape: Tape, into buffer: UnsafeMutableBufferPointer<Member>) -> Int {
        var (key, count) = (place &+ 1, 0)
        let end = tape.end(place)
        while key < end, count < buffer.count {
            buffer.initializeElement(at: count, to: Member(prefix: prefix(tape.string(key)), key: key))
            count &+= 1
            key = tape.next(key &+ 1)
        }
        return count
    }

    /// Sorts by the bytes of the keys, shorter first among equal beginnings; equal keys stay in their order.
    static func sort(_ members: UnsafeMutableBufferPointer<Member>, of tape: Tape) {
        guard members.count <= 24 else {
            var members = members
            members.sort { compare($0, $1, tape) < 0 }
            return
        }
        var sorted = 1
        while sorted < members.count {
            let member = members[sorted]
            var hole = sorted
            while hole > 0, compare(member, members[hole &- 1], tape) < 0 {
                members[hole] = members[hole &- 1]
                hole &-= 1
            }
            members[hole] = member
            sorted &+= 1
        }
    }

    @inline(__always)
    static func compare(_ left: Member, _ right: Member, _ tape: Tape) -> Int {
        guard left.prefix == right.prefix else { return left.prefix < right.prefix ? -1 : 1 }
        let (first, second) = (tape.string(left.key), tape.string(right.key))
        guard let start = first.baseAddress, let other = second.baseAddress else { return 0 }
        let order = memcmp(start, other, min(first.count, second.count))
        return order != 0 ? Int(order) : first.count &- second.count
    }

    /// The first eight bytes, big-endian, filled up with zeros.
    @inline(__always)
    private static func prefix(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        guard bytes.count < 8 else {
            return UInt64(bigEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(as: UInt64.self))
        }
        var prefix: UInt64 = 0
        for index in 0..<bytes.count { prefix |= UInt64(bytes[index]) << UInt64(56 &- index &* 8) }
        return prefix
    }
}
