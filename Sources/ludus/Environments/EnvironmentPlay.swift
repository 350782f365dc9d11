import ArgumentParser
import Benchmarks
import Environments
import Foundation

/// `ludus env play`.
struct EnvironmentPlay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "play",
        abstract: "Play a task with random actions and write its pictures.",
        discussion: "A name that ends in .gif gives an animation, one that ends in .png the last picture.")

    @Argument(help: "The task's id.")
    var id: String

    @Option(help: "Where the pictures go: a .gif or .png file.")
    var out: String

    @Option(help: "Steps.")
    var steps = 200

    @Option(help: "Steps between two pictures of an animation.")
    var every = 2

    @Option(help: "The seed of the environment and of the actions.")
    var seed: UInt64 = 1

    func validate() throws {
        guard out.hasSuffix(".gif") || out.hasSuffix(".png") else {
            throw ValidationError("--out must end in .gif or .png, not \(out).")
        }
        guard steps >= 1, every >= 1 else { throw ValidationError("--steps and --every must be at least 1.") }
    }

    func run() throws {
        let pool = try EnvironmentBenchmark.catalogue.task(id).pool(count: 1, options: PoolOptions(seed: seed))
        let space = pool.specification.action
        var sampler = ActionSampler(space, seed: seed)
        var action = [UInt8](repeating: 0, count: space.count * space.element.size * pool.specification.players)
        _ = try pool.reset()
        var pictures: [Picture] = []
        var total: Float = 0
        for step in 0...steps {
            if step == steps || out.hasSuffix(".gif") && step.isMultiple(of: every) {
                guard let picture = try pool.picture(of: 0) else {
                    throw EnvironmentError.badOption(
                        name: "ID", reason: "\(id) draws no pictures; classic control and Atari do")
                }
                pictures.append(picture)
            }
            if step == steps { break }
            action.withUnsafeMutableBytes { sampler.fill($0) }
            let batch = try action.withUnsafeBytes { try pool.step($0) }
            total += batch.rewards[0]
        }
        guard let last = pictures.last else { return }
        let bytes = out.hasSuffix(".gif") ? Animation.gif(pictures, hundredths: 4) : last.png
        // To a file beside it first, so that nothing half-written stays behind.
        try Data(bytes).write(to: URL(filePath: out), options: .atomic)
        Output.result("\(out): \(pictures.count) pictures of \(last.width)x\(last.height), total reward \(total)")
    }
}
