import Testing

@testable import RabbitMQ

@Suite("Putting messages together from frames")
struct MessageAssemblerTests {
    private func arrival(_ tag: UInt64) -> Arrival {
        Arrival(tag: tag, redelivered: false, exchange: "e", routingKey: "k")
    }

    private func feed(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        bytes.withUnsafeBytes { body($0) }
    }

    @Test("messages taken in the middle of another one leave that one whole")
    func partial() {
        var assembler = MessageAssembler()
        #expect(assembler.begin(arrival(1)) == true)
        #expect(feed([0, 0]) { assembler.header(bodySize: 2, properties: $0) })
        #expect(feed([1, 2]) { assembler.body($0) })
        #expect(assembler.begin(arrival(2)) == true)
        #expect(feed([9, 9, 9]) { assembler.header(bodySize: 4, properties: $0) })
        #expect(feed([3, 4]) { assembler.body($0) })
        let (first, firstBytes) = assembler.take()
        #expect(first.map(\.tag) == [1])
        #expect(Array(firstBytes[first[0].body]) == [1, 2])
        #expect(feed([5, 6]) { assembler.body($0) })
        let (second, secondBytes) = assembler.take()
        #expect(second.map(\.tag) == [2])
        #expect(Array(secondBytes[second[0].body]) == [3, 4, 5, 6])
        #expect(Array(secondBytes[second[0].properties]) == [9, 9, 9])
    }

    @Test("frames that AMQP does not allow there are refused")
    func disorder() {
        var assembler = MessageAssembler()
        #expect(!feed([]) { assembler.header(bodySize: 1, properties: $0) })
        #expect(!feed([1]) { assembler.body($0) })
        #expect(assembler.begin(arrival(1)) == true)
        #expect(assembler.begin(arrival(2)) == false)
        #expect(!feed([1]) { assembler.body($0) })
        #expect(!feed([]) { assembler.header(bodySize: .max, properties: $0) })
        #expect(feed([]) { assembler.header(bodySize: 1, properties: $0) })
        #expect(!feed([1, 2]) { assembler.body($0) })
    }

    @Test("an empty message is complete with its header")
    func empty() {
        var assembler = MessageAssembler()
        #expect(assembler.begin(arrival(1)) == true)
        #expect(feed([]) { assembler.header(bodySize: 0, properties: $0) })
        let (arrivals, _) = assembler.take()
        #expect(arrivals.first?.body.isEmpty == true)
    }

    @Test("a body larger than is kept is passed over, and counted once")
    func oversized() {
        var assembler = MessageAssembler(keepingUpTo: 3)
        for tag in 1...3 {
            #expect(assembler.begin(arrival(UInt64(tag))) == true)
            #expect(feed([9]) { assembler.header(bodySize: tag == 2 ? 4 : 3, properties: $0) })
            #expect(feed([1, 2]) { assembler.body($0) })
            #expect(feed([3, 4]) { assembler.body($0) } == (tag == 2))
            if tag != 2 { #expect(feed([3]) { assembler.body($0) }) }
        }
        let (arrivals, bytes) = assembler.take()
        #expect(arrivals.map(\.tag) == [1, 3])
        #expect(arrivals.map { Array(bytes[$0.body]) } == [[1, 2, 3], [1, 2, 3]])
        let (first, second) = (assembler.takeOversized(), assembler.takeOversized())
        #expect(first == [MessageAssembler.Oversized(tag: 2, size: 4)])
        #expect(second == [])
        assembler.reset()
        #expect(assembler.begin(arrival(4)) == true)
        #expect(feed([]) { assembler.header(bodySize: 4, properties: $0) })
        #expect(assembler.oversized.count == 1, "the limit survives a lost channel")
    }

    @Test("names are remembered, and forgotten names are read again")
    func names() {
        var names = NameCache()
        for _ in 0..<2 {
            for index in 0..<40 {
                let name = "key.\(index)"
                #expect(Array(name.utf8).withUnsafeBytes { names.routingKey($0) } == name)
            }
        }
        #expect([UInt8]().withUnsafeBytes { names.exchange($0) } == "")
    }
}
