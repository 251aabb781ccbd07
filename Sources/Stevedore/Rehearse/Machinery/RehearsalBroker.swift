internal import Fleet
internal import RabbitMQ

/// The broker that a rehearsal plays on: one of its own, or a virtual host that somebody gave away for it.
struct RehearsalBroker: Sendable {
    let url: String
    /// Nil on somebody else's broker, which cannot be restarted or measured.
    let own: PrivateBroker?
    let configuration: BrokerConfiguration
    private static let plan = TopologyPlan.fleet()

    /// Starts one, or looks whether the given one is empty; then makes everything that the fleet needs.
    static func prepare(_ url: String?, on site: RehearsalSite) async throws(ProgramError) -> RehearsalBroker {
        let own = url == nil ? try await PrivateBroker.start(on: site) : nil
        let broker = try RehearsalBroker(url: url ?? own?.url ?? "", own: own)
        try await broker.withAdmin { admin throws(ProgramError) in
            if own == nil { try await checkEmpty(admin) }
            do throws(BrokerError) {
                try await TopologyDoctor(admin: admin, plan: plan).apply()
            } catch {
                throw ProgramError(error)
            }
        }
        return broker
    }

    private init(url: String, own: PrivateBroker?) throws(ProgramError) {
        (self.url, self.own) = (url, own)
        do throws(BrokerError) {
            configuration = try BrokerConfiguration(urls: [url], connectionName: "stevedore-rehearse")
        } catch {
            throw ProgramError(error)
        }
    }

    /// On somebody else's broker: takes away what was made there.
    func leave() async {
        guard own == nil else { return }
        try? await withAdmin { admin throws(ProgramError) in
            do throws(BrokerError) {
                for queue in Self.plan.queues { try await admin.delete(queue: queue.name) }
                try await admin.delete(queue: QuoteBook.answers)
                for exchange in Self.plan.exchanges { try await admin.delete(exchange: exchange.name) }
            } catch {
                throw ProgramError(error)
            }
        }
    }

    /// A fleet that works there would take part, and its messages would be the rehearsal's.
    private static func checkEmpty(_ admin: BrokerAdmin) async throws(ProgramError) {
        do throws(BrokerError) {
            for exchange in plan.exchanges {
                let isThere = try await admin.hasExchange(exchange.name)
                if isThere { throw BrokerError.preconditionFailed("the exchange \(exchange.name)") }
            }
            for queue in plan.queues {
                let isThere = try await admin.status(ofQueue: queue.name) != nil
                if isThere { throw BrokerError.preconditionFailed("the queue \(queue.name)") }
            }
        } catch {
            guard case .preconditionFailed(let name) = error else { throw ProgramError(error) }
            throw RehearsalError.notEmpty(name)
        }
    }

    private func withAdmin(
        _ work: (BrokerAdmin) async throws(ProgramError) -> Void
    ) async throws(ProgramError) {
        let admin = try BrokerDesk.admin(configuration)
        do throws(ProgramError) {
            do throws(BrokerError) { try await admin.connect() } catch { throw ProgramError(error) }
            try await work(admin)
            await admin.close()
        } catch {
            await admin.close()
            throw error
        }
    }
}
