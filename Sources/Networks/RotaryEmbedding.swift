import Foundation
public import Tensors

/// Rotary position embedding in the half-split order of Llama.
///
/// Element i < D/2 of a head forms a plane with element i + D/2; the plane turns by position · θ^(−2i/D).
/// The inner product of two turned vectors depends on the difference of their positions alone.
/// Source: Su et al. 2021, arXiv:2104.09864, eq. 15; half-split order as in Llama's Hugging Face weights, where the
/// paper pairs neighbours 2i and 2i + 1.
public struct RotaryEmbedding: Sendable, Codable, Equatable {
    /// Width D of a head: even, ≥ 2.
    public let headDimension: Int

    /// Base θ > 0 of the frequencies.
    public let theta: Double

    /// Creates the embedding.
    ///
    /// - Parameters:
    ///   - headDimension: width D of a head: even, ≥ 2.
    ///   - theta: base θ > 0 of the frequencies.
    /// - Precondition: numbers are in range; violations trap.
    public init(headDimension: Int, theta: Double = 10000) {
        precondition(
            headDimension >= 2 && headDimension.isMultiple(of: 2) && theta > 0,
            "RotaryEmbedding: head dimension \(headDimension) must be even and theta \(theta) positive")
        self.headDimension = headDimension
        self.theta = theta
    }

    /// The angles' cosines and sines at some positions, to compute once for all layers.
    ///
    /// - Parameters:
    ///   - positions: `[T]`, the same for all rows, or `[B, T]`; whole numbers ≥ 0.
    ///   - dtype: type of the heads; the angles themselves are computed in double precision.
    /// - Returns: cosines and sines for heads of `B` (or any number of) rows and `T` positions.
    /// - Precondition: one or two dimensions; violations trap.
    public func angles(positions: Tensor, dtype: DType = .float32) -> RotaryAngles {
        precondition(
            positions.rank == 1 || positions.rank == 2,
            "RotaryEmbedding: positions have shape \(positions.shape), must be [T] or [B, T]")
        let half = headDimension / 2
        let index = Tensor.arange(0, half, dtype: .float64, device: positions.device)
        let frequencies = (index * (-2 * log(theta) / Double(headDimension))).exp()
        let angles = positions.to(.float64).unsqueezed(-1) * frequencies
        let shaped = positions.rank == 2 ? angles.unsqueezed(1) : angles
        return RotaryAngles(cosine: shaped.cos().to(dtype), sine: shaped.sin().to(dtype))
    }

    /// The angles at positions `start ..< start + count`, the same for all rows.
    ///
    /// - Parameters:
    ///   - start: first position, ≥ 0.
    ///   - count: number T of positions, ≥ 0.
    ///   - dtype: type of the heads.
    ///   - device: device of the heads.
    /// - Returns: cosines and sines for any number of rows and `T` positions.
    public func angles(
        start: Int = 0, count: Int, dtype: DType = .float32, device: Device = .cpu
    ) -> RotaryAngles {
        angles(positions: .arange(start, start + count, dtype: .int64, device: device), dtype: dtype)
    }
}

/// Cosines and sines of rotary angles.
public struct RotaryAngles: Sendable {
    /// `[T, D/2]` or `[B, 1, T, D/2]`.
    public let cosine: Tensor

    /// The same shape as `cosine`.
    public let sine: Tensor

    /// Turns heads by the angles.
    ///
    /// - Parameter heads: `[B, H, T, D]`: rows, heads, positions, width.
    /// - Returns: the same shape.
    /// - Precondition: `T`, `D` and the type are those of the angles; violations trap.
    public func rotating(_ heads: Tensor) -> Tensor {
        let half = cosine.size(-1)
        precondition(
            heads.rank == 4 && heads.size(-1) == 2 * half && heads.size(-2) == cosine.size(-2),
            "RotaryAngles: heads have shape \(heads.shape), must be [B, H, \(cosine.size(-2)), \(2 * half)]")
        let first = heads.slice(dimension: -1, start: 0, end: half)
        let second = heads.slice(dimension: -1, start: half, end: 2 * half)
        return Tensor.concatenated(
            [first * cosine - second * sine, second * cosine + first * sine], dimension: -1)
    }
}
