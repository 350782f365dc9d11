// A statement goes in, a proof that Coq has checked comes out.
import ProofAssistants
import TheoremProving

let statement = FormalStatement(
    name: "second_power", header: "Require Import ZArith Lia.",
    text: "Theorem second_power : forall x y : Z, (x = y + 1 -> x * x = y * y + 2 * y + 1)%Z.")
let coq = Coq()
let policy = try DecoderPolicy(folder: "Models/prover-mini")
let outcome = await Prover(assistant: coq, model: policy).prove(statement)
print(outcome.file ?? "no proof within the budget: \(outcome.detail)")
await coq.shutDown()
