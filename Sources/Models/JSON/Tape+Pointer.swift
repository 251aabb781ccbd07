extension Tape {
    /// The RFC 6901 pointer of the value (or key) at `target`, found by descending from the root: for errors only.
    func pointer(to target: Int) -> String {
        var (place, pointer) = (Self.root, "")
        while let (child, step) = child(of: place, holding: target) {
            pointer += "/" + step
            place = child
        }
        return pointer
    }

    private func child(of place: Int, holding target: Int) -> (place: Int, step: String)? {
        let isObject = kind(place) == Kind.object
        guard isObject || kind(place) == Kind.array, target > place else { return nil }
        var (member, index) = (place + 1, 0)
        while member < end(place) {
            let value = isObject ? member + 1 : member
            if target < next(value) {
                return (
                    value, isObject ? PathStep.escaped(String(decoding: string(member), as: UTF8.self)) : "\(index)"
                )
            }
            member = next(value)
            index += 1
        }
        return nil
    }
}
