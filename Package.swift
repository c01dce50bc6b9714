// swift-tools-version: 6.2
import PackageDescription

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Debug builds, and so all tests, check that no two accesses overlap.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

// Imports run one way: C libraries <- Kafka, HTTP, Campaign <- Worker <- Operations <- recharge-worker.
let package = Package(
    name: "recharge-worker",
    products: [.executable(name: "recharge-worker", targets: ["recharge-worker"])],
    targets: [
        .systemLibrary(name: "CRdKafka", pkgConfig: "rdkafka"),
        .systemLibrary(name: "CMicrohttpd", pkgConfig: "libmicrohttpd"),
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
        .target(name: "CSimdjson", linkerSettings: [.linkedLibrary("simdjson")]),
        .target(name: "Kafka", dependencies: ["CCrypto", "CRdKafka"], swiftSettings: swift),
        .target(name: "HTTP", dependencies: ["CMicrohttpd"], swiftSettings: swift),
        .target(name: "Campaign", dependencies: ["CCrypto", "CSimdjson", "CYAML"], swiftSettings: swift),
        .target(name: "Worker", dependencies: ["Kafka", "HTTP", "Campaign"], swiftSettings: swift),
        .target(name: "Operations", dependencies: ["Kafka", "Campaign", "Worker"], swiftSettings: swift),
        .executableTarget(
            name: "recharge-worker", dependencies: ["Kafka", "Campaign", "Worker", "Operations"],
            swiftSettings: swift),

        .executableTarget(
            name: "bench", dependencies: ["Campaign", "Kafka", "Worker", "TestSupport"], path: "Tests/Bench",
            exclude: ["campaign.yaml", "recorded", "segments.txt"], swiftSettings: swift),
        .target(name: "Oracle", dependencies: ["TestSupport"], path: "Tests/Oracle", swiftSettings: swift),
        .target(name: "TestSupport", dependencies: ["CRdKafka"], path: "Tests/Support", swiftSettings: swift),
        .testTarget(name: "CampaignTests", dependencies: ["Campaign", "Oracle", "TestSupport"], swiftSettings: swift),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "TestSupport"], swiftSettings: swift),
        .testTarget(name: "KafkaTests", dependencies: ["CCrypto", "Kafka", "TestSupport"], swiftSettings: swift),
        .testTarget(
            name: "WorkerTests", dependencies: ["Worker", "HTTP", "Kafka", "Campaign", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "OperationsTests", dependencies: ["Operations", "Worker", "Kafka", "Campaign", "TestSupport"],
            swiftSettings: swift),
        .testTarget(
            name: "ContractTests", dependencies: ["Operations", "Worker", "Campaign", "TestSupport"],
            exclude: ["asyncapi.schema.yaml", "validate.py"], swiftSettings: swift),
        .testTarget(name: "TidyTests", swiftSettings: swift),
        .testTarget(name: "SystemTests", dependencies: ["Oracle", "TestSupport"], swiftSettings: swift),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// Links only with libFuzzer: Tests/fuzz builds it.
if Context.environment["FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz", dependencies: ["Campaign", "Kafka", "Worker", "Operations"], path: "Tests/FuzzTargets",
            exclude: ["corpus"], swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])]))
}
