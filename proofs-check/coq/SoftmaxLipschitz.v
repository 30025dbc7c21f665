(* Softmax, as a map of its logits with the maximum norm, is 1-Lipschitz to the sum norm and 1/2-Lipschitz to the
   maximum norm.

   If |z_t - z'_t - c| <= d for all t and some shift c (softmax does not change when all logits move by c), then with
   p = softmax z, p' = softmax z':
     sum_t |p_t - p'_t| <= 2 tanh (d / 2) <= d,    |p_t - p'_t| <= tanh (d / 2) <= d / 2.
   The bounds with tanh are attained for every d by two tokens, z = (d/2, - d/2), z' = - z, so the constants 1 and 1/2
   are best possible. An attention head with values |v_t| <= V moves by at most d V.

   Argument. For a set A of tokens let P, Q be the weights exp z inside and outside A, and P', Q' those of z'. Then
   P Q' <= g^2 P' Q with g = exp d, and so p(A) - p'(A) = (P Q' - P' Q) / ((P + Q) (P' + Q')) <= (g - 1) / (g + 1),
   because P P' + Q Q' >= 2 sqrt (P Q' P' Q) >= 2 P Q' / g. Take A = {p > p'} and its complement. No derivative of
   softmax is needed; tanh y <= y by the mean value theorem.

   Source: the rule `softmax-lipschitz` of this project; the usual proof bounds the Jacobian diag p - p p'. *)

Require Import Reals Lra List.
From Exhibit Require Import Sums.
Import ListNotations.
Open Scope R_scope.

Definition softmax {A : Type} (tokens : list A) (z : A -> R) (t : A) : R :=
  exp (z t) / sum tokens (fun s => exp (z s)).

(** tanh (d / 2) *)
Definition half_tanh (d : R) : R := (exp d - 1) / (exp d + 1).

Section Sums.
Context {A : Type}.

(** An entry of a vector that adds up to 0 is at most half of its sum norm. *)
Lemma entry_of_null_sum (l : list A) f t : In t l -> sum l f = 0 -> 2 * Rabs (f t) <= sum l (fun s => Rabs (f s)).
Proof.
  intros Ht. destruct (in_split _ _ Ht) as [l1 [l2 ->]]. rewrite !sum_app. cbn [sum fold_right]. intros H.
  pose proof (sum_abs l1 f). pose proof (sum_abs l2 f). pose proof (Rabs_triang (sum l1 f) (sum l2 f)).
  assert (E : f t = - (sum l1 f + sum l2 f)) by (unfold sum in *; lra).
  assert (Rabs (f t) = Rabs (sum l1 f + sum l2 f)) by (rewrite E; apply Rabs_Ropp). unfold sum in *. lra.
Qed.

Lemma empty_or_not (l : list A) : l = [] \/ exists t, In t l.
Proof. destruct l as [|t l]; [left; reflexivity | right; exists t; left; reflexivity]. Qed.

End Sums.

(** Two ways to split a total in two parts, whose odds differ by a factor of at most g^2. *)
Lemma odds_bound P Q P' Q' g : 1 <= g -> 0 <= P -> 0 <= Q -> 0 <= P' -> 0 <= Q' -> 0 < P + Q -> 0 < P' + Q' ->
  P * Q' <= g ^ 2 * (P' * Q) -> P / (P + Q) - P' / (P' + Q') <= (g - 1) / (g + 1).
