// swift-tools-version:6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "stevedore",
    products: [
        .executable(name: "alerts-worker", targets: ["AlertsWorker"]),
        .executable(name: "customers-worker", targets: ["CustomersWorker"]),
        .executable(name: "dead-letter", targets: ["DeadLetter"]),
        .executable(name: "erp-feed", targets: ["ERPFeed"]),
        .executable(name: "erp-simulator", targets: ["ERPSimulator"]),
        .executable(name: "inventory-worker", targets: ["InventoryWorker"]),
        .executable(name: "orders-worker", targets: ["OrdersWorker"]),
        .executable(name: "outbox-relay", targets: ["OutboxRelay"]),
        .executable(name: "quotes-worker", targets: ["QuotesWorker"]),
        .executable(name: "stevedore", targets: ["Stevedore"]),
        .executable(name: "tracking-worker", targets: ["TrackingWorker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The C boundary.
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CRabbitMQ", pkgConfig: "librabbitmq", providers: [.apt(["librabbitmq-dev"])]),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),

        // The house, in the order in which imports may run.
        .target(
            name: "RabbitMQ", dependencies: ["CRabbitMQ"], swiftSettings: house + [.strictMemorySafety()]),
        .target(
            name: "Models", dependencies: ["CSimdjson", "CCrypto"], exclude: ["Derived"], swiftSettings: house),
        .target(name: "Ledger", dependencies: ["CSQLite", "CZlib"], swiftSettings: house),
        .target(name: "HTTPClient", dependencies: ["CCurl"], swiftSettings: house),
        .target(name: "MailClient", dependencies: ["CCurl"], swiftSettings: house),
        .target(
            name: "ERP", dependencies: ["HTTPClient", "Models"], exclude: ["REST/openapi.yaml"], swiftSettings: house),
        .target(
            name: "Storefront", dependencies: ["CCrypto", "Models", "Ledger", "HTTPClient"], swiftSettings: house),
        .target(
            name: "Fleet",
            dependencies: [
                "CYAML", "RabbitMQ", "Models", "Ledger", "HTTPClient", "MailClient", "ERP", "Storefront", logging,
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: house),
        .executableTarget(
            name: "OrdersWorker",
            dependencies: ["Models", "Ledger", "HTTPClient", "ERP", "Storefront", "Fleet", arguments],
            swiftSettings: house),
        .executableTarget(
            name: "InventoryWorker", dependencies: ["Models", "Ledger", "Storefront", "Fleet", arguments],
            swiftSettings: house),
        .executableTarget(
            name: "TrackingWorker", dependencies: ["Models", "Ledger", "Storefront", "Fleet", arguments],
            swiftSettings: house),
        .executableTarget(
            name: "CustomersWorker", dependencies: ["Models", "Ledger", "Storefront", "Fleet", arguments],
            swiftSettings: house),
        .executableTarget(
            name: "AlertsWorker",
            dependencies: [
                "RabbitMQ", "Models", "Ledger", "HTTPClient", "MailClient", "Storefront", "Fleet", arguments, logging,
            ],
            swiftSettings: house),
        .executableTarget(
            name: "ERPFeed", dependencies: ["Models", "Ledger", "ERP", "Storefront", "Fleet", arguments, logging],
            swiftSettings: house),
        .executableTarget(
            name: "OutboxRelay",
            dependencies: [
                "RabbitMQ", "Models", "Ledger", "Fleet", arguments, logging,
                .product(name: "DequeModule", package: "swift-collections"),
            ], exclude: ["Examples"], swiftSettings: house),
        .executableTarget(
            name: "QuotesWorker",
            dependencies: [
                "RabbitMQ", "Models", "Ledger", "ERP", "Fleet", arguments, logging,
                .product(name: "DequeModule", package: "swift-collections"),
            ], swiftSettings: house),
        .target(
            name: "ERPSimulatorCore",
            dependencies: [
                "CSQLite", "Models", logging,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ], swiftSettings: house),
        .executableTarget(
            name: "ERPSimulator",
            dependencies: [
                "ERPSimulatorCore", "Models", arguments, logging,
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: house),
        .executableTarget(
            name: "DeadLetter",
            dependencies: [
                "RabbitMQ", "Models", "Ledger", "Storefront", "Fleet", arguments,
                .product(name: "DequeModule", package: "swift-collections"),
            ], swiftSettings: house),
        .executableTarget(
            name: "Stevedore",
            dependencies: [
                "RabbitMQ", "Models", "Ledger", "HTTPClient", "MailClient", "ERP", "Storefront", "Fleet", arguments,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ], swiftSettings: house),

        // What scripts/bench runs.
        .executableTarget(
            name: "FleetBench",
            dependencies: ["RabbitMQ", "Models", "Ledger", "HTTPClient", "Storefront", "Fleet", arguments],
            swiftSettings: house),

        // Tests.
        .target(name: "FleetTesting", swiftSettings: house),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "FleetTesting", "RabbitMQ", "Models", "Ledger", "HTTPClient", "Fleet", "OrdersWorker",
                "InventoryWorker", "TrackingWorker", "CustomersWorker", "ERPFeed", "Storefront", "ERP",
                "ERPSimulator", "OutboxRelay", "QuotesWorker",
            ], exclude: ["Support/WallClock.c"], swiftSettings: house),
        .executableTarget(
            name: "LedgerCrashProbe", dependencies: ["Ledger"], path: "Tests/LedgerCrashProbe", swiftSettings: house),
        .testTarget(name: "ModelsTests", dependencies: ["Models"], swiftSettings: house),
        .testTarget(name: "RabbitMQTests", dependencies: ["RabbitMQ", "FleetTesting"], swiftSettings: house),
        .testTarget(
            name: "LedgerTests", dependencies: ["Ledger", "CSQLite", "LedgerCrashProbe"], swiftSettings: house),
        .testTarget(
            name: "ERPFeedTests",
            dependencies: ["ERPFeed", "ERP", "Fleet", "FleetTesting", "Ledger", "Models", "RabbitMQ", "Storefront"],
            swiftSettings: house),
        .testTarget(name: "HTTPClientTests", dependencies: ["HTTPClient"], swiftSettings: house),
        .testTarget(name: "ERPTests", dependencies: ["ERP", "HTTPClient", "Models"], swiftSettings: house),
        .testTarget(
            name: "FleetTests",
            dependencies: [
                "Fleet", "FleetTesting", "HTTPClient", "Ledger", "MailClient", "Models", "RabbitMQ", "Storefront",
                logging,
            ],
            swiftSettings: house),
        .testTarget(
            name: "StorefrontTests", dependencies: ["FleetTesting", "HTTPClient", "Ledger", "Models", "Storefront"],
            swiftSettings: house),
        .testTarget(
            name: "OrdersWorkerTests",
            dependencies: [
                "ERP", "Fleet", "FleetTesting", "Ledger", "Models", "OrdersWorker", "RabbitMQ", "Storefront", logging,
            ], swiftSettings: house),
        .testTarget(
            name: "OutboxRelayTests",
            dependencies: ["Fleet", "FleetTesting", "Ledger", "Models", "OutboxRelay", "RabbitMQ", logging],
            swiftSettings: house),
        .testTarget(
            name: "QuotesWorkerTests",
            dependencies: [
                "ERP", "Fleet", "FleetTesting", "Ledger", "Models", "QuotesWorker", "RabbitMQ", "Storefront", logging,
            ], swiftSettings: house),
        .testTarget(name: "MailClientTests", dependencies: ["FleetTesting", "MailClient"], swiftSettings: house),
        .testTarget(
            name: "AlertsWorkerTests",
            dependencies: [
                "AlertsWorker", "Fleet", "FleetTesting", "HTTPClient", "Ledger", "MailClient", "Models", "RabbitMQ",
                "Storefront", logging,
            ], swiftSettings: house),
        .testTarget(name: "FleetTestingTests", dependencies: ["FleetTesting"], swiftSettings: house),
        .testTarget(
            name: "ERPSimulatorTests",
            dependencies: ["ERP", "HTTPClient", "Models", "ERPSimulatorCore", "ERPSimulator", "FleetTesting", "Yams"],
            swiftSettings: house),
        .testTarget(
            name: "StevedoreTests",
            dependencies: [
                "Stevedore", "ERP", "Fleet", "FleetTesting", "HTTPClient", "Ledger", "MailClient", "Models", "RabbitMQ",
                "Storefront",
            ],
            swiftSettings: house),
        .testTarget(
            name: "DeadLetterTests",
            dependencies: [
                "DeadLetter", "Fleet", "FleetTesting", "Models", "Ledger", "RabbitMQ", "Storefront", arguments,
            ],
            swiftSettings: house),
    ],
    cxxLanguageStandard: .cxx17
)
