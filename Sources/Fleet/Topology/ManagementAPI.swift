internal import FoundationEssentials
internal import HTTPClient
package import RabbitMQ

/// The HTTP interface of the broker's management plugin, for what AMQP cannot show.
package struct ManagementAPI: Sendable {
    private let address: WebAddress
    private let authorization: String
    let vhost: String

    /// The address given, or that of the settings; nil without either. Without a user in it the broker's is taken.
    package init?(_ configuration: Configuration, address given: String?) throws(ProgramError) {
        guard let text = given ?? configuration.amqpManagement else { return nil }
        guard let address = WebAddress(text) else {
            throw ProgramError(
                code: "management.address", sentence: "The address of the management plugin cannot be read.",
                remedy: "Give it as http://127.0.0.1:15672, or http://user:password@127.0.0.1:15672.",
                exit: .configuration)
        }
        let endpoint = try BrokerDesk.configuration(configuration, "stevedore").endpoints.first
        // The same rules of percent-encoding as in the broker's own address.
        let named = address.userInfo.flatMap { try? BrokerURL("amqp://\($0)@host").authentication }
        var (user, password) = ("guest", "guest")
        if case .plain(let name, let word) = named ?? endpoint?.authentication { (user, password) = (name, word) }
        self.address = address
        authorization = "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        vhost = endpoint?.vhost ?? "/"
    }

    /// Every binding of an exchange to a queue in the virtual host.
    package func bindings() async throws(ProgramError) -> Set<Topology.Binding> {
        try await read("/api/bindings/\(Self.encoded(vhost))", "a list of bindings") { try ManagementBinding.read($0) }
    }

    func read<Value>(
        _ path: String, _ expected: String, _ decode: ([UInt8]) throws -> Value
    ) async throws(ProgramError) -> Value {
        let body = try await get(path)
        do {
            return try decode(body)
        } catch {
            throw failure("\(path) is not answered with \(expected).")
        }
    }

    private func get(_ path: String) async throws(ProgramError) -> [UInt8] {
        let answer: HTTPResponse
        do throws(HTTPError) {
            let client = try HTTPClient()
            answer = try await client.send(
                HTTPRequest(
                    url: address.text + path, headers: ["authorization": authorization], timeout: .seconds(10),
                    maxResponseBytes: 16 << 20))
            await client.close()
        } catch {
            throw failure(error.sentence)
        }
        guard answer.status == 200 else { throw failure("\(path) is answered with status \(answer.status).") }
        return answer.body
    }

    private func failure(_ reason: String) -> ProgramError {
        ProgramError(
            code: "management.unavailable", sentence: "The management plugin at \(address.text): \(reason)",
            remedy: "Check the address, that the plugin is enabled, and that the user has the tag `management`.",
            exit: .unavailable)
    }

    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
    }
}

/// A binding as the plugin writes it.
struct ManagementBinding: Decodable {
    var source: String
    var destination: String
    var destinationType: String
    var routingKey: String

    enum CodingKeys: String, CodingKey {
        case source, destination
        case destinationType = "destination_type"
        case routingKey = "routing_key"
    }

    /// The bindings of queues; others are none of the plan's.
    static func read(_ body: [UInt8]) throws -> Set<Topology.Binding> {
        let all = try JSONDecoder().decode([ManagementBinding].self, from: Data(body))
        return Set(
            all.filter { $0.destinationType == "queue" }.map {
                Topology.Binding(exchange: $0.source, queue: $0.destination, routingKey: $0.routingKey)
            })
    }
}
