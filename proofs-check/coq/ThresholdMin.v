(* The threshold minimum: the minimum of S numbers by two ReLU layers of depth independent of S.

   For a_1, ..., a_S in [0, 1], S >= 1, and levels u_j = j / M, j = 1..M, M >= 1, let
     s_j = relu (1 - M sum_t relu (u_j - a_t)),   minhat = (1 / M) sum_j s_j.
   Then 0 <= min_t a_t - minhat <= (1 - 1/S) / M, and the upper bound is attained by a_t = (1 - 1/S) / M for all t.

   Argument. Put x = M min_t a_t and c = sum_t relu (j - M a_t). Since relu (j - x) <= c <= S relu (j - x), s_j lies
   between relu (1 - S relu (j - x)) and relu (1 - relu (j - x)). The upper ones add up to x, by telescoping
   min (x, j) - min (x, j - 1). Upper and lower one differ for at most one j, x < j < x + 1, and with y = j - x by
   (1 - y) - relu (1 - S y) = min (1 - y, (S - 1) y) <= 1 - 1/S.

   Source: the rule `threshold-min` of this project. *)

Require Import Reals Lra List Lia.
From Exhibit Require Import Sums.
Import ListNotations.
Open Scope R_scope.

Definition relu (x : R) : R := Rmax 0 x.

Definition step_unit {A : Type} (M : nat) (tokens : list A) (a : A -> R) (j : nat) : R :=
  relu (1 - INR M * sum tokens (fun t => relu (INR j / INR M - a t))).

Definition threshold_minimum {A : Type} (M : nat) (tokens : list A) (a : A -> R) : R :=
  / INR M * sum (seq 1 M) (step_unit M tokens a).

Lemma relu_of_nonneg x : 0 <= x -> relu x = x.
Proof. apply Rmax_right. Qed.

Lemma relu_of_nonpos x : x <= 0 -> relu x = 0.
Proof. apply Rmax_left. Qed.

Lemma relu_nonneg x : 0 <= relu x.
Proof. apply Rmax_l. Qed.

Lemma relu_ge x : x <= relu x.
Proof. apply Rmax_r. Qed.

Lemma relu_monotone x y : x <= y -> relu x <= relu y.
Proof. intros. apply Rle_max_compat_l. assumption. Qed.

Lemma relu_scal c x : 0 <= c -> relu (c * x) = c * relu x.
Proof.
  intros Hc. destruct (Rle_dec 0 x); [rewrite !relu_of_nonneg by nra | rewrite !relu_of_nonpos by nra]; lra.
Qed.

(** The first n upper units add up to min (x, n). *)
Lemma upper_units x n : 0 <= x -> sum (seq 1 n) (fun j => relu (1 - relu (INR j - x))) = Rmin x (INR n).
Proof.
  intros Hx. induction n as [|n IH]; [simpl; rewrite Rmin_right; lra|].
  rewrite seq_S, sum_app, IH. cbn [sum fold_right plus]. rewrite S_INR.
  destruct (Rle_dec (INR n + 1) x); [|destruct (Rle_dec (INR n) x)].
  - rewrite !Rmin_right, (relu_of_nonpos (_ - x)), relu_of_nonneg; lra.
  - rewrite Rmin_right, Rmin_left, (relu_of_nonneg (_ - x)), relu_of_nonneg; lra.
  - rewrite !Rmin_left, (relu_of_nonneg (_ - x)), relu_of_nonpos; lra.
Qed.

(** The first n lower units miss min (x, n) by at most 1 - 1/count, and by nothing as long as n <= x. *)
Lemma lower_units x count n : 0 <= x -> 1 <= count ->
  Rmin x (INR n) - (if Rle_dec (INR n) x then 0 else 1 - / count)
  <= sum (seq 1 n) (fun j => relu (1 - count * relu (INR j - x))).
