// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Where libtorch comes from.
///
/// A checkout that `Scripts/bootstrap` has set up holds headers and libraries under `.deps/torch`, and
/// programs find them there at run time. A package that depends on Ludus by version may not use unsafe
/// flags, so it takes the same flags from pkg-config (`ludus-torch.pc`) instead.
let root = Context.packageDirectory
let hasOwnTorch = FileManager.default.fileExists(atPath: root + "/.deps/torch/include/torch")

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let torchHeaders: [CXXSetting] =
    hasOwnTorch
    ? [
        .headerSearchPath("../../.deps/torch/include"),
        .headerSearchPath("../../.deps/torch/include/torch/csrc/api/include"),
    ] : []
let torchLibraries: [LinkerSetting] =
    hasOwnTorch
    ? [
        .unsafeFlags([
            "-L\(root)/.deps/torch/lib", "-Xlinker", "-rpath", "-Xlinker", "\(root)/.deps/torch/lib",
        ]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
    ] : []

/// Where MuJoCo comes from: as libtorch; without it the package builds, and tasks with robots are absent.
let hasOwnMuJoCo = FileManager.default.fileExists(atPath: root + "/.deps/mujoco/include/mujoco/mujoco.h")
let mujocoHeaders: [CSetting] = hasOwnMuJoCo ? [.headerSearchPath("../../.deps/mujoco/include")] : []
let mujocoLibraries: [LinkerSetting] =
    hasOwnMuJoCo
    ? [
        .unsafeFlags([
            "-L\(root)/.deps/mujoco/lib", "-Xlinker", "-rpath", "-Xlinker", "\(root)/.deps/mujoco/lib",
        ]),
        .linkedLibrary("mujoco"),
    ] : []

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

/// A library target of this package with its test target.
func library(
    _ name: String, _ dependencies: [Target.Dependency], path: String? = nil, exclude: [String] = [],
    testsNeed: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict),
        .testTarget(
            name: name + "Tests",
            dependencies: [.init(stringLiteral: name), "TestSupport"] + dependencies + testsNeed,
            swiftSettings: strict),
    ]
}

// The layers, from the ground up. `Docs/design/0001-layers.md` holds the table that a test compares this with.
let level0: [Target] =
    (hasOwnTorch
        ? [] : [.systemLibrary(name: "CTorchFlags", path: "Sources/CTorchFlags", pkgConfig: "ludus-torch")])
    + [
        .target(
            name: "CTorch", dependencies: hasOwnTorch ? [] : ["CTorchFlags"],
            cxxSettings: torchHeaders, linkerSettings: torchLibraries),
        .target(name: "CMPI", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(name: "CArcade", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        .target(
            name: "CMuJoCo", dependencies: hasOwnMuJoCo ? [] : ["CMuJoCoFlags"], cSettings: mujocoHeaders,
            linkerSettings: mujocoLibraries),
    ]
    + (hasOwnMuJoCo
        ? [] : [.systemLibrary(name: "CMuJoCoFlags", path: "Sources/CMuJoCoFlags", pkgConfig: "ludus-mujoco")])

let level1: [Target] =
    library("Tensors", ["CTorch", "Randomness"])
    + library("Randomness", [])
    + library("RunRecords", [mustache, subprocess, systemPackage])
    + library("Physics", ["CMuJoCo"])
    + library("Collectives", ["CMPI"])

let level2: [Target] =
    library("Networks", ["Tensors", "Randomness"])
    + library("Optimizers", ["Tensors", "Networks"])
    + library("Environments", ["Randomness"], testsNeed: ["AllocationCounter"])
    + library("EnvironmentsArcade", ["Environments", "CArcade", "Randomness"])
    + library("EnvironmentsMuJoCo", ["Environments", "Physics"], testsNeed: ["AllocationCounter"])
    + library("TreeSearch", ["Randomness"])
    + library("ProofAssistants", [])

let level3: [Target] =
    library("LanguageModels", ["Tensors", "Networks", "Optimizers", "Randomness", heap])
    + library("Inference", ["LanguageModels", "Networks", "Tensors", "Randomness"])
    + library(
        "ReinforcementLearning", ["Environments", "Networks", "Optimizers", "Tensors", "Randomness"])
    + library(
        "TheoremProving",
        [
            "TreeSearch", "ProofAssistants", "Inference", "LanguageModels", "Networks", "Optimizers", "Tensors",
            "Randomness", "RunRecords",
        ])

let level4: [Target] =
    library(
        "Recipes",
        [
            "TheoremProving", "ReinforcementLearning", "Environments", "EnvironmentsArcade", "EnvironmentsMuJoCo",
            "TreeSearch", "ProofAssistants", "LanguageModels", "Optimizers", "Collectives", "Tensors", "Randomness",
            "RunRecords",
        ],
        path: "Recipes",
        exclude: [
            "Bandits/UpperConfidenceBound.md", "MetaLearning/ImplicitMAML.md", "MetaLearning/MAMLDistributed.md",
            "MetaLearning/MAMLSinusoid.md",
            "ReinforcementLearning/ProximalPolicy.md",
            "TheoremProving/ProverMini.md", "TheoremProving/SearchCurves.md",
        ])
    + library(
        "Benchmarks",
        [
            "Tensors", "Networks", "Optimizers", "Environments", "EnvironmentsArcade", "EnvironmentsMuJoCo",
            "TreeSearch",
            "ProofAssistants", "TheoremProving", "Randomness", subprocess, systemPackage,
        ], path: "Benchmarks/Sources")
    + library("EnvironmentsInterface", ["Environments", "EnvironmentsArcade", "EnvironmentsMuJoCo"])
    + [
        .executableTarget(
            name: "ludus",
            dependencies: [
                "Recipes", "Benchmarks", "TheoremProving", "TreeSearch", "ProofAssistants", "Environments",
                "EnvironmentsArcade", "Physics", "Collectives", "Tensors", "RunRecords", argumentParser,
            ],
            swiftSettings: strict)
    ]

let support: [Target] = [
    .testTarget(name: "PackageTests", dependencies: ["ludus", subprocess, systemPackage], swiftSettings: strict),
    .target(
        name: "TestSupport", dependencies: ["Tensors", "Environments", "Randomness"], path: "Tests/TestSupport",
        swiftSettings: strict),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
]

let package = Package(
    name: "Ludus",
    products: [
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Randomness", targets: ["Randomness"]),
        .library(name: "RunRecords", targets: ["RunRecords"]),
        .library(name: "Networks", targets: ["Networks"]),
        .library(name: "Optimizers", targets: ["Optimizers"]),
        .library(name: "Environments", targets: ["Environments"]),
        .library(name: "EnvironmentsArcade", targets: ["EnvironmentsArcade"]),
        .library(name: "EnvironmentsMuJoCo", targets: ["EnvironmentsMuJoCo"]),
        .library(name: "Physics", targets: ["Physics"]),
        .library(name: "Collectives", targets: ["Collectives"]),
        .library(name: "LudusEnvironments", type: .dynamic, targets: ["EnvironmentsInterface"]),
        .library(name: "TreeSearch", targets: ["TreeSearch"]),
        .library(name: "ProofAssistants", targets: ["ProofAssistants"]),
        .library(name: "LanguageModels", targets: ["LanguageModels"]),
        .library(name: "Inference", targets: ["Inference"]),
        .library(name: "ReinforcementLearning", targets: ["ReinforcementLearning"]),
        .library(name: "TheoremProving", targets: ["TheoremProving"]),
        .executable(name: "ludus", targets: ["ludus"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: level0 + level1 + level2 + level3 + level4 + support,
    cxxLanguageStandard: .cxx20
)
