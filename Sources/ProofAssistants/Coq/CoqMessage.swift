/// A request to `coqidetop`, as the XML protocol of Coq 8.16 spells it.
///
/// Source: Coq's `dev/doc/xml-protocol.md` and what the program answers.
enum CoqRequest {
    /// Opens the document.
    case start
    /// Asks for the version.
    case about
    /// Adds one sentence behind a state; it is parsed at once and run when a goal is asked for.
    case add(sentence: String, behind: Int)
    /// Makes a state the last one.
    case editAt(Int)
    /// Runs what is to be run and asks for the goals.
    case goal
    /// Runs what is to be run and asks whether a proof is open; cheaper than printing the goals.
    case status
    /// Ends the process.
    case quit

    /// The request in the protocol's XML.
    var text: String {
        switch self {
        case .start: #"<call val="Init"><option val="none"/></call>"#
        case .about: #"<call val="About"><unit/></call>"#
        case .add(let sentence, let state):
            #"<call val="Add"><pair><pair><pair><pair><string>"# + Self.escape(sentence)
                + #"</string><int>-1</int></pair><pair><state_id val=""# + String(state)
                + #""/><bool val="false"/></pair></pair><int>0</int></pair>"#
                + "<pair><int>0</int><int>0</int></pair></pair></call>"
        case .editAt(let state): #"<call val="Edit_at"><state_id val=""# + String(state) + #""/></call>"#
        case .goal: #"<call val="Goal"><unit/></call>"#
        case .status: #"<call val="Status"><bool val="false"/></call>"#
        case .quit: #"<call val="Quit"><unit/></call>"#
        }
    }

    private static func escape(_ text: String) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): output.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): output.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): output.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "\""): output.append(contentsOf: "&quot;".utf8)
            default: output.append(byte)
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// An answer of `coqidetop`.
enum CoqReply {
    /// It worked; the tokens inside the `value` element.
    case good(ArraySlice<XMLToken>)
    /// It failed.
    case fail(CoqFailure)

    /// Reads a top-level element; nil for one that is no answer (`feedback`).
    init?(_ element: [XMLToken]) throws(CoqProtocolError) {
        guard case .open(let name, let attributes)? = element.first else { throw CoqProtocolError(expected: "a tag") }
        if name == "feedback" { return nil }
        guard name == "value" else { throw CoqProtocolError(expected: "feedback or value") }
        let inside = element.dropFirst().dropLast()
        switch attributes["val"] {
        case "good": self = .good(inside)
        case "fail": self = .fail(try CoqFailure(attributes: attributes, inside: inside))
        default: throw CoqProtocolError(expected: "a value that is good or fail")
        }
    }
}

/// Why `coqidetop` refused a request.
struct CoqFailure: Error, Hashable {
    /// UTF-8 offsets in the sentence that failed, where known.
    var range: Range<Int>?
    /// Coq's words.
    var message: String

    init(attributes: [String: String], inside: ArraySlice<XMLToken>) throws(CoqProtocolError) {
        if let first = attributes["loc_s"].flatMap({ Int($0) }), let last = attributes["loc_e"].flatMap({ Int($0) }),
            first >= 0, last >= first
        {
            range = first..<last
        }
        var cursor = XMLCursor(inside)
        try cursor.skipElement("state_id")
        let text = try cursor.text(of: "richpp")
        message = text.drop { $0.isWhitespace }.description
    }

    /// Whether SIGINT is the reason.
    var isInterrupt: Bool { message.hasPrefix("User interrupt") || message.hasPrefix("Interrupted") }
    /// Whether Coq ran out of memory.
    var isOutOfMemory: Bool { message.hasPrefix("Out of memory") }
}

/// The process sent something that isn't its protocol.
struct CoqProtocolError: Error, Hashable {
    /// What should have been there.
    var expected: String
}

/// Walks over the tokens of an answer.
struct XMLCursor {
    private var rest: ArraySlice<XMLToken>

    init(_ tokens: ArraySlice<XMLToken>) { rest = tokens }

    /// Whether the element in work ends here, or the tokens do.
    var isAtEnd: Bool { rest.first == nil || rest.first == .close }

    /// Enters an element; its attributes.
    @discardableResult
    mutating func open(_ expected: String) throws(CoqProtocolError) -> [String: String] {
        guard case .open(let name, let attributes)? = rest.first, name == expected else {
            throw CoqProtocolError(expected: expected)
        }
        rest = rest.dropFirst()
        return attributes
    }

    /// Leaves an element.
    mutating func close() throws(CoqProtocolError) {
        guard rest.first == .close else { throw CoqProtocolError(expected: "an end tag") }
        rest = rest.dropFirst()
    }

    /// Passes over an element with all that is in it.
    mutating func skipElement(_ name: String) throws(CoqProtocolError) {
        _ = try text(of: name)
    }

    /// All text inside an element, tags left out.
    mutating func text(of name: String) throws(CoqProtocolError) -> String {
        try open(name)
        var depth = 1
        var text = ""
        while depth > 0 {
            guard let token = rest.popFirst() else { throw CoqProtocolError(expected: "the end of " + name) }
            switch token {
            case .open: depth += 1
            case .close: depth -= 1
            case .text(let piece): text += piece
            }
        }
        return text
    }

    /// The elements of a `list`, each read by a closure.
    mutating func list<Element>(
        _ read: (inout XMLCursor) throws(CoqProtocolError) -> Element
    ) throws(CoqProtocolError) -> [Element] {
        try open("list")
        var elements: [Element] = []
        while !isAtEnd { elements.append(try read(&self)) }
        try close()
        return elements
    }
}
