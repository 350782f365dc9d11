import Environments
import Foundation
import TestSupport
import Testing

@testable import EnvironmentsArcade

@Suite(.enabled(if: hasArcade, arcadeNotice)) struct AtariGameTests {
    private func pool(
        _ game: String, count: Int = 2, options: PoolOptions = PoolOptions(),
        _ change: (inout AtariGame.Options) -> Void = { _ in }
    ) throws -> EnvironmentPool {
        var task = AtariGame.Options(game: game)
        change(&task)
        return try EnvironmentPool(AtariGame.self, count: count, task: task, options: options)
    }

    @Test func keepsTheContract() throws {
        var small = AtariGame.Options(game: "breakout")
        small.imageHeight = 21
        small.imageWidth = 20
        small.noopMaximum = 3
        let broken = try checkEnvironment(EnvironmentTask(AtariGame.self, family: .atari, options: small), steps: 16)
        #expect(broken.isEmpty, "\(broken)")
    }

    /// Snapshots hold everything: another environment with another past goes on exactly as the first one does.
    @Test(arguments: ["pong", "qbert", "tetris", "pitfall2"])
    func snapshotsReplayThroughResets(game: String) throws {
        let options = PoolOptions(seed: 5, maximumEpisodeSteps: 30)
        let original = try pool(game, options: options) {
            $0.repeatActionProbability = 0.25
            $0.hasEpisodicLife = true
        }
        let other = try pool(game, options: PoolOptions(seed: 50, maximumEpisodeSteps: 30)) {
            $0.repeatActionProbability = 0.25
            $0.hasEpisodicLife = true
        }
        _ = try original.reset()
        _ = try other.reset()
        for step in 0..<20 {
            _ = try original.step([Int64(step % 3), Int64(2)])
            _ = try other.step([Int64(1), Int64(step % 4)])
        }
        let state = try original.snapshot(of: 0)
        try other.restore(1, to: state)
        let expected = try original.picture(of: 0)
        #expect(try other.picture(of: 1) == expected)
        for step in 0..<40 {
            let actions = [Int64(step % 5), Int64(step % 5)]
            let first = try original.step(actions)
            let second = try other.step(actions)
            let size = first.observationCount
            #expect(
                first.observationBytes[..<size].elementsEqual(second.observationBytes[size...]), "\(game), step \(step)"
            )
            #expect(
                first.column("ram", as: UInt8.self)[..<128].elementsEqual(second.column("ram", as: UInt8.self)[128...]),
                "\(game), step \(step)")
            #expect(first.rewards[0] == second.rewards[1])
            #expect(first.elapsedSteps[0] == second.elapsedSteps[1])
        }
    }

    @Test func badSnapshotsAreRefused() throws {
        let pong = try pool("pong")
        _ = try pong.reset()
        let kernel = try AtariGame(count: 1, options: AtariGame.Options(game: "pong"))
        #expect(throws: EnvironmentError.self) { try kernel.restore(0, from: []) }
        #expect(throws: EnvironmentError.self) { try kernel.restore(0, from: [UInt8](repeating: 1, count: 90_000)) }
        var colored = AtariGame.Options(game: "pong")
        colored.isGray = false
        let other = try AtariGame(count: 1, options: colored)
        #expect(throws: EnvironmentError.self) { try other.restore(0, from: kernel.snapshot(0)) }
    }

    @Test(arguments: ["breakout", "adventure"])
    func aSeedStartsEverythingAnew(game: String) throws {
        let pool = try pool(game, options: PoolOptions(seed: 3)) { $0.repeatActionProbability = 0.5 }
        func play(_ first: StepBatch) throws -> [UInt8] {
            var seen = Array(first.observationBytes)
            for step in 0..<30 {
                let batch = try pool.step([Int64(step % 4), Int64(3)])
                seen += batch.column("ram", as: UInt8.self)
                if step == 15 { seen += try pool.reset().column("ram", as: UInt8.self) }
            }
            return seen
        }
        let first = try play(pool.reset())
        let again = try play(pool.reset(seed: 3))
        let other = try play(pool.reset(seed: 8))
        #expect(first == again)
        #expect(first != other)
    }

    /// A life ends an episode, the next one goes on with the game; a reset by the caller starts a new game.
    @Test func livesAreEpisodes() throws {
        let pool = try pool("breakout", count: 1) { $0.hasEpisodicLife = true }
        var batch = try pool.reset()
        #expect(batch.column("lives", as: Int32.self)[0] == 5)
        var steps = 0
        while batch.terminated[0] == 0 {
            batch = try pool.step([Int64(steps % 10 == 0 ? 1 : 3)])
            steps += 1
            try #require(steps < 400)
        }
        #expect(batch.column("lives", as: Int32.self)[0] == 4)
        #expect(batch.column("terminated", as: Int32.self)[0] == 0)
        #expect(batch.column("discount", as: Float.self)[0] == 0)
        let played = batch.elapsedSteps[0]
        batch = try pool.step([Int64(0)])
        #expect(batch.column("lives", as: Int32.self)[0] == 4)
        #expect(batch.elapsedSteps[0] == played)
        batch = try pool.reset()
        #expect(batch.column("lives", as: Int32.self)[0] == 5)
        #expect(batch.elapsedSteps[0] == 0)
    }

    @Test func lostLivesAreDiscounted() throws {
        let pool = try pool("breakout", count: 1) { $0.zeroesDiscountOnLifeLoss = true }
        var batch = try pool.reset()
        var lost = 0
        for step in 0..<150 {
            let before = batch.column("lives", as: Int32.self)[0]
            batch = try pool.step([Int64(step % 10 == 0 ? 1 : 3)])
            let isLost = batch.column("lives", as: Int32.self)[0] < before
            #expect((batch.column("discount", as: Float.self)[0] == 0) == (isLost || batch.terminated[0] == 1))
            if isLost { lost += 1 }
        }
        #expect(lost > 0)
    }

    @Test func picturesShowTheScreen() throws {
        let pong = try pool("pong", count: 1)
        _ = try pong.reset()
        let picture = try #require(try pong.picture(of: 0))
        #expect(picture.width == 160 && picture.height == 210)
        // The field's brown, in the middle above the wall's end.
        #expect(Array(picture.pixels[(3 * (100 * 160 + 60))...].prefix(3)) == [144, 72, 17])
        // Games for other televisions have more rows.
        let adventure = try pool("adventure", count: 1)
        _ = try adventure.reset()
        #expect(try adventure.picture(of: 0)?.height == 250)
    }

    @Test func theTableOfActionsIsTheEmulators() throws {
        let library = try ArcadeLibrary.open()
        #expect(library.version.hasPrefix("0.12.1"))
        for name in ["pong", "skiing", "lost_luggage", "ms_pacman", "surround"] {
            let cartridge = try #require(AtariCartridge.named(name))
            let machine = try ArcadeMachine(
                library, path: library.path(of: cartridge), mode: -1, difficulty: -1, seed: 0)
            #expect(machine.actions(minimal: true) == cartridge.minimalActions, "\(name)")
            #expect(machine.actions(minimal: false) == cartridge.allActions, "\(name)")
        }
    }

    @Test func badOptionsAreRefused() throws {
        let changes: [(String, (inout AtariGame.Options) -> Void)] = [
            ("game", { $0.game = "chess_on_mars" }), ("stackCount", { $0.stackCount = 0 }),
            ("frameSkip", { $0.frameSkip = 0 }), ("noopMaximum", { $0.noopMaximum = 0 }),
            ("imageHeight", { $0.imageHeight = 211 }), ("imageWidth", { $0.imageWidth = 0 }),
            ("repeatActionProbability", { $0.repeatActionProbability = .nan }), ("mode", { $0.mode = 77 }),
            ("difficulty", { $0.difficulty = -3 }), ("maximumEpisodeSteps", { $0.maximumEpisodeSteps = 0 }),
        ]
        for (name, change) in changes {
            do {
                _ = try pool("pong", count: 1, change)
                Issue.record("\(name) is taken")
            } catch let error as EnvironmentError {
                guard case .badOption(let given, _) = error else { throw error }
                #expect(given == name)
            }
        }
    }
}

