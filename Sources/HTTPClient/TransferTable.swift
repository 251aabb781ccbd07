internal import CCurl

/// The transfers in flight; lives and dies on the loop's thread.
final class TransferTable {
    private let multi: MultiHandle
    private let configuration: HTTPClient.Configuration
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var handles: [TransferTicket: UnsafeMutableRawPointer] = [:]

    init(multi: MultiHandle, configuration: HTTPClient.Configuration) {
        self.multi = multi
        self.configuration = configuration
    }

    func handle(_ command: TransferCommand) {
        switch command {
        case .start(let ticket, let request, let continuation): start(ticket, request, continuation)
        case .cancel(let ticket): cancel(ticket)
        }
    }

    /// Ends what libcurl has completed.
    func endComplete() {
        var queued: Int32 = 0
        while let message = curl_multi_info_read(multi.pointer, &queued) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = ccurl_message_result(message)
            remove(easy)?.finish(code)
        }
    }

    func cancelAll() {
        for easy in Array(transfers.keys) { remove(easy)?.cancel() }
    }

    private func start(
        _ ticket: TransferTicket, _ request: HTTPRequest, _ continuation: CheckedContinuation<TransferResult, Never>
    ) {
        guard !ticket.isCancelled else {
            continuation.resume(returning: .failure(.cancelled(mayHaveBeenReceived: false)))
            return
        }
        guard let transfer = Transfer(request, ticket: ticket, continuation: continuation) else {
            continuation.resume(returning: .failure(.notSent(.other, "libcurl has no memory for another request")))
            return
        }
        transfer.configure(configuration)
        guard curl_multi_add_handle(multi.pointer, transfer.easy) == CURLM_OK else {
            transfer.fail(.notSent(.other, "libcurl refused the request"))
            return
        }
        transfers[transfer.easy] = transfer
        handles[ticket] = transfer.easy
    }

    private func cancel(_ ticket: TransferTicket) {
        guard let easy = handles[ticket] else { return }
        remove(easy)?.cancel()
    }

    private func remove(_ easy: UnsafeMutableRawPointer) -> Transfer? {
        guard let transfer = transfers.removeValue(forKey: easy) else { return nil }
        handles[transfer.ticket] = nil
        // What the request did send must be read before the handle leaves the multi handle.
        transfer.recordProgress()
        _ = curl_multi_remove_handle(multi.pointer, easy)
        return transfer
    }
}
