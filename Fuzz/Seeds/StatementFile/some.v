(* a (* b *) "x" *)
Require Import Lia.
Section s.
Variable n : nat.
End s.
Theorem a : forall n, n + 0 = n.
Proof. intros n. { lia. } Qed.
#[local] Lemma b (x : nat) : x = x.
Admitted.
Goal True.
Example d := 1.
Theorem c : True.