Proof.
  intros Hg HP HQ HP' HQ' HZ HZ' H.
  assert (Hmean : 2 * (P * Q') <= g * (P * P' + Q * Q')).
  { assert (Hs : 0 <= P * P' + Q * Q') by (apply Rplus_le_le_0_compat; apply Rmult_le_pos; assumption).
    apply Rsqr_incr_0_var; [|apply Rmult_le_pos; lra]. unfold Rsqr.
    apply Rle_trans with (4 * (P * Q') * (g ^ 2 * (P' * Q))).
    - assert (0 <= P * Q') by nra. nra.
    - replace (4 * (P * Q') * (g ^ 2 * (P' * Q))) with (g ^ 2 * (4 * (P * P') * (Q * Q'))) by ring.
      replace (g * (P * P' + Q * Q') * (g * (P * P' + Q * Q'))) with (g ^ 2 * (P * P' + Q * Q') ^ 2) by ring.
      apply Rmult_le_compat_l; [apply pow2_ge_0|]. pose proof (pow2_ge_0 (P * P' - Q * Q')). lra. }
  assert (Hmean' : (g - 1) * (2 * (P * Q')) <= (g - 1) * (g * (P * P' + Q * Q'))) by (apply Rmult_le_compat_l; lra).
  apply Rmult_le_reg_r with ((P + Q) * (P' + Q') * (g + 1) * g); [repeat apply Rmult_lt_0_compat; lra|].
  replace ((P / (P + Q) - P' / (P' + Q')) * ((P + Q) * (P' + Q') * (g + 1) * g))
    with ((P * Q' - P' * Q) * (g + 1) * g) by (field; lra).
  replace ((g - 1) / (g + 1) * ((P + Q) * (P' + Q') * (g + 1) * g))
    with ((g - 1) * g * ((P * P' + Q * Q') + P * Q' + P' * Q)) by (field; lra).
  lra.
Qed.

Lemma half_tanh_le d : 0 <= d -> 2 * half_tanh d <= d.
Proof.
  intros Hd. pose proof (exp_pos d) as He.
  assert (H : 2 * (exp d - 1) <= d * (exp d + 1)).
  { destruct Hd as [Hd | <-]; [|rewrite exp_0; lra].
    pose (f x := x * (exp x + 1) - 2 * (exp x - 1)). pose (f' x := (x - 1) * exp x + 1).
    assert (Hf : forall x, 0 <= x <= d -> derivable_pt_lim f x (f' x)).
    { intros x _. unfold f'.
      replace ((x - 1) * exp x + 1) with (1 * (exp x + 1) + x * (exp x + 0) - 2 * (exp x - 0)) by ring.
      change f with (id * (exp + fct_cte 1) - mult_real_fct 2 (exp - fct_cte 1))%F.
      apply derivable_pt_lim_minus.
      - apply (derivable_pt_lim_mult id (exp + fct_cte 1)%F); [apply derivable_pt_lim_id|].
        apply derivable_pt_lim_plus; [apply derivable_pt_lim_exp | apply derivable_pt_lim_const].
      - apply derivable_pt_lim_scal.
        apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp | apply derivable_pt_lim_const]. }
    destruct (MVT_cor2 f f' 0 d Hd Hf) as [x [E [Hx _]]].
    assert (Hpos : 0 <= f' x).
    { unfold f'. assert (Hx' : - x <> 0) by lra. pose proof (exp_ineq1 (- x) Hx') as Hexp. pose proof (exp_pos x).
      assert (exp x * exp (- x) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0). nra. }
    assert (0 <= f d - f 0) by (rewrite E; nra). unfold f in *. rewrite exp_0 in *. lra. }
  unfold half_tanh. apply Rmult_le_reg_r with (exp d + 1); [lra|].
  replace (2 * ((exp d - 1) / (exp d + 1)) * (exp d + 1)) with (2 * (exp d - 1)) by (field; lra). exact H.
Qed.

Section Softmax.
Context {A : Type} (tokens : list A).

Let total (z : A -> R) := sum tokens (fun t => exp (z t)).

Lemma total_pos z t : In t tokens -> 0 < total z.
Proof.
  intros Ht. unfold total. destruct (in_split _ _ Ht) as [l1 [l2 ->]]. rewrite sum_app. cbn [sum fold_right].
  assert (P : forall l, 0 <= sum l (fun t => exp (z t))) by (intros; apply sum_nonneg; intros; left; apply exp_pos).
  pose proof (P l1). pose proof (P l2). pose proof (exp_pos (z t)). unfold sum in *. lra.
Qed.

Definition part (inside : A -> bool) (f : A -> R) : R := sum tokens (fun t => if inside t then f t else 0).

Lemma part_split inside f : sum tokens f = part inside f + part (fun t => negb (inside t)) f.
Proof. unfold part. rewrite <- sum_add. apply sum_ext. intros t _. destruct (inside t); simpl; lra. Qed.

Lemma part_nonneg inside f : (forall t, 0 <= f t) -> 0 <= part inside f.
Proof. intros H. apply sum_nonneg. intros t. destruct (inside t); [apply H | lra]. Qed.

Lemma part_le inside f g k : (forall t, In t tokens -> f t <= k * g t) -> part inside f <= k * part inside g.
Proof.
  intros H. unfold part. rewrite <- sum_scal. apply sum_le. intros t Ht. destruct (inside t); [auto | lra].
Qed.

Lemma part_softmax inside z : part inside (softmax tokens z) = part inside (fun t => exp (z t)) / total z.
Proof.
  unfold part. rewrite (sum_ext tokens _ (fun t => / total z * (if inside t then exp (z t) else 0))).
  - rewrite sum_scal. unfold Rdiv. ring.
  - intros t _. unfold softmax. fold (total z). destruct (inside t); unfold Rdiv; ring.
Qed.

Definition close (z z' : A -> R) (c d : R) : Prop := forall t, In t tokens -> Rabs (z t - z' t - c) <= d.

Lemma close_sym z z' c d : close z z' c d -> close z' z (- c) d.
Proof. intros H t Ht. rewrite <- Rabs_Ropp. replace (- (z' t - z t - - c)) with (z t - z' t - c) by ring. auto. Qed.

Lemma close_exp z z' c d t : close z z' c d -> In t tokens -> exp (z t) <= exp (c + d) * exp (z' t).
Proof.
  intros H Ht. rewrite <- exp_plus. apply exp_monotone. pose proof (H t Ht). pose proof (Rle_abs (z t - z' t - c)). lra.
Qed.

(** The mass of a set of tokens moves by at most tanh (d / 2). *)
Theorem softmax_mass z z' c d inside t : In t tokens -> 0 <= d -> close z z' c d ->
  part inside (softmax tokens z) - part inside (softmax tokens z') <= half_tanh d.
Proof.
  intros Ht Hd H. pose proof (total_pos z t Ht) as Z. pose proof (total_pos z' t Ht) as Z'.
  rewrite !part_softmax. revert Z Z'. unfold total. rewrite !(part_split inside (fun t => exp _)). intros Z Z'.
  assert (N : forall inside z, 0 <= part inside (fun t => exp (z t)))
    by (intros; apply part_nonneg; intros; left; apply exp_pos).
  apply odds_bound; try apply N; try assumption.
  - rewrite <- exp_0. apply exp_monotone. exact Hd.
  - set (outside := fun t => negb (inside t)).
    pose proof (part_le inside (fun t => exp (z t)) (fun t => exp (z' t)) (exp (c + d))
      (fun t => close_exp z z' c d t H)) as HP.
    pose proof (part_le outside (fun t => exp (z' t)) (fun t => exp (z t)) (exp (- c + d))
      (fun t => close_exp z' z (- c) d t (close_sym z z' c d H))) as HQ.
    replace (exp d ^ 2) with (exp (c + d) * exp (- c + d)) by (simpl; rewrite Rmult_1_r, <- !exp_plus; f_equal; ring).
    pose proof (N inside z). pose proof (N outside z').
    eapply Rle_trans; [apply Rmult_le_compat; [| | exact HP | exact HQ]; auto|]. right. ring.
Qed.

Theorem softmax_sum_norm z z' c d : 0 <= d -> close z z' c d ->
  sum tokens (fun t => Rabs (softmax tokens z t - softmax tokens z' t)) <= 2 * half_tanh d.
Proof.
  intros Hd H. destruct (empty_or_not tokens) as [-> | [t Ht]].
  - simpl. assert (1 <= exp d) by (rewrite <- exp_0; apply exp_monotone; exact Hd).
    assert (0 <= half_tanh d) by (apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]). lra.
  - pose (up t := if Rle_dec (softmax tokens z' t) (softmax tokens z t) then true else false).
    pose proof (softmax_mass z z' c d up t Ht Hd H).
    pose proof (softmax_mass z' z (- c) d (fun t => negb (up t)) t Ht Hd (close_sym z z' c d H)).
    set (p := softmax tokens z) in *. set (p' := softmax tokens z') in *.
    assert (E : sum tokens (fun t => Rabs (p t - p' t)) = part up p + -1 * part up p'
      + (part (fun t => negb (up t)) p' + -1 * part (fun t => negb (up t)) p)).
    { unfold part. rewrite <- !sum_scal, <- !sum_add. apply sum_ext. intros s _. unfold up.
      destruct (Rle_dec (p' s) (p s)); simpl; [rewrite Rabs_pos_eq | rewrite Rabs_left]; lra. }
    lra.
Qed.

Lemma softmax_total z t : In t tokens -> sum tokens (softmax tokens z) = 1.
Proof.
  intros Ht. pose proof (total_pos z t Ht). unfold softmax.
  rewrite (sum_ext tokens _ (fun t => / total z * exp (z t))) by (intros; unfold Rdiv, total; ring).
  rewrite sum_scal. fold (total z). field. lra.
Qed.

Theorem softmax_max_norm z z' c d t : 0 <= d -> close z z' c d -> In t tokens ->
  Rabs (softmax tokens z t - softmax tokens z' t) <= half_tanh d.
Proof.
  intros Hd H Ht. pose proof (softmax_sum_norm z z' c d Hd H).
  pose proof (entry_of_null_sum tokens (fun t => softmax tokens z t + -1 * softmax tokens z' t) t Ht) as N.
  rewrite sum_add, sum_scal, !(softmax_total _ t Ht) in N. specialize (N ltac:(lra)).
  rewrite (sum_ext tokens _ (fun t => Rabs (softmax tokens z t - softmax tokens z' t))) in N by (intros; f_equal; ring).
  replace (softmax tokens z t - softmax tokens z' t) with (softmax tokens z t + -1 * softmax tokens z' t) by ring. lra.
Qed.

Section Lipschitz.
Context (z z' : A -> R) (d : R).
Hypothesis d_nonneg : 0 <= d.
Hypothesis distance : forall t, In t tokens -> Rabs (z t - z' t) <= d.

Lemma distance_close : close z z' 0 d.
Proof. intros t Ht. rewrite Rminus_0_r. auto. Qed.

Theorem softmax_lipschitz : sum tokens (fun t => Rabs (softmax tokens z t - softmax tokens z' t)) <= d.
Proof. pose proof (softmax_sum_norm z z' 0 d d_nonneg distance_close). pose proof (half_tanh_le d d_nonneg). lra. Qed.

Theorem softmax_lipschitz_max t : In t tokens -> Rabs (softmax tokens z t - softmax tokens z' t) <= d / 2.
Proof.
  intros Ht. pose proof (softmax_max_norm z z' 0 d t d_nonneg distance_close Ht).
  pose proof (half_tanh_le d d_nonneg). lra.
Qed.

(** The output of an attention head. *)
Corollary attention_lipschitz v V : 0 <= V -> (forall t, In t tokens -> Rabs (v t) <= V) ->
  Rabs (sum tokens (fun t => softmax tokens z t * v t) - sum tokens (fun t => softmax tokens z' t * v t)) <= d * V.
Proof.
  intros HV Hv.
  replace (sum tokens (fun t => softmax tokens z t * v t) - sum tokens (fun t => softmax tokens z' t * v t))
    with (sum tokens (fun t => softmax tokens z t * v t + -1 * (softmax tokens z' t * v t)))
    by (rewrite sum_add, sum_scal; ring).
  eapply Rle_trans; [apply sum_abs|].
  apply Rle_trans with (V * sum tokens (fun t => Rabs (softmax tokens z t - softmax tokens z' t))).
  - rewrite <- sum_scal. apply sum_le. intros t Ht.
    replace (softmax tokens z t * v t + -1 * (softmax tokens z' t * v t))
      with (v t * (softmax tokens z t - softmax tokens z' t)) by ring.
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos | auto].
  - pose proof softmax_lipschitz. nra.
Qed.

End Lipschitz.
End Softmax.

(** Two tokens attain the bounds with tanh. *)
Theorem softmax_attained d : 0 <= d ->
  let z (t : bool) := if t then d / 2 else - (d / 2) in
  let p := softmax [true; false] z in
  let p' := softmax [true; false] (fun t => - z t) in
  (forall t, Rabs (z t - - z t) = d) /\ p true - p' true = half_tanh d /\ p' false - p false = half_tanh d.
Proof.
  intros Hd z p p'. split.
  - intros []; unfold z; [rewrite Rabs_pos_eq | rewrite Rabs_left1]; lra.
  - unfold p, p', softmax, z. cbn [sum fold_right]. rewrite !Ropp_involutive. unfold half_tanh.
    replace (exp d) with (exp (d / 2) / exp (- (d / 2)))
      by (unfold Rdiv at 1; rewrite <- exp_Ropp, <- exp_plus; f_equal; lra).
    pose proof (exp_pos (d / 2)). pose proof (exp_pos (- (d / 2))). split; field; repeat split; lra.
Qed.

Definition theorems := (@softmax_sum_norm, @softmax_max_norm, @softmax_attained,
  @softmax_lipschitz, @softmax_lipschitz_max, @attention_lipschitz).
Print Assumptions theorems.
