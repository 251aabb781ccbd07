import Testing

@testable import ERPFeed

/// How many changes are asked for where rows are long.
@Suite struct PageSizeTests {
    @Test("it is halved down to one, and there is no smaller page")
    func shrinks() {
        let size = PageSize(500)
        var sizes: [Int] = []
        while size.shrink() { sizes.append(size.now) }
        #expect(sizes == [250, 125, 62, 31, 15, 7, 3, 1])
        #expect(size.now == 1)
    }

    @Test("it grows again little by little, up to where it began")
    func grows() {
        let size = PageSize(500)
        for _ in 0..<3 { _ = size.shrink() }
        var pages = 0
        while size.now < 500 {
            size.grow()
            pages += 1
        }
        #expect(pages == 44)
        size.grow()
        #expect(size.now == 500)
        let one = PageSize(1)
        one.grow()
        #expect(one.now == 1)
    }
}
