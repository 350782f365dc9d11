/// Traps where decays of a rule are outside `[0, 1)` or its ε is negative.
func requireDecays(_ rule: StaticString, _ decays: Double..., epsilon: Double = 0) {
    for decay in decays {
        precondition((0..<1).contains(decay), "\(rule): a decay is \(decay), must be in [0, 1)")
    }
    precondition(epsilon >= 0, "\(rule): epsilon is \(epsilon), must not be negative")
}
