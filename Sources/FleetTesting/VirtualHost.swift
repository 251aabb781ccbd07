/// A virtual host of one test's own: every queue name is free in it, and it goes with all it holds.
public struct VirtualHost: Sendable {
    /// Its name, without a slash.
    public let name: String
    /// The broker it is on.
    public let broker: TestBroker

    /// For user guest, who may do everything here.
    public var url: String { "\(broker.url)/\(name)" }

    /// The same over TLS, when the broker listens for it.
    public var secureURL: String? { broker.secureURL.map { "\($0)/\(name)" } }

    /// What the queue holds, or nil when there is no such queue.
    public func depth(of queue: String) async throws -> QueueDepth? { try await depths(of: [queue]).first ?? nil }

    /// The same of several queues, in their order, for the price of one question.
    public func depths(of queues: [String]) async throws -> [QueueDepth?] {
        // Quorum queues are asked through their log's leader, since what they publish about themselves is seconds old.
        let answer = try await broker.evaluate(
            """
            [case rabbit_amqqueue:lookup(Name) of
              {ok, Q} -> case amqqueue:get_type(Q) of
                rabbit_quorum_queue ->
                  Ask = fun(F) -> {ok, {_, V}, _} = ra:leader_query(amqqueue:get_pid(Q), F), V end,
                  {Ask(fun rabbit_fifo:query_messages_ready/1), Ask(fun rabbit_fifo:query_messages_checked_out/1),
                   Ask(fun rabbit_fifo:query_consumer_count/1)};
                _ -> list_to_tuple([V || {_, V} <-
                  rabbit_amqqueue:info(Q, [messages_ready, messages_unacknowledged, consumers])]) end;
              _ -> {-1, -1, -1} end || Name <- [\(queues.map { resource("queue", $0) }.joined(separator: ", "))]].
            """)
        let numbers = answer.split { !$0.isNumber && $0 != "-" }.compactMap { Int($0) }
        guard numbers.count == queues.count * 3 else { throw TestingError.missing("the depths of queues: \(answer)") }
        return queues.indices.map { index in
            let row = numbers[(index * 3)..<(index * 3 + 3)]
            guard row.allSatisfy({ $0 >= 0 }) else { return nil }
            return QueueDepth(
                ready: row[row.startIndex], unacknowledged: row[row.startIndex + 1],
                consumers: row[row.startIndex + 2])
        }
    }

    /// Waits until the queue's depth fits.
    @discardableResult
    public func waitForDepth(
        of queue: String, within limit: Duration = .seconds(20), _ fits: (QueueDepth) -> Bool
    ) async throws -> QueueDepth {
        try await eventually(within: limit, "the depth of \(queue)") {
            let depth = try await depth(of: queue)
            guard let depth, fits(depth) else {
                throw TestingError.missing(depth.map { "\($0)" } ?? "no queue \(queue)")
            }
            return depth
        }
    }

    /// The names of all queues, sorted.
    public func queues() async throws -> [String] {
        let answer = try await broker.evaluate(
            """
            lists:flatten(lists:join(10, lists:sort([binary_to_list(element(4, amqqueue:get_name(Q)))
              || Q <- rabbit_amqqueue:list(\(erlang(name)))]))).
            """)
        return unquoted(answer).split(separator: "\n").map(String.init)
    }

    /// Deletes a queue with what it holds, while it is in use or not.
    public func deleteQueue(_ queue: String) async throws {
        try await broker.evaluate(
            """
            case rabbit_amqqueue:lookup(\(resource("queue", queue))) of
              {ok, Q} -> element(1, rabbit_amqqueue:delete(Q, false, false, <<"tests">>)); _ -> ok end.
            """)
    }

    /// Deletes an exchange with its bindings.
    public func deleteExchange(_ exchange: String) async throws {
        try await broker.evaluate(
            "rabbit_exchange:delete(\(resource("exchange", exchange)), false, <<\"tests\">>), ok.")
    }

    /// Adds a policy for queues, as `rabbitmqctl set_policy` does; `definition` is JSON.
    public func setPolicy(_ policy: String, pattern: String, definition: String) async throws {
        try await broker.evaluate(
            """
            ok = rabbit_policy:parse_set(\(erlang(name)), \(erlang(policy)), \(erlang(pattern)), \(erlang(definition)),
              "0", <<"queues">>, <<"tests">>).
            """)
    }

    /// Adds a broker user who may do here what the patterns say, and returns the URL to connect with.
    /// The user goes with the virtual host.
    public func addUser(configure: String = ".*", write: String = ".*", read: String = ".*") async throws -> String {
        let user = "\(name)-\(randomName())"
        let password = randomName()
        try await broker.evaluate(
            "rabbit_auth_backend_internal:add_user(\(erlang(user)), \(erlang(password)), <<\"tests\">>), ok.")
        try await setPermissions(user: user, configure: configure, write: write, read: read)
        return TestBroker.url(broker.url, user: user, password: password) + "/\(name)"
    }

    /// Changes what a user may do here; empty patterns forbid everything. `user` is a name or a URL with one.
    public func setPermissions(user: String, configure: String, write: String, read: String) async throws {
        let name = TestBroker.user(of: user) ?? user
        try await broker.evaluate(
            """
            rabbit_auth_backend_internal:set_permissions(\(erlang(name)), \(erlang(self.name)), \(erlang(configure)),
              \(erlang(write)), \(erlang(read)), <<"tests">>), ok.
            """)
    }

    /// Closes every connection to this virtual host from the broker's side, with 320 CONNECTION_FORCED.
    public func closeConnections(reason: String = "closed by a test") async throws {
        try await broker.evaluate(
            """
            [rabbit_networking:close_connection(P, \(erlangText(reason))) || P <- rabbit_networking:connections(),
              [{vhost, \(erlang(name))}] =:= (catch rabbit_networking:connection_info(P, [vhost]))], ok.
            """)
    }

    /// Gives a user of ``addUser(configure:write:read:)`` another password; `user` is the URL. Returns the new URL.
    public func changePassword(of user: String) async throws -> String {
        let name = TestBroker.user(of: user) ?? user
        let password = randomName()
        try await broker.evaluate(
            "rabbit_auth_backend_internal:change_password(\(erlang(name)), \(erlang(password)), <<\"tests\">>), ok.")
        return TestBroker.url(broker.url, user: name, password: password) + "/\(self.name)"
    }

    /// Sets a user's password to what a URL says.
    public func setPassword(like url: String) async throws {
        guard let (name, password) = TestBroker.credentials(of: url) else { return }
        try await broker.evaluate(
            "rabbit_auth_backend_internal:change_password(\(erlang(name)), \(erlang(password)), <<\"tests\">>), ok.")
    }

    private func resource(_ kind: String, _ resource: String) -> String {
        "rabbit_misc:r(\(erlang(name)), \(kind), \(erlang(resource)))"
    }
}
