#if canImport(Glibc)
    internal import Glibc
#endif

/// What a command says to the person, or the program, that started it.
///
/// Data goes to standard output; everything said about it goes to standard error, so that output can be piped on.
package enum Terminal {
    /// The two streams a command writes to.
    package enum Stream: Int32, Sendable {
        case output = 1
        case error = 2
    }

    /// Colours that are readable on dark and light ground.
    package enum Colour: String, CaseIterable, Sendable {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case blue = "34"
        case magenta = "35"
        case cyan = "36"
        case faint = "2"
        case bold = "1"
    }

    /// Whether a person looks at the stream.
    package static func isInteractive(_ stream: Stream) -> Bool { isatty(stream.rawValue) == 1 }

    /// Whether to write colours: on a terminal, unless `NO_COLOR` is set.
    package static func isColoured(_ stream: Stream) -> Bool {
        isInteractive(stream) && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true)
    }

    /// The columns of the terminal; nil when the stream is no terminal.
    package static func width(of stream: Stream) -> Int? {
        var size = winsize()
        guard isInteractive(stream), ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }

    /// Writes all of the text; a closed stream is not an error of the command.
    package static func write(_ text: String, to stream: Stream = .output) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Glibc.write(stream.rawValue, rest.baseAddress, rest.count)
                if written > 0 {
                    rest = UnsafeRawBufferPointer(rebasing: rest[written...])
                } else if !waits(stream) {
                    return
                }
            }
        }
    }

    /// Writes the text and ends the line.
    package static func say(_ text: String, to stream: Stream = .output) { write(text + "\n", to: stream) }

    /// The text in that colour, or as it is when colours are not wanted.
    package static func paint(_ text: String, _ colour: Colour, if isWanted: Bool) -> String {
        isWanted ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// After a write that took nothing: whether trying again makes sense.
    private static func waits(_ stream: Stream) -> Bool {
        if errno == EINTR { return true }
        guard errno == EAGAIN else { return false }
        var descriptor = pollfd(fd: stream.rawValue, events: Int16(POLLOUT), revents: 0)
        return poll(&descriptor, 1, 5_000) > 0
    }
}
