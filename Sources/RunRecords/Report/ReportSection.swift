/// A part of a report: a heading and what stands below it.
public struct ReportSection: Sendable {
    /// The heading.
    public var title: String
    /// What stands below it, from top to bottom.
    public var blocks: [ReportBlock]

    /// Makes a section.
    ///
    /// - Parameters:
    ///   - title: the heading, any text.
    ///   - blocks: what stands below it.
    public init(_ title: String, _ blocks: [ReportBlock]) {
        self.title = title
        self.blocks = blocks
    }
}

/// One thing in a section.
///
/// All texts are escaped when the page is written.
public indirect enum ReportBlock: Sendable {
    /// Running text.
    case paragraph(String)
    /// A table.
    case table(ReportTable)
    /// A picture with the text below it; wide or tall pictures scroll.
    case picture(SVG, caption: String)
    /// A plot, as wide as reads well, with the text below it; the text's first line is its title.
    case curves(SVG, caption: String)
    /// Program text, kept as it is.
    case code(String)
    /// Blocks that open at a click on their summary.
    case folded(summary: String, [ReportBlock])
}

/// A table of texts.
public struct ReportTable: Sendable {
    /// How a cell looks.
    public enum Tone: String, Sendable {
        /// As text.
        case plain
        /// Green: passed, proved.
        case good
        /// Red: failed, rejected.
        case bad
        /// Grey: undecided, absent.
        case muted
    }

    /// A cell.
    public struct Cell: Sendable, ExpressibleByStringInterpolation {
        /// What it says.
        public var text: String
        /// How it looks.
        public var tone: Tone

        /// Makes a cell.
        ///
        /// - Parameters:
        ///   - text: what it says.
        ///   - tone: how it looks.
        public init(_ text: String, _ tone: Tone = .plain) {
            self.text = text
            self.tone = tone
        }

        /// Makes a plain cell.
        ///
        /// - Parameter value: what it says.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }

    /// The heads of the columns.
    public var header: [String]
    /// The rows; short ones are filled up with empty cells.
    public var rows: [[Cell]]

    /// Makes a table.
    ///
    /// - Parameters:
    ///   - header: the heads of the columns.
    ///   - rows: the rows.
    public init(header: [String], rows: [[Cell]] = []) {
        self.header = header
        self.rows = rows
    }
}
