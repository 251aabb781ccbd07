internal import HTTPClient
public import Ledger
public import Logging
public import Storefront

/// The store's side of a worker, put together as `storefront.adapters` says.
public struct StorefrontAssembly: Sendable {
    /// What handlers show to.
    public let storefront: any Storefront
    private let configuration: Configuration

    /// Connects to nothing yet.
    public init(_ configuration: Configuration) {
        self.configuration = configuration
        var members: [any Storefront] = []
        if configuration.storefrontAdapters.contains(.database) { members.append(DatabaseStorefront()) }
        if configuration.webhook != nil { members.append(WebhookStorefront(source: FleetTopology.source)) }
        storefront = members.count == 1 ? members[0] : StorefrontGroup(members)
    }

    /// Brings the tables of the adapters up to date; call once at start.
    @Sendable public func prepare(_ ledger: Ledger) async throws {
        if configuration.storefrontAdapters.contains(.database) { try await DatabaseStorefront.migrate(ledger) }
        if configuration.webhook != nil { try await WebhookStorefront.migrate(ledger) }
    }

    /// What has to work beside the flows.
    public func services(_ ledger: Ledger, _ logger: Logger) throws(ProgramError) -> [any CompanionService] {
        guard let endpoint = configuration.webhook else { return [] }
        var settings = WebhookSender.Settings()
        settings.lease = configuration.lease
        do throws(HTTPError) {
            let client = try HTTPClient(.init(maxConnectionsPerHost: settings.concurrency))
            return [
                WebhookService(
                    ledger: ledger, endpoint: endpoint, client: client,
                    holder: WorkerName.make(program: "webhook"), settings: settings, logger: logger)
            ]
        } catch {
            throw ProgramError(code: error.code, sentence: error.sentence, remedy: error.remedy, exit: .failure)
        }
    }
}
