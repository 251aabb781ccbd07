internal import FoundationEssentials
internal import Models

/// Reading a contract message with every check and the content hash, against `JSONDecoder` filling structs of the same
/// shape and checking nothing.
struct CodecBenchmark {
    let bench: Bench

    func measure() throws -> [Measurement] {
        // An amended and a cancelled order have the shape of a placed one.
        [
            try measure(Catalogue.orderPlaced, PlainMessage<PlainOrder>.self),
            try measure(Catalogue.orderStatus, PlainMessage<PlainStatus>.self),
            try measure(Catalogue.orderOffline, PlainMessage<PlainOffline>.self),
        ]
    }

    private func measure(_ type: MessageType, _ plain: (some Decodable).Type) throws -> Measurement {
        guard let example = Catalogue.examples(for: type).first else { throw BenchError.stuck("finding an example") }
        let indented = try MessageReader().read(Array(example.text.utf8))
        let bytes = MessageWriter().write(indented.envelope, indented.payload)
        let (ours, theirs) = try compare(bytes, plain)
        return Measurement(
            "read \(type.name), \(bytes.count) bytes, against JSONDecoder", ours, against: theirs, "messages/s",
            bar: .ratioAtLeast(5))
    }

    private func compare(_ bytes: [UInt8], _ plain: (some Decodable).Type) throws -> ([Double], [Double]) {
        let (reader, decoder, data) = (MessageReader(), JSONDecoder(), Data(bytes))
        var (ours, theirs): ([Double], [Double]) = ([], [])
        for _ in 0..<bench.scale.repetitions {
            ours.append(try rate(20_000) { _ = try reader.read(bytes) })
            theirs.append(try rate(2_000) { _ = try decoder.decode(plain, from: data) })
        }
        return (ours, theirs)
    }

    private func rate(_ count: Int, _ work: () throws -> Void) rethrows -> Double {
        let start = OwnUse.cpuSeconds
        for _ in 0..<count { try work() }
        return Double(count) / (OwnUse.cpuSeconds - start)
    }
}
