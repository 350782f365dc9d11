import Synchronization
import Testing

@testable import ProofAssistants

@Suite struct CoqStatementTests {
    private func statement(_ name: String, _ text: String) -> FormalStatement {
        FormalStatement(name: name, text: text)
    }

    @Test func takesBindersApart() throws {
        let parts = try CoqStatement(statement("t", "Lemma t {A : Type} (x y : A) (h : x = y) : y = x."))
        #expect(parts.binders == "{A : Type} (x y : A) (h : x = y)")
        #expect(parts.type == "y = x")
        #expect(parts.closedType == "forall {A : Type} (x y : A) (h : x = y), y = x")
        let match = try CoqStatement(statement("m", "Theorem m: match 0 with 0 => True | S _ => False end."))
        #expect(match.binders.isEmpty)
    }

    @Test(arguments: [
        ("t", "Theorem t : True. Axiom bad : False."), ("t", "Theorem u : True."), ("t", "Axiom t : False."),
        ("t", "Theorem t : True"), ("t", "Theorem t."), ("t", "Theorem t : ."), ("t", ""),
        ("t", "Definition t : nat := 1."),
        ("t", "Theorem t : True with u : True."), ("t", "#[local] Theorem t : True."), ("", "Theorem  : True."),
        ("t", "Theorem t : (* "),
    ])
    func refusesWhatIsNoStatement(_ name: String, _ text: String) {
        #expect(throws: ProofAssistantError.self) { _ = try CoqStatement(statement(name, text)) }
    }

    @Test func negatesAndProbes() throws {
        let coq = Coq()
        let plain = statement("t", "Theorem t (n : nat) : n = 0.")
        let negation = try coq.negation(of: plain)
        #expect(negation.text == "Theorem t_negation : ~ (forall (n : nat), n = 0).")
        #expect(negation.name == "t_negation")
        let probe = try coq.vacuity(of: plain)
        #expect(probe.statement.text == "Theorem t_vacuity : forall (n : nat), n = 0.")
        #expect(probe.prefix == "intros. exfalso.")
    }

    @Test func readsNewHeadersOnOldCoq() {
        let header =
            "From Stdlib Require Import ZArith.\nRequire Import Stdlib.Reals.Reals Lia.\nDefinition Stdlib := 1."
        let expected = "From Coq Require Import ZArith.\nRequire Import Coq.Reals.Reals Lia.\nDefinition Stdlib := 1."
        #expect(CoqHeader.normalized(header) == expected)
    }

    @Test(arguments: [
        "Redirect \"f\" Print nat.", "Load x.", "Declare ML Module \"x\".", "Unset Guard Checking.", "Drop.", "Quit.",
        "Cd \"/\".", "(* never closed",
    ])
    func refusesDangerousHeaders(_ header: String) {
        #expect(throws: CoqTrouble.self) { _ = try CoqHeader.sentences(of: header) }
    }

    @Test func allowsAxiomsByHeader() {
        let allowance = AxiomAllowance()
        #expect(!allowance.allowed(under: "Require Import Lia.").contains("Coq.Logic.Classical_Prop.classic"))
        #expect(allowance.allowed(under: "Require Import Classical.").contains("Coq.Logic.Classical_Prop.classic"))
    }
}

@Suite struct WorkerPoolTests {
    @Test func givesTheOldestIdleWorkerToANewKey() async throws {
        let made = Counter()
        let pool = WorkerPool<Int>(limit: 2) { made.next() }
        let a = try await pool.borrow(for: "a")
        let b = try await pool.borrow(for: "b")
        await pool.giveBack(a)
        await pool.giveBack(b)
        let again = try await pool.borrow(for: "a")
        #expect(again.worker == a.worker)
        await pool.giveBack(again)
        let c = try await pool.borrow(for: "c")
        #expect(c.worker == b.worker, "b was used longest ago")
        await pool.giveBack(c)
        #expect(await pool.keys == ["c", "a"])
        #expect(made.count == 2)
    }

    @Test func waitsCancelsAndCloses() async throws {
        let pool = WorkerPool<Int>(limit: 1) { 0 }
        let loan = try await pool.borrow(for: "a")
        let cancelled = Task { try await pool.borrow(for: "a") }
        cancelled.cancel()
        await #expect(throws: ProofAssistantError.cancelled) { _ = try await cancelled.value }
        let waiting = Task { try await pool.borrow(for: "b") }
        while await pool.waiting == 0 { await Task.yield() }
        await pool.giveBack(loan)
        let second = try await waiting.value
        #expect(second.worker == 0)
        let late = Task { try await pool.borrow(for: "c") }
        while await pool.waiting == 0 { await Task.yield() }
        _ = await pool.close()
        await #expect(throws: ProofAssistantError.shutDown) { _ = try await late.value }
        await #expect(throws: ProofAssistantError.shutDown) { _ = try await pool.borrow(for: "a") }
    }

    @Test func keepsThePromiseOfFairness() async throws {
        let pool = WorkerPool<Int>(limit: 1) { 0 }
        let first = try await pool.borrow(for: "same")
        let order = Order()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await Self.use(pool, "other", order) }
            while await pool.waiting < 1 { await Task.yield() }
            for count in 2...61 {
                group.addTask { await Self.use(pool, "same", order) }
                while await pool.waiting < count { await Task.yield() }
            }
            await pool.giveBack(first)
        }
        let place = await order.names.firstIndex(of: "other")
        #expect(place == 32, "passed over 32 times, then served")
    }

    private static func use(_ pool: WorkerPool<Int>, _ key: String, _ order: Order) async {
        guard let loan = try? await pool.borrow(for: key) else { return }
        await order.append(key)
        await pool.giveBack(loan)
    }

    private actor Order {
        var names: [String] = []
        func append(_ name: String) { names.append(name) }
    }
}

private final class Counter: Sendable {
    private let value = Mutex(0)
    func next() -> Int {
        value.withLock {
            $0 += 1
            return $0
        }
    }
    var count: Int { value.withLock { $0 } }
}
