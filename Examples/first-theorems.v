(* First theorems for `ludus prove`: each ends in `Admitted.` and waits for a proof. *)

Require Import Arith ZArith Reals List Lia Lra Psatz.

(* Propositional logic *)

Theorem modus_tollens : forall P Q : Prop, (P -> Q) -> ~ Q -> ~ P.
Proof. Admitted.

Theorem or_distributes : forall P Q R : Prop, P /\ (Q \/ R) -> (P /\ Q) \/ (P /\ R).
Proof. Admitted.

Theorem de_morgan : forall P Q : Prop, ~ (P \/ Q) <-> ~ P /\ ~ Q.
Proof. Admitted.

Theorem not_not_excluded_middle : forall P : Prop, ~ ~ (P \/ ~ P).
Proof. Admitted.

Theorem cases_on_or : forall P Q R : Prop, P \/ Q -> (P -> R) -> (Q -> R) -> R.
Proof. Admitted.

(* Quantifiers and relations *)

Theorem exists_or : forall (T : Type) (P Q : T -> Prop),
  (exists x : T, P x \/ Q x) -> (exists x : T, P x) \/ (exists x : T, Q x).
Proof. Admitted.

Theorem no_counterexample : forall (T : Type) (P : T -> Prop), ~ (exists x : T, P x) -> forall x : T, ~ P x.
Proof. Admitted.

Theorem exists_forall : forall (T : Type) (R : T -> T -> Prop),
  (exists y : T, forall x : T, R x y) -> forall x : T, exists y : T, R x y.
Proof. Admitted.

Theorem symmetric_transitive_euclidean : forall (T : Type) (R : T -> T -> Prop),
  (forall x y : T, R x y -> R y x) -> (forall x y z : T, R x y -> R y z -> R x z) ->
  forall x y z : T, R x y -> R x z -> R y z.
Proof. Admitted.

Theorem injective_twice : forall (T : Type) (f : T -> T),
  (forall x y : T, f x = f y -> x = y) -> forall x y : T, f (f x) = f (f y) -> x = y.
Proof. Admitted.

(* Natural numbers *)

Theorem successor_on_the_right : forall n m : nat, n + S m = S (n + m).
Proof. Admitted.

Theorem even_or_odd : forall n : nat, exists k : nat, n = 2 * k \/ n = 2 * k + 1.
Proof. Admitted.

Theorem sum_of_odds_is_even : forall a b : nat,
  (exists k : nat, a = 2 * k + 1) -> (exists k : nat, b = 2 * k + 1) -> exists k : nat, a + b = 2 * k.
Proof. Admitted.

Theorem third_of_a_sequence : forall u : nat -> nat,
  u 0 = 1 -> (forall n : nat, u (S n) = 2 * u n) -> u 3 = 8.
Proof. Admitted.

Theorem square_bound : forall n : nat, n <= n * n.
Proof. Admitted.

(* Integers *)

Theorem linear_system : forall x y : Z, (x + y)%Z = 10%Z -> (x - y)%Z = 4%Z -> x = 7%Z.
Proof. Admitted.

Theorem order_chain : forall a b c : Z, (a < b)%Z -> (b <= c)%Z -> ~ (c <= a)%Z.
Proof. Admitted.

Theorem divides_sum : forall d a b : Z, (d | a)%Z -> (d | b)%Z -> (d | a + b)%Z.
Proof. Admitted.

Theorem divides_transitively : forall a b c : Z, (a | b)%Z -> (b | c)%Z -> (a | c)%Z.
Proof. Admitted.

Theorem larger_integer : forall x y : Z, exists z : Z, (x < z)%Z /\ (y < z)%Z.
Proof. Admitted.

Theorem cube_of_a_sum : forall a b : Z,
  ((a + b) * (a + b) * (a + b))%Z = (a * a * a + 3 * a * a * b + 3 * a * b * b + b * b * b)%Z.
Proof. Admitted.

Theorem remainder : (2023 mod 7)%Z = 0%Z.
Proof. Admitted.

(* Real numbers *)

Theorem between : forall x y : R, (x < y)%R -> exists z : R, (x < z)%R /\ (z < y)%R.
Proof. Admitted.

Theorem arithmetic_geometric : forall x y : R, (2 * x * y <= x * x + y * y)%R.
Proof. Admitted.

Theorem difference_of_squares : forall x y : R, (x ^ 2 - y ^ 2)%R = ((x + y) * (x - y))%R.
Proof. Admitted.

Theorem function_value : forall f g : R -> R,
  (forall x : R, f x = (2 * x + 1)%R) -> (forall x : R, g x = (x * x)%R) -> f (g 3%R) = 19%R.
Proof. Admitted.

(* Lists *)

Theorem map_keeps_length : forall (A B : Type) (f : A -> B) (l : list A), length (map f l) = length l.
Proof. Admitted.

Theorem append_nil : forall (A : Type) (l : list A), app l nil = l.
Proof. Admitted.
