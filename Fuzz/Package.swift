// swift-tools-version: 6.2
import PackageDescription

/// One program for each reader of outside input, with libFuzzer's loop around it; see `README.md`.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    // libFuzzer brings the main function.
    .unsafeFlags(["-parse-as-library"]),
]

/// A program that fuzzes one reader of one library.
func fuzzer(_ name: String, _ library: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzInput", .product(name: library, package: "ludus")], swiftSettings: settings)
}

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "ludus", path: "..")],
    targets: [
        .target(name: "FuzzInput", swiftSettings: settings),
        fuzzer("FuzzSafeTensors", "Tensors"),
        fuzzer("FuzzNumPyArray", "Tensors"),
        fuzzer("FuzzCoqXML", "ProofAssistants"),
        fuzzer("FuzzJSONLines", "TheoremProving"),
        fuzzer("FuzzTokenizerFile", "LanguageModels"),
        fuzzer("FuzzStatementFile", "TheoremProving"),
    ],
    cxxLanguageStandard: .cxx20
)
