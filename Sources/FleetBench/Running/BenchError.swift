/// Why a benchmark could not be run to its end.
enum BenchError: Error, CustomStringConvertible {
    case start(String, errno: Int32)
    case failed(String, String)
    case unconfirmed(String)
    case stuck(String)

    var description: String {
        switch self {
        case .start(let path, let number): "\(path) cannot be started (error \(number)); build it with scripts/bench"
        case .failed(let name, let output): "\(name) failed:\n\(output)"
        case .unconfirmed(let outcome): "the broker did not confirm a message: \(outcome)"
        case .stuck(let what): "\(what) did not come to an end"
        }
    }
}
