/// Sends mail by SMTP, one after the other over a kept connection.
///
/// One client owns one thread, because libcurl waits for a mail server in it; calls from any task are handed over. A
/// call waits for those before it, then ends by the server's time-out, and at once when its task is cancelled. Nothing
/// is retried: what may be repeated is the caller's to decide.
public final class MailClient: Sendable {
    private let loop: MailLoop

    /// Starts the client's thread. Connects when there is mail.
    public init(_ server: MailServer) throws(MailError) {
        loop = try MailLoop.start(server)
    }

    deinit {
        loop.stop()
    }

    /// Sends a mail to one recipient, in an SMTP transaction of its own, so that a refusal costs this recipient only.
    ///
    /// Returns when the server has said that it has the mail.
    public func send(_ message: MailMessage, to recipient: MailAddress) async throws(MailError) {
        let letter = Letter(sender: message.from.address, recipient: recipient, bytes: message.rendered())
        let ticket = MailTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(MailJob(ticket: ticket, letter: letter, continuation: continuation))
            }
        } onCancel: {
            loop.cancel(ticket)
        }
        try result.get()
    }

    /// Ends what is in flight with ``MailError/cancelled(mayHaveBeenSent:)``, the connection and the client's thread.
    public func close() async {
        await withCheckedContinuation { loop.stop($0) }
    }
}
