import CRabbitMQ
import Glibc

extension ConnectionThread {
    private final class Start {
        let name: String
        let body: @Sendable () -> Void
        init(name: String, body: @escaping @Sendable () -> Void) { (self.name, self.body) = (name, body) }
    }

    /// librabbitmq 0.11 decodes nested field tables by recursion, some 100 bytes a level, and one frame of 128 KiB can
    /// nest 26,000 levels; every thread that reads from a broker must survive that. Only addresses are taken, no memory.
    private static let stackSize = 8 << 20

    /// Runs the body on a detached thread of its own; false when the system has no thread left.
    static func spawn(name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
        let start = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var attributes = pthread_attr_t()
        unsafe pthread_attr_init(&attributes)
        unsafe pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        unsafe pthread_attr_setstacksize(&attributes, stackSize)
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
        if status != 0 { unsafe start.release() }
        return status == 0
    }
}
