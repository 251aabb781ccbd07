import Fleet
import RabbitMQ
import Testing

@testable import Stevedore

@Suite("Exported definitions")
struct BrokerDefinitionsTests {
    private let plan = TopologyPlan.fleet()
    private var definitions: BrokerDefinitions {
        BrokerDefinitions(
            vhost: "shop", plan: plan, users: LeastPrivilege.users(), definesUsers: true, flowLimit: 1 << 30)
    }

    private func list(_ name: String) throws -> [JSONValue] {
        guard case .array(let values) = try #require(definitions.json[name]) else { return [] }
        return values
    }

    @Test("every exchange, queue and binding of the plan is in it, with its arguments")
    func wholePlan() throws {
        #expect(try list("exchanges").map { $0["name"] } == plan.exchanges.map { .string($0.name) })
        #expect(try list("queues").map { $0["name"] } == plan.queues.map { .string($0.name) })
        #expect(try list("queues").map { $0["arguments"] } == plan.queues.map { JSONValue($0.arguments) })
        #expect(try list("bindings").map { $0["destination"] } == plan.bindings.map { .string($0.queue) })
    }

    @Test("no password is in it")
    func noSecrets() throws {
        #expect(try list("users").allSatisfy { $0["password_hash"] == "" })
    }

    @Test("no user is in it unless asked for, so that importing it again takes nobody's password away")
    func withoutUsers() {
        var definitions = definitions
        definitions.definesUsers = false
        for name in ["users", "permissions", "topic_permissions"] { #expect(definitions.json[name] == nil) }
        definitions.permits = true
        #expect(definitions.json["users"] == nil)
        #expect(definitions.json["permissions"] != nil && definitions.json["topic_permissions"] != nil)
    }

    @Test("only the topology user may configure more than the queues it consumes")
    func configure() throws {
        let who = try list("permissions").filter { $0["configure"] != "^$" }.map { $0["user"] }
        #expect(
            who == [
                "alerts-worker", "customers-worker", "inventory-worker", "orders-worker", "tracking-worker",
                "quotes-worker", "stevedore-topology",
            ])
        let names = plan.queues.map(\.name) + plan.exchanges.map(\.name)
        for group in ["customers", "inventory", "orders", "tracking"] {
            let worker = try #require(LeastPrivilege.users().first { $0.name == group + "-worker" })
            let configure = try Regex(worker.configure)
            let own = FleetTopology.flows.filter { $0.hasPrefix(group + ".") }
            #expect(names.filter { $0.contains(configure) }.sorted() == own.sorted())
        }
    }

