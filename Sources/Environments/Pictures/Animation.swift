/// Pictures one after another.
public enum Animation {
    /// A GIF file that repeats for ever.
    ///
    /// Each picture keeps its colors if there are at most 256, otherwise the nearest of 6x7x6 are taken. Format: GIF89a
    /// with the variable-length codes of Lempel, Ziv and Welch.
    ///
    /// - Parameters:
    ///   - pictures: pictures of one size, at most 65,535 pixels each way; at least one.
    ///   - hundredths: time that each is shown, in 1/100 s.
    /// - Returns: the file's bytes.
    /// - Precondition: sizes agree; violations trap.
    public static func gif(_ pictures: [Picture], hundredths: Int) -> [UInt8] {
        precondition(!pictures.isEmpty, "Animation.gif: there is no picture")
        let width = pictures[0].width
        let height = pictures[0].height
        precondition(
            width <= 65535 && height <= 65535, "Animation.gif: \(width)x\(height) pixels; both may be 65,535 at most")
        var file = Array("GIF89a".utf8) + littleEndian(width) + littleEndian(height) + [0x70, 0, 0]
        file += [0x21, 0xff, 11] + Array("NETSCAPE2.0".utf8) + [3, 1, 0, 0, 0]
        for picture in pictures {
            precondition(
                picture.width == width && picture.height == height,
                "Animation.gif: \(picture.width)x\(picture.height) pixels after \(width)x\(height)")
            let (palette, indices) = indexed(picture)
            file += [0x21, 0xf9, 4, 0] + littleEndian(hundredths) + [0, 0]
            file += [0x2c, 0, 0, 0, 0] + littleEndian(width) + littleEndian(height) + [0x87] + palette
            file.append(8)
            let codes = compressed(indices)
            for start in stride(from: 0, to: codes.count, by: 255) {
                let part = codes[start..<min(start + 255, codes.count)]
                file.append(UInt8(part.count))
                file += part
            }
            file.append(0)
        }
        return file + [0x3b]
    }

    private static func littleEndian(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }

    /// 256 colors and for each pixel the index of its color.
    private static func indexed(_ picture: Picture) -> (palette: [UInt8], indices: [UInt8]) {
        var known: [UInt32: UInt8] = [:]
        var palette: [UInt8] = []
        var indices: [UInt8] = []
        indices.reserveCapacity(picture.width * picture.height)
        for start in stride(from: 0, to: picture.pixels.count, by: 3) {
            let color = picture.pixels[start..<(start + 3)]
            let key = color.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            if let index = known[key] {
                indices.append(index)
            } else if known.count < 256 {
                let index = UInt8(known.count)
                known[key] = index
                palette += color
                indices.append(index)
            } else {
                return coarse(picture)
            }
        }
        return (palette + [UInt8](repeating: 0, count: 768 - palette.count), indices)
    }

    private static func coarse(_ picture: Picture) -> (palette: [UInt8], indices: [UInt8]) {
        var palette: [UInt8] = []
        for red in 0..<6 {
            for green in 0..<7 {
                for blue in 0..<6 { palette += [UInt8(red * 51), UInt8(green * 255 / 6), UInt8(blue * 51)] }
            }
        }
        let indices = stride(from: 0, to: picture.pixels.count, by: 3).map { start in
            let red = (Int(picture.pixels[start]) + 25) / 51
            let green = (Int(picture.pixels[start + 1]) * 6 + 127) / 255
            let blue = (Int(picture.pixels[start + 2]) + 25) / 51
            return UInt8((red * 7 + green) * 6 + blue)
        }
        return (palette + [UInt8](repeating: 0, count: 768 - palette.count), indices)
    }

    private static func compressed(_ indices: [UInt8]) -> [UInt8] {
        var writer = BitWriter()
        // children[code * 256 + byte]: the code of the string with that byte behind it.
        var children = [UInt16](repeating: 0, count: 4096 * 256)
        var next = 258
        var width = 9
        writer.write(256, count: width)
        var current = -1
        for byte in indices {
            guard current >= 0 else {
                current = Int(byte)
                continue
            }
            let place = current * 256 + Int(byte)
            if children[place] != 0 {
                current = Int(children[place])
                continue
            }
            writer.write(current, count: width)
            if next < 4096 {
                children[place] = UInt16(next)
                if next == 1 << width { width += 1 }
                next += 1
            } else {
                writer.write(256, count: width)
                for index in children.indices { children[index] = 0 }
                next = 258
                width = 9
            }
            current = Int(byte)
        }
        if current >= 0 { writer.write(current, count: width) }
        writer.write(257, count: width)
        return writer.finished()
    }
}
