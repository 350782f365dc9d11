/// A theorem to be proved, in the text of a proof assistant.
///
/// Two statements with the same header share a warm process.
public struct FormalStatement: Hashable, Sendable, Codable {
    /// Name that the text gives the theorem, such as `add_comm`.
    public var name: String
    /// Imports and definitions that come before the theorem, each a complete sentence; may be empty.
    public var header: String
    /// Exactly one sentence that states the theorem.
    ///
    /// For example `Theorem add_comm : forall a b : nat, a + b = b + a.`
    public var text: String

    /// A statement from its three texts; nothing is checked until an assistant opens it.
    public init(name: String, header: String = "", text: String) {
        self.name = name
        self.header = header
        self.text = text
    }
}