    @Test(
        "every worker may publish what any of them has left in the outbox they share, and nothing that goes to the ERP")
    func outbox() throws {
        for worker in LeastPrivilege.users() where worker.name.hasSuffix("-worker") {
            let keys = try Regex(try #require(worker.routingKeys))
            #expect("order.status.v1".contains(keys) && !"order.placed.v1".contains(keys), "\(worker.name)")
        }
    }

    @Test("the feed may publish what goes to the store and what the outbox holds, and read no queue")
    func feed() throws {
        let feed = try #require(LeastPrivilege.users().first { $0.name == "erp-feed" })
        let (read, write) = (try Regex(feed.read), try Regex(feed.write))
        let keys = try Regex(try #require(feed.routingKeys))
        #expect("product.v1".contains(keys) && "order.offline.v1".contains(keys) && !"order.placed.v1".contains(keys))
        #expect("commerce".contains(write) && "commerce.requeue".contains(write) && !"commerce.dead".contains(write))
        #expect(!plan.queues.contains { $0.name.contains(read) || $0.name.contains(write) })
        #expect(plan.exchanges.allSatisfy { $0.name.contains(read) || $0.name.contains(write) })
    }

    @Test("who replays may take what was unrouted and put it back where it came in")
    func replay() throws {
        let user = try #require(LeastPrivilege.users().first { $0.name == "dead-letter" })
        let (read, write) = (try Regex(user.read), try Regex(user.write))
        #expect("unrouted".contains(read) && "orders.to-erp.dead".contains(read))
        #expect(!"orders.to-erp".contains(read))
        #expect("commerce".contains(write) && "commerce.requeue".contains(write))
    }

    @Test("the store may publish orders, and nothing that goes to the store")
    func store() throws {
        let store = try #require(LeastPrivilege.users().first { $0.name == "store" })
        let keys = try Regex(try #require(store.routingKeys))
        #expect("order.placed.v1".contains(keys))
        #expect(!"order.status.v1".contains(keys))
        #expect(!"orderXplacedXv1".contains(keys))
        #expect(store.read == "^$")
    }

    @Test("a worker reads its flows, and writes to retry and dead letters, never past them")
    func worker() throws {
        let worker = try #require(LeastPrivilege.users().first { $0.name == "orders-worker" })
        let (read, write) = (try Regex(worker.read), try Regex(worker.write))
        #expect("orders.to-erp".contains(read) && "orders.to-store".contains(read))
        #expect(!"orders.to-erp.dead".contains(read))
        #expect(
            ["commerce", "commerce.retry", "commerce.dead", "commerce.requeue"].allSatisfy { $0.contains(write) })
        #expect(!"commerce.unrouted".contains(write) && !"amq.default".contains(write))
    }

    @Test("who answers questions takes them from their queue, and alone may write to whatever queue an asker names")
    func answerers() throws {
        let worker = try #require(LeastPrivilege.users().first { $0.name == "quotes-worker" })
        let (configure, read, write) = (try Regex(worker.configure), try Regex(worker.read), try Regex(worker.write))
        #expect(plan.queues.map(\.name).filter { $0.contains(configure) } == ["quotes.to-erp"])
        #expect(plan.queues.map(\.name).filter { $0.contains(read) } == ["quotes.to-erp"])
        #expect("amq.default".contains(write))
        for user in LeastPrivilege.users() where user.name != "quotes-worker" {
            let others = try Regex(user.write)
            #expect(!"amq.default".contains(others), "\(user.name)")
        }
    }

    @Test("questions are published by the store and by the operator, replies by nobody, and neither is replayed")
    func questionKeys() throws {
        for (name, isAllowed) in [("store", true), ("stevedore", true), ("dead-letter", false), ("erp-feed", false)] {
            let user = try #require(LeastPrivilege.users().first { $0.name == name })
            let keys = try Regex(try #require(user.routingKeys))
            #expect("quote.requested.v1".contains(keys) == isAllowed, "\(name)")
            #expect(!"quote.answered.v1".contains(keys), "\(name)")
        }
    }

    @Test("the queue of questions is in it as it must be, and under no policy")
    func questions() throws {
        let queue = try #require(try list("queues").first { $0["name"] == "quotes.to-erp" })
        #expect(queue["arguments"]?["x-queue-type"] == "classic")
        #expect(queue["arguments"]?["x-message-ttl"] == 60_000 && queue["arguments"]?["x-max-length"] == 10_000)
        let policy = try #require(try list("policies").first)
        guard case .string(let pattern) = policy["pattern"] else {
            Issue.record("no pattern")
            return
        }
        let limited = try Regex(pattern)
        #expect(!"quotes.to-erp".contains(limited))
    }

    @Test("the limit is a policy on the queues that refuse instead of dropping, never on dead letters")
    func policy() throws {
        let policy = try #require(try list("policies").first)
        guard case .string(let pattern) = policy["pattern"] else { return }
        let regex = try Regex(pattern)
        #expect("orders.to-erp".contains(regex) && "orders.to-erp.retry.5s".contains(regex))
        #expect(!"orders.to-erp.dead".contains(regex) && !"unrouted".contains(regex))
        #expect(!"orders.taken".contains(regex))
        #expect(policy["definition"] == ["max-length-bytes": 1_073_741_824])
    }
}
