// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Consumer",
    dependencies: [.package(url: "@LUDUS@", from: "0.1.0")],
    targets: [
        .executableTarget(
            name: "Consumer",
            dependencies: [
                .product(name: "Tensors", package: "Ludus"), .product(name: "Networks", package: "Ludus"),
                .product(name: "Optimizers", package: "Ludus"), .product(name: "Randomness", package: "Ludus"),
            ])
    ],
    cxxLanguageStandard: .cxx20
)
