/// A number for each of the two links of four acrobots.
struct AcrobotPair {
    var first: Lanes
    var second: Lanes

    @inline(__always)
    init(first: Lanes, second: Lanes) {
        self.first = first
        self.second = second
    }

    /// Those of the first link from the pointer on, those of the second so many numbers further.
    @inline(__always)
    init(_ place: UnsafeMutablePointer<Double>, _ stride: Int) {
        first = UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
        second = UnsafeRawPointer(place + stride).loadUnaligned(as: Lanes.self)
    }

    /// Writes what ``init(_:_:)`` reads.
    @inline(__always)
    func put(_ place: UnsafeMutablePointer<Double>, _ stride: Int) {
        UnsafeMutableRawPointer(place).storeBytes(of: first, as: Lanes.self)
        UnsafeMutableRawPointer(place + stride).storeBytes(of: second, as: Lanes.self)
    }

    @inline(__always)
    static func + (lhs: AcrobotPair, rhs: AcrobotPair) -> AcrobotPair {
        AcrobotPair(first: lhs.first + rhs.first, second: lhs.second + rhs.second)
    }

    @inline(__always)
    static func * (factor: Double, pair: AcrobotPair) -> AcrobotPair {
        AcrobotPair(first: factor * pair.first, second: factor * pair.second)
    }
}

/// Some acrobots, and room for what a step needs on the way; both belong to the caller.
///
/// A step is a row of short loops over all of them, not one long calculation for four: in a short one the compiler
/// keeps lanes together, and the processor works on several of its turns at a time.
struct AcrobotRun {
    /// `[8, stride]`: both angles, both speeds, then sine and cosine of the first angle and of the second.
    let state: UnsafeMutablePointer<Double>
    /// From one quantity to the next.
    let stride: Int
    /// `[12, count]`: sines and cosines as in the state, then the accelerations of all four stages.
    let room: UnsafeMutablePointer<Double>
    /// How many, a multiple of 4.
    let count: Int

    /// Numbers of an acrobot in the state.
    static var stateSize: Int { 8 }
    /// Numbers of an acrobot in the room.
    static var roomSize: Int { 12 }

    /// One Runge-Kutta step of 0.2 s, with angles in [−π, π] and speeds within their limits again.
    ///
    /// An angle's slopes are speeds, so that its sums are written with accelerations alone.
    ///
    /// - Parameter actions: 0, 1 or 2 for each.
    func advance(_ actions: UnsafePointer<Int64>) {
        each { accelerate($0, actions, stage: 0, state + 4 &* stride, stride, speeds($0)) }
        turn { angles($0) + 0.1 * speeds($0) }
        each { accelerate($0, actions, stage: 1, room, count, speeds($0) + 0.1 * acceleration($0, stage: 0)) }
        turn { (angles($0) + 0.1 * speeds($0)) + 0.01 * acceleration($0, stage: 0) }
        each { accelerate($0, actions, stage: 2, room, count, speeds($0) + 0.1 * acceleration($0, stage: 1)) }
        turn { (angles($0) + 0.2 * speeds($0)) + 0.02 * acceleration($0, stage: 1) }
        each { accelerate($0, actions, stage: 3, room, count, speeds($0) + 0.2 * acceleration($0, stage: 2)) }
        each { finish($0) }
        refresh()
    }

    /// Computes sines and cosines of the state's angles.
    func refresh() {
        each { Self.turn(angles($0).first, state + (4 &* stride &+ $0), stride) }
        each { Self.turn(angles($0).second, state + (6 &* stride &+ $0), stride) }
    }

    /// Whether the tips of four are one link above the base.
    @inline(__always)
    func isHigh(_ place: Int) -> LaneMathematics.Mask {
        let first = AcrobotPair(state + (4 &* stride &+ place), stride)
        let second = AcrobotPair(state + (6 &* stride &+ place), stride)
        let sum = first.second * second.second - first.first * second.first
        return (-first.second - sum) .> 1
    }

    /// Writes the results of all, whose first row has an offset.
    func observe(_ rows: StepRows<Float>, _ offset: Int) {
        each { place in
            let row = offset &+ place
            let isOver = isHigh(place)
            LaneMathematics.store(isOver, rows.terminated + row)
            LaneMathematics.store(Lanes(repeating: -1).replacing(with: 0, where: isOver), rows.rewards + row)
            let observations = rows.observations + 6 &* row
            let first = AcrobotPair(state + (4 &* stride &+ place), stride)
            LaneMathematics.storePairs(first.second, first.first, observations, stride: 6)
            let second = AcrobotPair(state + (6 &* stride &+ place), stride)
            LaneMathematics.storePairs(second.second, second.first, observations + 2, stride: 6)
            let speeds = speeds(place)
            LaneMathematics.storePairs(speeds.first, speeds.second, observations + 4, stride: 6)
        }
    }

    @inline(__always)
    private func each(_ body: (_ place: Int) -> Void) {
        var place = 0
        while place < count {
            body(place)
            place &+= 4
        }
    }

