import ERPSimulatorCore
import Glibc

/// What the program says: where it listens on standard output, what is wrong on standard error.
enum Announcement {
    /// Said at once: an ERP that is down from the start is brought up through this address.
    static func print(control address: String) {
        write("control on \(address)\n", to: STDOUT_FILENO)
    }

    /// The sign that the simulator is ready.
    static func print(_ addresses: Simulator.Addresses) {
        write("listening on \(addresses.erp)\n", to: STDOUT_FILENO)
    }

    static func complain(_ error: SimulatorError) {
        write("erp-simulator: \(error.sentence)\n\(error.remedy)\n", to: STDERR_FILENO)
    }

    /// Unbuffered, so that a program that waits for the line behind a pipe gets it.
    private static func write(_ text: String, to descriptor: Int32) {
        _ = text.utf8.withContiguousStorageIfAvailable { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    }
}

extension SimulatorError {
    /// As sysexits.h has it: 64 usage, 69 unavailable, 78 configuration.
    var exitCode: Int32 {
        switch self {
        case .books: 78
        case .address: 69
        case .invalidFault, .invalidFlag: 64
        }
    }
}
