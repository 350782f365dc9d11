/// Makes small pictures of screens: colour numbers to brightness, the brighter of two frames, areas averaged.
///
/// One pass over the rows. A row that is like the row above in both frames isn't computed again, and neither is a row
/// of the small picture that comes from such rows only. Sums are formed in float32 in the order of OpenCV's
/// `INTER_AREA`, so that the pictures are the same to the last bit.
final class ScreenReducer: Sendable {
    /// Rows and pixels of the screens that are read.
    static let sourceHeight = 210
    static let sourceWidth = 160

    /// Rows of the small picture.
    let height: Int
    /// Pixels in a row of it.
    let width: Int
    private let rows: AreaTaps
    private let columns: AreaTaps
    private let quarters: QuarterTaps?
    /// For each new row the last one before it with the same weights, or -1.
    private let twins: [Int]
    /// Rows of old pixels that are kept at a time.
    private let slots: Int
    /// Whether both sides shrink by whole numbers, where OpenCV adds whole numbers.
    private let isWhole: Bool

    /// For small pictures of a size.
    ///
    /// - Parameters:
    ///   - height: from 1 to 210.
    ///   - width: from 1 to 160.
    init(height: Int, width: Int) {
        self.height = height
        self.width = width
        let rows = AreaTaps(from: Self.sourceHeight, to: height)
        columns = AreaTaps(from: Self.sourceWidth, to: width)
        quarters = QuarterTaps(columns)
        self.rows = rows
        isWhole = rows.wholeScale != nil && columns.wholeScale != nil
        slots = (rows.taps.map(\.count).max() ?? 0) + 1
        twins = rows.taps.indices.map { row in
            let weights = rows.taps[row].map(\.weight)
            return (0..<row).last { rows.taps[$0].map(\.weight) == weights } ?? -1
        }
    }

    /// Bytes that a call works in; whole cache lines.
    var scratchSize: Int {
        guard let quarters else { return 64 }
        let vectors = quarters.count * slots + quarters.sourceCount + quarters.reach
        let numbers = Self.sourceHeight + height
        let size = vectors * MemoryLayout<SIMD4<Float>>.stride + numbers * MemoryLayout<Int>.stride
        return (size + 63) & ~63
    }

    /// Writes the small picture.
    ///
    /// - Parameters:
    ///   - first: 210 × 160 colour numbers.
    ///   - second: those of the other frame; nil for only one.
    ///   - levels: 256 brightnesses from 0 to 255.
    ///   - target: `height × width` numbers.
    ///   - scratch: ``scratchSize`` bytes at a cache line, for this call's use.
    func reduce(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>?, levels: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<UInt8>, scratch: UnsafeMutableRawPointer
    ) {
        if isWhole { return reduceWhole(first, second ?? first, levels, target) }
        guard let quarters else { return reduceOneByOne(first, second ?? first, levels, target) }
        reduceQuarters(first, second ?? first, levels, target, quarters, scratch)
    }
}

// MARK: - Four quarters at a time

extension ScreenReducer {
    /// What is known of the rows of old pixels seen so far.
    private struct RowBook {
        /// The rows that were really computed so far.
        var computed = 0
        /// The last row of old pixels that was looked at.
        var row = -1
    }

    private func reduceQuarters(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ levels: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<UInt8>, _ quarters: QuarterTaps, _ scratch: UnsafeMutableRawPointer
    ) {
        let lines = quarters.count * slots
        let pixels = quarters.sourceCount + quarters.reach
        let line = scratch.assumingMemoryBound(to: SIMD4<Float>.self)
        let pixel = line + lines
        for index in 0..<quarters.reach { pixel[quarters.sourceCount + index] = SIMD4() }
        let versions = UnsafeMutableRawPointer(pixel + pixels).assumingMemoryBound(to: Int.self)
        reduceQuarters(
            first, second, levels, target, quarters, lines: line, pixels: pixel, versions: versions,
            plain: versions + Self.sourceHeight)
    }

    // `lines` holds `[slots, count]` sums along the last rows that were computed, and `pixels` the brightnesses of one
    // row. `versions` has for each row of old pixels which computed row it is like, and `plain` for each new row the
    // one computed row that it comes from, or -1.
    private func reduceQuarters(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ levels: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<UInt8>, _ quarters: QuarterTaps, lines: UnsafeMutablePointer<SIMD4<Float>>,
        pixels: UnsafeMutablePointer<SIMD4<Float>>, versions: UnsafeMutablePointer<Int>,
        plain: UnsafeMutablePointer<Int>
    ) {
        var book = RowBook()
        let count = quarters.count
        rows.taps.withUnsafeBufferPointer { taps in
            for row in 0..<height {
                let parts = taps[row]
                for part in parts where part.source > book.row {
                    let source = part.source
                    let offset = source * Self.sourceWidth
                    book.row = source
                    let isLikeAbove =
                        source > 0
                        && Self.areEqual(first + offset, first + (offset - Self.sourceWidth))
                        && (first == second || Self.areEqual(second + offset, second + (offset - Self.sourceWidth)))
                    if !isLikeAbove {
                        let line = lines + book.computed % slots * count
                        Self.brighten(first + offset, second + offset, levels, pixels, quarters.sourceCount)
                        Self.gather(pixels, line, quarters)
                        book.computed += 1
                    }
                    versions[source] = book.computed - 1
                }
                let version = versions[parts[0].source]
                let isPlain = parts.allSatisfy { versions[$0.source] == version }
                plain[row] = isPlain ? version : -1
                let out = target + row * width
                let twin = twins[row]
                if isPlain, twin >= 0, plain[twin] == version {
                    out.update(from: target + twin * width, count: width)
                } else {
                    add(parts, versions, lines, count, out)
                }
            }
        }
    }

