intros n. induction n as [|n IH].
- reflexivity.
- 2: { simpl. } all: try lia. [a]: exact I.. Qed.
