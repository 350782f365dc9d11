/// A surrogate objective whose derivatives at the sampling policy estimate those of the expected return.
///
/// With r_t = π(a_t|s_t) / stop(π(a_t|s_t)), γ the discount and A_t an advantage that the parameters don't reach, one
/// trajectory contributes
///
/// | case | surrogate | gradient | Hessian |
/// |---|---|---|---|
/// | ``policyGradient`` | Σ γᵗ A_t log π(a_t\|s_t) | unbiased | biased, whatever the number of samples |
/// | ``lowVarianceCurvature`` | Σ γᵗ A_t r_t | unbiased | small bias, low variance |
/// | ``loadedDice`` | Σ γᵗ A_t (Π_{≤t} r − Π_{<t} r) | unbiased | unbiased, medium variance |
/// | ``dice`` | Σ γᵗ R_t Π_{≤t} r, with rewards R_t | unbiased | unbiased, high variance |
/// | ``offPolicyDice`` | as ``dice`` with r_t = π(a_t\|s_t) / b(a_t\|s_t) for the policy b that drew the samples | unbiased | unbiased |
///
/// The first three have the same gradient on the same samples.
///
/// Source: policy gradient as in MAML (Finn et al. 2017, arXiv:1703.03400); low variance curvature, Rothfuss et al.
/// 2019, arXiv:1810.06784; DiCE, Foerster et al. 2018, arXiv:1802.05098; Loaded DiCE, Farquhar et al. 2019,
/// arXiv:1909.10549.
public enum SurrogateEstimator: String, Codable, Hashable, Sendable, CaseIterable {
    /// Plain policy gradient, as automatic differentiation of MAML's loss sees it.
    case policyGradient = "policy-gradient"
    /// Low variance curvature (LVC), as in ProMP.
    case lowVarianceCurvature = "lvc"
    /// DiCE: products of ratios times rewards, no baseline.
    case dice
    /// Loaded DiCE: differences of products of ratios times advantages.
    case loadedDice = "loaded-dice"
    /// DiCE on samples of another policy.
    case offPolicyDice = "off-policy-dice"

    /// Whether it weights log-probabilities by advantages; the others weight them by rewards.
    public var usesAdvantages: Bool {
        switch self {
        case .policyGradient, .lowVarianceCurvature, .loadedDice: true
        case .dice, .offPolicyDice: false
        }
    }
}