    /// Whether two rows of 160 bytes are the same.
    @inline(__always)
    private static func areEqual(_ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>) -> Bool {
        let first = UnsafeRawPointer(first)
        let second = UnsafeRawPointer(second)
        var difference = SIMD4<UInt64>()
        for block in 0..<(sourceWidth / 32) {
            difference |=
                first.loadUnaligned(fromByteOffset: 32 * block, as: SIMD4<UInt64>.self)
                ^ second.loadUnaligned(fromByteOffset: 32 * block, as: SIMD4<UInt64>.self)
        }
        return difference[0] | difference[1] | difference[2] | difference[3] == 0
    }

    /// The brightnesses of a row: of the brighter frame at each pixel.
    @inline(__always)
    private static func brighten(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ levels: UnsafePointer<Float>,
        _ pixels: UnsafeMutablePointer<SIMD4<Float>>, _ quarter: Int
    ) {
        @inline(__always)
        func lanes(_ row: UnsafePointer<UInt8>, _ index: Int) -> SIMD4<Float> {
            SIMD4(
                levels[Int(row[index])], levels[Int(row[index &+ quarter])], levels[Int(row[index &+ 2 &* quarter])],
                levels[Int(row[index &+ 3 &* quarter])])
        }
        if first == second || areEqual(first, second) {
            for index in 0..<quarter { pixels[index] = lanes(first, index) }
        } else {
            for index in 0..<quarter {
                let old = lanes(first, index)
                let new = lanes(second, index)
                pixels[index] = old.replacing(with: new, where: new .> old)
            }
        }
    }

    /// The weighted sums along a row.
    @inline(__always)
    private static func gather(
        _ pixels: UnsafeMutablePointer<SIMD4<Float>>, _ line: UnsafeMutablePointer<SIMD4<Float>>,
        _ quarters: QuarterTaps
    ) {
        quarters.starts.withUnsafeBufferPointer { starts in
            quarters.weights.withUnsafeBufferPointer { weights in
                for index in 0..<quarters.count {
                    let source = pixels + starts[index]
                    let weight = index &* quarters.reach
                    var sum = source[0] * weights[weight]
                    for tap in 1..<quarters.reach { sum += source[tap] * weights[weight &+ tap] }
                    line[index] = sum
                }
            }
        }
    }

    /// The weighted sum of rows, rounded to bytes.
    @inline(__always)
    private func add(
        _ parts: [AreaTaps.Tap], _ versions: UnsafeMutablePointer<Int>, _ lines: UnsafeMutablePointer<SIMD4<Float>>,
        _ count: Int, _ out: UnsafeMutablePointer<UInt8>
    ) {
        @inline(__always)
        func rounded(_ index: Int) -> SIMD4<UInt32> {
            var sum = lines[versions[parts[0].source] % slots * count + index] * parts[0].weight
            for part in parts.dropFirst() { sum += lines[versions[part.source] % slots * count + index] * part.weight }
            return Self.rounded(sum)
        }
        var index = 0
        while index + 4 <= count {
            let bytes =
                rounded(index) | rounded(index + 1) &<< 8 | rounded(index + 2) &<< 16 | rounded(index + 3) &<< 24
            for lane in 0..<4 {
                UnsafeMutableRawPointer(out + lane * count + index).storeBytes(of: bytes[lane], as: UInt32.self)
            }
            index += 4
        }
        while index < count {
            let bytes = rounded(index)
            for lane in 0..<4 { out[lane * count + index] = UInt8(truncatingIfNeeded: bytes[lane]) }
            index += 1
        }
    }

    /// Numbers from 0 to 255.5 rounded to whole ones, halves to the even one.
    @inline(__always)
    private static func rounded(_ numbers: SIMD4<Float>) -> SIMD4<UInt32> {
        // Added to 1.5 · 2²³ the number's last bit is worth 1.
        unsafeBitCast(numbers + SIMD4(repeating: 0x1.8p23), to: SIMD4<UInt32>.self) & SIMD4(repeating: 255)
    }
}

// MARK: - Any size

extension ScreenReducer {
    private func reduceOneByOne(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ levels: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<UInt8>
    ) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { sums in
            for row in 0..<height {
                for (place, part) in rows.taps[row].enumerated() {
                    let offset = part.source * Self.sourceWidth
                    for column in 0..<width {
                        var sum: Float = 0
                        for tap in columns.taps[column] {
                            let pixel = offset + tap.source
                            sum += max(levels[Int(first[pixel])], levels[Int(second[pixel])]) * tap.weight
                        }
                        let product = sum * part.weight
                        sums[column] = place == 0 ? product : sums[column] + product
                    }
                }
                for column in 0..<width {
                    target[row * width + column] = UInt8(sums[column].rounded(.toNearestOrEven))
                }
            }
        }
    }

    /// Whole blocks: OpenCV adds their pixels as integers, and has a rule of its own for blocks of 2 × 2.
    private func reduceWhole(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ levels: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<UInt8>
    ) {
        let down = Self.sourceHeight / height
        let across = Self.sourceWidth / width
        let part = 1 / Float(down * across)
        for row in 0..<height {
            for column in 0..<width {
                var sum = 0
                for y in (row * down)..<((row + 1) * down) {
                    for x in (column * across)..<((column + 1) * across) {
                        let pixel = y * Self.sourceWidth + x
                        sum += Int(max(levels[Int(first[pixel])], levels[Int(second[pixel])]))
                    }
                }
                let isHalf = down == 2 && across == 2
                target[row * width + column] =
                    isHalf ? UInt8((sum + 2) / 4) : UInt8((Float(sum) * part).rounded(.toNearestOrEven))
            }
        }
    }
}
