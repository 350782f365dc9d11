/// Sines and cosines of both angles of four acrobots.
struct AcrobotTrigonometry {
    var firstSine: Lanes
    var firstCosine: Lanes
    var secondSine: Lanes
    var secondCosine: Lanes

    @inline(__always)
    init(firstSine: Lanes, firstCosine: Lanes, secondSine: Lanes, secondCosine: Lanes) {
        self.firstSine = firstSine
        self.firstCosine = firstCosine
        self.secondSine = secondSine
        self.secondCosine = secondCosine
    }

    @inline(__always)
    init(_ first: Lanes, _ second: Lanes) {
        (firstSine, firstCosine) = LaneMathematics.sineAndCosine(first)
        (secondSine, secondCosine) = LaneMathematics.sineAndCosine(second)
    }

    /// Whether the tip is one link above the base.
    @inline(__always)
    var isHigh: LaneMathematics.Mask {
        let sum = firstCosine * secondCosine - firstSine * secondSine
        return (-firstCosine - sum) .> 1
    }
}

/// Angles and velocities of four acrobots, or how fast they change.
struct AcrobotMotion {
    var first: Lanes
    var second: Lanes
    var firstSpeed: Lanes
    var secondSpeed: Lanes

    @inline(__always)
    func moved(_ slope: AcrobotMotion, by time: Double) -> AcrobotMotion {
        AcrobotMotion(
            first: first + time * slope.first, second: second + time * slope.second,
            firstSpeed: firstSpeed + time * slope.firstSpeed, secondSpeed: secondSpeed + time * slope.secondSpeed)
    }

    /// How fast everything changes: links of length 1, mass 1 and moment 1, with their centres in the middle.
    @inline(__always)
    func slope(_ t: AcrobotTrigonometry, _ torque: Lanes) -> AcrobotMotion {
        let gravity = 9.8
        let inertia = 0.25 + (1.25 + t.secondCosine) + 2
        let coupling = (0.25 + 0.5 * t.secondCosine) + 1
        let sum = t.firstSine * t.secondCosine + t.firstCosine * t.secondSine
        let outer = (0.5 * gravity) * sum
        let drag = secondSpeed * secondSpeed * t.secondSine * -0.5 - secondSpeed * firstSpeed * t.secondSine
        let inner = drag + (1.5 * gravity) * t.firstSine + outer
        let share = coupling / inertia
        let push = torque + share * inner - 0.5 * (firstSpeed * firstSpeed) * t.secondSine - outer
        let elbow = push / (1.25 - coupling * share)
        let shoulder = -(coupling * elbow + inner) / inertia
        return AcrobotMotion(first: firstSpeed, second: secondSpeed, firstSpeed: shoulder, secondSpeed: elbow)
    }

    /// One Runge-Kutta step of 0.2 s, with angles in [−π, π] and speeds within their limits again.
    @inline(__always)
    func advanced(
        _ start: AcrobotTrigonometry, torque: Lanes
    ) -> (motion: AcrobotMotion, trigonometry: AcrobotTrigonometry) {
        let one = slope(start, torque)
        let early = moved(one, by: 0.1)
        let two = early.slope(AcrobotTrigonometry(early.first, early.second), torque)
        let middle = moved(two, by: 0.1)
        let three = middle.slope(AcrobotTrigonometry(middle.first, middle.second), torque)
        let late = moved(three, by: 0.2)
        let four = late.slope(AcrobotTrigonometry(late.first, late.second), torque)
        let end = AcrobotMotion(
            first: Self.wrapped(Self.sum(first, one.first, two.first, three.first, four.first)),
            second: Self.wrapped(Self.sum(second, one.second, two.second, three.second, four.second)),
            firstSpeed: LaneMathematics.cut(
                Self.sum(firstSpeed, one.firstSpeed, two.firstSpeed, three.firstSpeed, four.firstSpeed),
                -4 * Double.pi, 4 * Double.pi),
            secondSpeed: LaneMathematics.cut(
                Self.sum(secondSpeed, one.secondSpeed, two.secondSpeed, three.secondSpeed, four.secondSpeed),
                -9 * Double.pi, 9 * Double.pi))
        return (end, AcrobotTrigonometry(end.first, end.second))
    }

    /// A quantity at the end of the step, from its slopes.
    @inline(__always)
    private static func sum(_ start: Lanes, _ one: Lanes, _ two: Lanes, _ three: Lanes, _ four: Lanes) -> Lanes {
        let middle = 2 * (two + three)
        return start + (0.2 / 6) * (one + middle + four)
    }

    /// Angles brought to [−π, π] by whole turns.
    @inline(__always)
    private static func wrapped(_ angle: Lanes) -> Lanes {
        var angle = angle
        angle.replace(with: angle - 2 * Double.pi, where: angle .> Double.pi)
        angle.replace(with: angle + 2 * Double.pi, where: angle .< -Double.pi)
        guard any(LaneMathematics.magnitude(angle) .> Double.pi) else { return angle }
        // More than one turn in a step: only from states that somebody set.
        for lane in 0..<4 where abs(angle[lane]) > Double.pi {
            angle[lane] = Mathematics.nearestRemainder(angle[lane], 2 * Double.pi)
        }
        return angle
    }
}
