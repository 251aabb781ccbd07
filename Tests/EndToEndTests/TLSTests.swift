import Fleet
import FleetTesting
import Testing

@Suite("Over TLS", .needsBroker, .timeLimit(.minutes(10)))
struct TLSTests {
    @Test("a broker of another authority is refused with the reason and 78")
    func wrongAuthority() async throws {
        try await Rig.with { rig in
            let files = try #require(rig.host.broker.certificates)
            let worker = try rig.startWorker([
                "AMQP_URLS": try #require(rig.host.secureURL), "AMQP_TLS_CA": files.strangeAuthority,
            ])
            #expect(try await worker.waitForExit() == .exited(78))
            let text = worker.errors.joined(separator: "\n")
            #expect(text.contains("the server's certificate is not trusted"), "\(text)")
            #expect(text.contains("Check the CA file"), "\(text)")
        }
    }

    @Test("orders travel with the right authority, and a client certificate is enough to log in")
    func clientCertificate() async throws {
        try await Rig.with { rig in
            let files = try #require(rig.host.broker.certificates)
            let url = try #require(rig.host.secureURL)
            let byPassword = try rig.startWorker(
                ["AMQP_URLS": url, "AMQP_TLS_CA": files.authority], only: "to-store")
            try await rig.host.setPermissions(user: "stevedore-client", configure: "^$", write: ".*", read: ".*")
            let byCertificate = try rig.startWorker(
                [
                    "AMQP_URLS": url.replacing("guest:guest@", with: ""), "AMQP_TLS_CA": files.authority,
                    "AMQP_TLS_CERTIFICATE": files.client, "AMQP_TLS_KEY": files.clientKey,
                ], only: "to-erp")
            try await rig.place(["sealed"])
            try await rig.waitForOrders(["sealed"])
            let isKnown = try await rig.host.broker.evaluate(
                """
                lists:member([{vhost, <<"\(rig.host.name)">>}, {user, <<"stevedore-client">>}, {ssl, true}],
                  [catch rabbit_networking:connection_info(P, [vhost, user, ssl])
                    || P <- rabbit_networking:connections()]).
                """)
            #expect(isKnown == "true")
            try await rig.stop(byPassword)
            try await rig.stop(byCertificate)
        }
    }
}