/// What happens without emulator or games.
@Suite struct MissingArcadeTests {
    @Test func anEmptyFolderIsNamed() throws {
        var options = AtariGame.Options(game: "pong")
        options.folder = "/nowhere/at/all"
        #expect(!ArcadeLibrary.isPresent(options.folder))
        do {
            _ = try EnvironmentPool(AtariGame.self, count: 1, task: options)
            Issue.record("a pool without an emulator")
        } catch {
            guard case .missingFile(let path, let advice) = error else { throw error }
            #expect(path == "/nowhere/at/all/arcade.so")
            #expect(advice.contains("Scripts/bootstrap"))
        }
    }

    @Test(.enabled(if: hasArcade, arcadeNotice)) func missingAndUnknownGamesAreNamed() throws {
        let present = try #require(ArcadeLibrary.folder())
        let folder = FileManager.default.temporaryDirectory.appending(path: "arcade-\(UUID().uuidString)")
        let games = folder.appending(path: "roms")
        try FileManager.default.createDirectory(at: games, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["arcade.so", "python-stub.so"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: name).path, withDestinationPath: "\(present)/\(name)")
        }
        try Data(repeating: 7, count: 4096).write(to: games.appending(path: "breakout.bin"))
        for (game, expected) in [("pong", "Scripts/bootstrap"), ("breakout", "doesn't know the game")] {
            var options = AtariGame.Options(game: game)
            options.folder = folder.path
            do {
                _ = try EnvironmentPool(AtariGame.self, count: 1, task: options)
                Issue.record("a pool of \(game) without its file")
            } catch {
                guard case .missingFile(let path, let advice) = error else { throw error }
                #expect(path == "\(folder.path)/roms/\(game).bin")
                #expect(advice.contains(expected))
            }
        }
    }

    @Test func aBrokenModuleIsNamed() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "arcade-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["arcade.so", "python-stub.so"] {
            try Data("no library".utf8).write(to: folder.appending(path: name))
        }
        #expect(throws: EnvironmentError.self) { try ArcadeLibrary.open(folder.path) }
    }

    @Test func namesBecomeIds() throws {
        #expect(AtariCartridge.named("ms_pacman")?.id == "MsPacman-v5")
        #expect(AtariCartridge.named("tic_tac_toe_3d")?.id == "TicTacToe3d-v5")
        #expect(AtariCartridge.known.count == 104)
        #expect(Set(AtariCartridge.known.map(\.id)).count == 104)
        #expect(AtariGame.specification(AtariGame.Options(game: "pong")).action == .discrete(6))
    }

    @Test func cataloguesAreAdded() throws {
        let both = EnvironmentCatalogue.builtIn + EnvironmentCatalogue.arcade
        #expect(both.tasks.count == EnvironmentCatalogue.builtIn.tasks.count + EnvironmentCatalogue.arcade.tasks.count)
        if hasArcade { #expect(try both.task("Pong-v5").family == .atari) }
    }
}
