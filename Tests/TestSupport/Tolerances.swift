/// Tolerances with the reason for each.
///
/// Do not widen one before the cause of a failure is understood.
public enum Tolerance {
    /// Analytic gradients against central differences in float64 with step 1e-5: both errors of the differences are
    /// near 1e-11 at values of size 1; the margin is for third derivatives up to 1e4.
    public static let gradient = 1e-6
    /// Two float64 computations of one formula in a different order: 2⁻⁵² times some thousand operations.
    public static let float64 = 1e-12
    /// The same in float32: 2⁻²³ = 1.2e-7 times the square root of some hundred operations, and a margin of 5.
    public static let float32 = 1e-5
    /// The same in bfloat16: 2⁻⁸ = 3.9e-3 for each rounding, of which there are a few.
    public static let bfloat16 = 2e-2
}
