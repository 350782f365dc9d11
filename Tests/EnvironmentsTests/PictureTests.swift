import Environments
import Foundation
import Testing

@Suite struct PictureTests {
    /// Noise, runs, and both in one picture.
    static let pictures: [Picture] = {
        var noise = Picture(width: 61, height: 37)
        var sampler = ActionSampler(.box(low: [0], high: [255], shape: [61 * 37 * 3], element: .uint8), seed: 1)
        noise.pixels.withUnsafeMutableBytes { sampler.fill($0) }
        var mixed = Picture(width: 120, height: 80, color: (10, 200, 30))
        for index in 0..<3000 { mixed.pixels[9_000 + index] = noise.pixels[index] }
        return [Picture(width: 1, height: 1), Picture(width: 120, height: 80, color: (0, 0, 0)), noise, mixed]
    }()

    @Test(arguments: pictures)
    func aPNGHoldsThePicture(picture: Picture) throws {
        let file = picture.png
        #expect(Array(file[..<8]) == [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
        var place = 8
        var bodies: [String: [UInt8]] = [:]
        while place < file.count {
            let size = file[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
            bodies[String(decoding: file[(place + 4)..<(place + 8)], as: UTF8.self)] =
                Array(file[(place + 8)..<(place + 8 + size)])
            place += size + 12
        }
        let header = try #require(bodies["IHDR"])
        #expect(header[3] == UInt8(picture.width & 255) && header[7] == UInt8(picture.height & 255))
        let rows = try inflated(#require(bodies["IDAT"]))
        try #require(rows.count == picture.height * (3 * picture.width + 1))
        var pixels: [UInt8] = []
        for row in 0..<picture.height {
            let start = row * (3 * picture.width + 1)
            #expect(rows[start] == 2)
            for index in 0..<(3 * picture.width) {
                let above = row == 0 ? 0 : pixels[(row - 1) * 3 * picture.width + index]
                pixels.append(rows[start + 1 + index] &+ above)
            }
        }
        #expect(pixels == picture.pixels)
    }

    /// Undoes a zlib stream of one block with the fixed codes and distance 1, as RFC 1951 describes it.
    private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        var bit = 16
        func read(_ count: Int) -> Int {
            defer { bit += count }
            return (0..<count).reduce(0) { $0 | Int(bytes[(bit + $1) / 8] >> UInt8((bit + $1) % 8) & 1) << $1 }
        }
        func code() -> Int {
            var word = 0
            for length in 1...9 {
                word = word << 1 | read(1)
                switch (length, word) {
                case (7, 0...0x17): return 256 + word
                case (8, 0x30...0xbf): return word - 0x30
                case (8, 0xc0...0xc7): return 280 + word - 0xc0
                case (9, 0x190...0x1ff): return 144 + word - 0x190
                default: continue
                }
            }
            return -1
        }
        let bases =
            [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163]
            + [195, 227, 258]
        let extras = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
        try #require(read(3) == 3)
        var result: [UInt8] = []
        while true {
            let symbol = code()
            try #require(symbol >= 0)
            if symbol == 256 { break }
            if symbol < 256 {
                result.append(UInt8(symbol))
            } else {
                let length = bases[symbol - 257] + read(extras[symbol - 257])
                try #require(read(5) == 0)
                result += [UInt8](repeating: try #require(result.last), count: length)
            }
        }
        let sums = result.reduce((1, 0)) { (($0.0 + Int($1)) % 65521, ($0.1 + $0.0 + Int($1)) % 65521) }
        #expect(bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) } == sums.1 << 16 | sums.0)
        return result
    }

    @Test(arguments: pictures)
    func aGIFHoldsThePicture(picture: Picture) throws {
        let file = Animation.gif([picture, picture], hundredths: 4)
        #expect(String(decoding: file[..<6], as: UTF8.self) == "GIF89a")
        // Header 13, repetition 19, control 8, descriptor 10, palette 768, code size 1.
        var place = 13 + 19 + 8 + 10
        let palette = Array(file[place..<(place + 768)])
        place += 769
        var codes: [UInt8] = []
        while file[place] != 0 {
            codes += file[(place + 1)...(place + Int(file[place]))]
            place += Int(file[place]) + 1
        }
        let indices = try unpacked(codes)
        try #require(indices.count == picture.width * picture.height)
        let colors = Set(stride(from: 0, to: picture.pixels.count, by: 3).map { Array(picture.pixels[$0..<($0 + 3)]) })
        var worst = 0
        for (pixel, index) in indices.enumerated() {
            for channel in 0..<3 {
                let shown = Int(palette[3 * Int(index) + channel])
                worst = max(worst, abs(shown - Int(picture.pixels[3 * pixel + channel])))
            }
        }
        #expect(worst <= (colors.count <= 256 ? 0 : 26))
    }

    /// Undoes the codes as the format's description says, one entry behind the writer.
    private func unpacked(_ bytes: [UInt8]) throws -> [UInt8] {
        var bit = 0
        var width = 9
        var table: [[UInt8]] = []
        var previous: [UInt8] = []
        var result: [UInt8] = []
        while true {
            let code = (0..<width).reduce(0) { $0 | Int(bytes[(bit + $1) / 8] >> UInt8((bit + $1) % 8) & 1) << $1 }
            bit += width
            if code == 257 { return result }
            if code == 256 {
                table = (0..<258).map { $0 < 256 ? [UInt8($0)] : [] }
                width = 9
                previous = []
                continue
            }
            try #require(code <= table.count)
            let entry = code < table.count ? table[code] : previous + previous.prefix(1)
            result += entry
            if !previous.isEmpty, table.count < 4096 { table.append(previous + entry.prefix(1)) }
            if table.count == 1 << width, width < 12 { width += 1 }
            previous = entry
        }
    }

    @Test(arguments: ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Pendulum-v1", "Acrobot-v1"])
    func classicTasksHavePictures(id: String) throws {
        let pool = try EnvironmentCatalogue.builtIn.task(id).pool(count: 2)
        _ = try pool.reset()
        let first = try #require(try pool.picture(of: 0))
        #expect(first.pixels.count == first.width * first.height * 3)
        #expect(Set(first.pixels).count > 5)
        #expect(try pool.picture(of: 0) == first)
        #expect(try pool.picture(of: 1) != first)
        #expect(throws: EnvironmentError.self) { _ = try pool.picture(of: 2) }
    }

    @Test func statesFarOutsideAreDrawn() throws {
        let pool = try EnvironmentCatalogue.builtIn.task("CartPole-v1").pool(count: 1)
        _ = try pool.reset()
        for x in [1e300, -1e300, .nan, .infinity] {
            try pool.setState([x, 0, x, 0], of: 0)
            #expect(try pool.picture(of: 0) != nil)
        }
    }
}