    @inline(__always)
    private func angles(_ place: Int) -> AcrobotPair { AcrobotPair(state + place, stride) }

    @inline(__always)
    private func speeds(_ place: Int) -> AcrobotPair { AcrobotPair(state + (2 &* stride &+ place), stride) }

    @inline(__always)
    private func acceleration(_ place: Int, stage: Int) -> AcrobotPair {
        AcrobotPair(room + ((4 &+ 2 &* stage) &* count &+ place), count)
    }

    /// Computes sines and cosines of angles within a step, those of one link after those of the other.
    @inline(__always)
    private func turn(_ angles: (_ place: Int) -> AcrobotPair) {
        each { Self.turn(angles($0).first, room + $0, count) }
        each { Self.turn(angles($0).second, room + (2 &* count &+ $0), count) }
    }

    @inline(__always)
    private static func turn(_ angle: Lanes, _ place: UnsafeMutablePointer<Double>, _ stride: Int) {
        let (sine, cosine) = LaneMathematics.quickSineAndCosine(angle)
        AcrobotPair(first: sine, second: cosine).put(place, stride)
    }

    /// Angular accelerations: links of length 1, mass 1 and moment 1, with their centres in the middle.
    ///
    /// The reference solves its two equations by substitution. Here they are solved by determinants, with one division:
    /// `inertia · a₁ + coupling · a₂ = −inner` and `coupling · a₁ + 1.25 · a₂ = push`.
    @inline(__always)
    private func accelerate(
        _ place: Int, _ actions: UnsafePointer<Int64>, stage: Int, _ trigonometry: UnsafeMutablePointer<Double>,
        _ stride: Int, _ speeds: AcrobotPair
    ) {
        let first = AcrobotPair(trigonometry + place, stride)
        let second = AcrobotPair(trigonometry + (2 &* stride &+ place), stride)
        let (firstSine, firstCosine, sine, cosine) = (first.first, first.second, second.first, second.second)
        let torque = LaneMathematics.real(actions + place) - 1
        let gravity = 9.8
        let inertia = 3.5 + cosine
        let coupling = 1.25 + 0.5 * cosine
        // 1.25 · inertia − coupling², multiplied out.
        let inverse = 1 / (2.8125 - (0.25 * cosine) * cosine)
        let outer = (0.5 * gravity) * (firstSine * cosine + firstCosine * sine)
        let drag = (speeds.second * sine) * (0.5 * speeds.second + speeds.first)
        let inner = ((1.5 * gravity) * firstSine + outer) - drag
        let push = (torque - outer) - (0.5 * speeds.first) * (speeds.first * sine)
        let elbow = (inertia * push + coupling * inner) * inverse
        let shoulder = (-1.25 * inner - coupling * push) * inverse
        AcrobotPair(first: shoulder, second: elbow).put(room + ((4 &+ 2 &* stage) &* count &+ place), count)
    }

    /// Angles and speeds at the end of the step.
    @inline(__always)
    private func finish(_ place: Int) {
        let (one, four) = (acceleration(place, stage: 0), acceleration(place, stage: 3))
        let middle = acceleration(place, stage: 1) + acceleration(place, stage: 2)
        let ahead = (angles(place) + 0.2 * speeds(place)) + (0.04 / 6) * (one + middle)
        let faster = speeds(place) + (0.2 / 6) * ((one + four) + 2 * middle)
        let angles = AcrobotPair(first: Self.turnedBack(ahead.first), second: Self.turnedBack(ahead.second))
        angles.put(state + place, stride)
        if any(Self.isOutside(angles.first) .| Self.isOutside(angles.second)) { wrap(place) }
        AcrobotPair(
            first: LaneMathematics.cut(faster.first, -4 * Double.pi, 4 * Double.pi),
            second: LaneMathematics.cut(faster.second, -9 * Double.pi, 9 * Double.pi)
        ).put(state + (2 &* stride &+ place), stride)
    }

    @inline(__always)
    private static func isOutside(_ angle: Lanes) -> LaneMathematics.Mask {
        LaneMathematics.magnitude(angle) .> Double.pi
    }

    /// Angles outside [−π, π] brought nearer by a turn.
    @inline(__always)
    private static func turnedBack(_ angle: Lanes) -> Lanes {
        typealias Words = LaneMathematics.Words
        let sign = unsafeBitCast(angle, to: Words.self) & (1 << 63)
        let turn = (sign | (2 * Double.pi).bitPattern) & unsafeBitCast(isOutside(angle), to: Words.self)
        return angle - unsafeBitCast(turn, to: Lanes.self)
    }

    /// Brings angles to [−π, π] that need more than one turn: only from states that somebody set.
    private func wrap(_ place: Int) {
        for link in 0..<2 {
            for lane in 0..<4 {
                let angle = state + (link &* stride &+ place &+ lane)
                if abs(angle[0]) > Double.pi { angle[0] = Mathematics.nearestRemainder(angle[0], 2 * Double.pi) }
            }
        }
    }
}
