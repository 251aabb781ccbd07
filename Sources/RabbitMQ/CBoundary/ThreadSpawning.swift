import CRabbitMQ
import Glibc

extension ConnectionThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) { (self.name, self.body) = (name, body) }
    }

    /// Runs the body on a detached thread of its own.
    static func spawn(name: String, _ body: @escaping @Sendable () -> Void) {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        // Small stacks: the deepest thing that runs here is a TLS handshake.
        unsafe pthread_attr_setstacksize(&attributes, 512 << 10)
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, &attributes,
            { argument in
                if let argument = unsafe argument {
                    let start = unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                    unsafe crmq_name_thread(String(start.name.prefix(15)))
                    start.body()
                }
                return nil
            }, start.toOpaque())
        unsafe pthread_attr_destroy(&attributes)
        precondition(status == 0, "the system refuses another thread")
    }
}