Proof.
  intros Hx Hcount. assert (HI : count * / count = 1) by (field; lra). assert (HI' : 0 < / count <= 1) by (split; nra).
  induction n as [|n IH].
  - simpl. rewrite Rmin_right by lra. destruct (Rle_dec 0 x); lra.
  - rewrite seq_S, sum_app. cbn [sum fold_right plus]. rewrite S_INR. set (prefix := sum (seq 1 n) _) in *.
    destruct (Rle_dec (INR n + 1) x); [|destruct (Rle_dec (INR n) x)].
    + rewrite Rmin_right in IH |- * by lra. destruct (Rle_dec (INR n) x); [|lra].
      rewrite (relu_of_nonpos (_ - x)), relu_of_nonneg; lra.
    + rewrite Rmin_right in IH by lra. rewrite Rmin_left, (relu_of_nonneg (_ - x)) by lra.
      set (y := INR n + 1 - x). pose proof (relu_ge (1 - count * y)). pose proof (relu_nonneg (1 - count * y)).
      destruct (Rle_dec y (/ count)); [|unfold y in *; lra].
      assert ((count - 1) * y <= (count - 1) * / count) by (apply Rmult_le_compat_l; lra). unfold y in *. lra.
    + rewrite Rmin_left in IH |- * by lra. pose proof (relu_nonneg (1 - count * relu (INR n + 1 - x))). lra.
Qed.

Section ThresholdMinimum.
Context {A : Type} (M : nat) (tokens : list A) (a : A -> R) (m : R).
Hypothesis M_pos : (1 <= M)%nat.
Hypothesis range : forall t, In t tokens -> 0 <= a t <= 1.
Hypothesis minimum : is_minimum tokens a m.

Let count := INR (length tokens).
Let x := INR M * m.

Lemma M_ge_1 : 1 <= INR M.
Proof. apply (le_INR 1 M M_pos). Qed.

Lemma count_ge_1 : 1 <= count.
Proof.
  destruct minimum as [[t [Ht _]] _]. apply (le_INR 1). destruct tokens; [contradiction | simpl; lia].
Qed.

Lemma x_range : 0 <= x <= INR M.
Proof. destruct minimum as [[t [Ht <-]] _]. pose proof (range t Ht). pose proof M_ge_1. unfold x. split; nra. Qed.

(** M sum_t relu (u_j - a_t) between one and count times relu (j - x). *)
Lemma deficit_bounds j :
  relu (INR j - x) <= INR M * sum tokens (fun t => relu (INR j / INR M - a t)) <= count * relu (INR j - x).
Proof.
  pose proof M_ge_1. rewrite <- sum_scal.
  assert (E : forall t, INR M * relu (INR j / INR M - a t) = relu (INR j - INR M * a t)).
  { intros t. rewrite <- relu_scal by lra. f_equal. field. lra. }
  destruct minimum as [[s [Hs Es]] Hm]. unfold x, count. split.
  - apply Rle_trans with (INR M * relu (INR j / INR M - a s)).
    + rewrite E, Es. lra.
    + apply (sum_ge_term tokens (fun t => INR M * relu (INR j / INR M - a t)) s Hs).
      intros t. apply Rmult_le_pos; [lra | apply relu_nonneg].
  - rewrite <- sum_const. apply sum_le. intros t Ht. rewrite E. apply relu_monotone.
    pose proof (Rmult_le_compat_l (INR M) m (a t) ltac:(lra) (Hm t Ht)). lra.
Qed.

Lemma gap_as_sum : m - threshold_minimum M tokens a = / INR M * (x - sum (seq 1 M) (step_unit M tokens a)).
Proof. unfold threshold_minimum, x. pose proof M_ge_1. field. lra. Qed.

Theorem threshold_minimum_gap : 0 <= m - threshold_minimum M tokens a <= (1 - / count) / INR M.
Proof.
  pose proof M_ge_1. pose proof count_ge_1. pose proof x_range as Hx.
  assert (Hinv : 0 < / INR M) by (apply Rinv_0_lt_compat; lra).
  assert (Hup : sum (seq 1 M) (step_unit M tokens a) <= x).
  { rewrite <- (Rmin_left x (INR M)) by lra. rewrite <- upper_units by lra. apply sum_le. intros j _.
    apply relu_monotone. pose proof (deficit_bounds j). lra. }
  assert (Hlow : x - (1 - / count) <= sum (seq 1 M) (step_unit M tokens a)).
  { apply Rle_trans with (sum (seq 1 M) (fun j => relu (1 - count * relu (INR j - x)))).
    - pose proof (lower_units x count M ltac:(lra) ltac:(lra)) as L. rewrite Rmin_left in L by lra.
      assert (/ count <= / 1) by (apply Rinv_le_contravar; lra). destruct (Rle_dec (INR M) x); lra.
    - apply sum_le. intros j _. apply relu_monotone. pose proof (deficit_bounds j). lra. }
  rewrite gap_as_sum. split; [apply Rmult_le_pos; lra|].
  unfold Rdiv. rewrite (Rmult_comm (1 - / count)). apply Rmult_le_compat_l; lra.
Qed.

End ThresholdMinimum.

(** The upper bound is attained by k + 1 equal entries. *)
Theorem threshold_minimum_attained M k : (1 <= M)%nat ->
  let count := INR (S k) in
  let v := (1 - / count) / INR M in
  0 <= v <= 1 /\ v - threshold_minimum M (repeat v (S k)) (fun a => a) = (1 - / count) / INR M.
Proof.
  intros HM count v. assert (HM' : 1 <= INR M) by (apply (le_INR 1 M HM)).
  assert (Hcount : 1 <= count) by (unfold count; rewrite S_INR; pose proof (pos_INR k); lra).
  assert (Hv : INR M * v = 1 - / count) by (unfold v; field; lra).
  assert (Hrange : 0 <= v <= 1).
  { assert (0 < / count) by (apply Rinv_0_lt_compat; lra).
    assert (/ count <= / 1) by (apply Rinv_le_contravar; lra). split; nra. }
  split; [exact Hrange|].
  assert (Hzero : sum (seq 1 M) (step_unit M (repeat v (S k)) (fun a => a)) = 0).
  { assert (HI : count * / count = 1) by (field; lra).
    apply Rle_antisym; [|]; replace 0 with (sum (seq 1 M) (fun _ => 0)) by (rewrite sum_const; lra);
      apply sum_le; intros j Hj; [|apply relu_nonneg].
    unfold step_unit. rewrite relu_of_nonpos; [lra|].
    assert (E : sum (repeat v (S k)) (fun a => relu (INR j / INR M - a)) = count * relu (INR j / INR M - v)).
    { unfold count. rewrite <- (repeat_length v (S k)) at 2. rewrite <- sum_const.
      apply Rle_antisym; apply sum_le; intros t Ht; rewrite (repeat_spec _ _ _ Ht); lra. }
    rewrite E. apply in_seq in Hj. assert (Hj' : 1 <= INR j) by (apply (le_INR 1); lia).
    pose proof (relu_ge (INR j / INR M - v)).
    assert (INR M * (INR j / INR M - v) = INR j - 1 + / count) by (rewrite Rmult_minus_distr_l, Hv; field; lra).
    assert (INR j - 1 + / count <= INR M * relu (INR j / INR M - v)) by nra. nra. }
  unfold threshold_minimum. rewrite Hzero. unfold v. lra.
Qed.

Definition theorems := (@threshold_minimum_gap, @threshold_minimum_attained).
Print Assumptions theorems.
