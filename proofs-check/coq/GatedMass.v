(* Gated soft minimum: an attention head that reads the minimum over some of its tokens.

   Tokens t carry values psi_t in [a, a + w] and gates rho_t; S ("inside") is a set of tokens with rho_t = 0, all others
   ("outside") have rho_t >= R. The head's logits are - beta (psi_t + rho_t), beta > 0. With m = min_{t in S} psi_t,
   lam >= 0, (|S| - 1) exp (- lam - 1) <= lam as in SoftMin.v, and leak = (|outside| / |S|) exp (- beta (R - w)):
     - the softmax mass of the tokens outside is at most leak / (1 + leak);
     - - w leak / (1 + leak) <= sum_t p_t psi_t - m <= lam / beta + w leak / (1 + leak);
     - for [0, 1] hence | sum_t p_t psi_t - m | <= lam / beta + leak, and
       | sum_t p_t psi_t - min_{t in S} f_t | <= delta + lam / beta + leak  whenever |psi_t - f_t| <= delta on S.
   R > w makes leak small for large beta; the bounds hold for every R. The lower bound is attained (psi = 1 inside, 0
   outside): with tokens outside, the soft minimum can lie below the minimum over S.

   Argument. A token inside has weight at least exp (- beta (a + w)), one outside at most exp (- beta (a + R)); this bounds
   the mass p outside. The excess over m is a mean of the tokens inside, between 0 and lam / beta by the soft-minimum gap,
   with total mass 1 - p, and of the tokens outside, between - w and w, with mass p.

   Source: the rules `softmin-gap` and `multi-head-retrieval` of this project, which make explicit the construction for
   h = D heads in arXiv:2510.06662. *)

Require Import Reals Lra List Permutation.
From Exhibit Require Import Sums SoftMin.
Import ListNotations.
Open Scope R_scope.

(** sum_t p_t psi_t with p = softmax (- beta (psi + rho)) *)
Definition gated_soft_minimum {A : Type} (beta : R) (tokens : list A) (psi rho : A -> R) : R :=
  sum tokens (fun t => psi t * exp (- beta * (psi t + rho t))) / sum tokens (fun t => exp (- beta * (psi t + rho t))).

(** sum_{t in part} p_t *)
Definition mass {A : Type} (beta : R) (part tokens : list A) (psi rho : A -> R) : R :=
  sum part (fun t => exp (- beta * (psi t + rho t))) / sum tokens (fun t => exp (- beta * (psi t + rho t))).

Definition leak (beta gate w : R) (n_outside n_inside : nat) : R :=
  INR n_outside / INR n_inside * exp (- beta * (gate - w)).

Lemma leak_nonneg beta gate w k n : (0 < n)%nat -> 0 <= leak beta gate w k n.
Proof.
  intros Hn. apply Rmult_le_pos; [|left; apply exp_pos].
  apply Rmult_le_pos; [apply pos_INR | left; apply Rinv_0_lt_compat, lt_0_INR, Hn].
Qed.

Section Gate.
Context {A : Type} (beta gate a w m : R) (tokens inside outside : list A) (psi rho : A -> R).
Hypothesis beta_pos : 0 < beta.
Hypothesis parts : Permutation tokens (inside ++ outside).
Hypothesis psi_range : forall t, In t tokens -> a <= psi t <= a + w.
Hypothesis open_gate : forall t, In t inside -> rho t = 0.
Hypothesis shut_gate : forall t, In t outside -> gate <= rho t.
Hypothesis minimum : is_minimum inside psi m.

Let weight t := exp (- beta * (psi t + rho t)).
Let L := leak beta gate w (length outside) (length inside).
Let G := gated_soft_minimum beta tokens psi rho.
Let p := mass beta outside tokens psi rho.

Lemma range t : In t inside \/ In t outside -> a <= psi t <= a + w.
Proof. intros. apply psi_range, (Permutation_in _ (Permutation_sym parts)), in_or_app. assumption. Qed.

Lemma inside_nonempty : (0 < length inside)%nat.
Proof. destruct minimum as [[t [Ht _]] _]. destruct inside; [contradiction | apply Nat.lt_0_succ]. Qed.

Lemma inside_weight_ge : INR (length inside) * exp (- beta * (a + w)) <= sum inside weight.
Proof.
  rewrite <- sum_const. apply sum_le. intros t Ht. unfold weight. rewrite (open_gate t Ht).
  pose proof (range t (or_introl Ht)). apply exp_monotone. nra.
Qed.

Lemma outside_weight_nonneg : 0 <= sum outside weight.
Proof.
  replace 0 with (sum outside (fun _ => 0)) by (rewrite sum_const; lra).
  apply sum_le. intros. left. apply exp_pos.
Qed.

Lemma outside_weight_le : sum outside weight <= L * sum inside weight.
Proof.
  apply Rle_trans with (INR (length outside) * exp (- beta * (a + gate))).
  - rewrite <- sum_const. apply sum_le. intros t Ht. unfold weight.
    pose proof (range t (or_intror Ht)). pose proof (shut_gate t Ht). apply exp_monotone. nra.
  - replace (INR (length outside) * exp (- beta * (a + gate))) with (L * (INR (length inside) * exp (- beta * (a + w)))).
    + apply Rmult_le_compat_l; [apply leak_nonneg, inside_nonempty | exact inside_weight_ge].
    + unfold L, leak. replace (- beta * (a + gate)) with (- beta * (gate - w) + - beta * (a + w)) by ring. rewrite exp_plus.
      pose proof (lt_0_INR _ inside_nonempty). field. lra.
Qed.

Lemma inside_weight_pos : 0 < sum inside weight.
Proof. pose proof inside_weight_ge. pose proof (lt_0_INR _ inside_nonempty).
  pose proof (exp_pos (- beta * (a + w))). nra. Qed.

Lemma total_weight : sum tokens weight = sum inside weight + sum outside weight.
Proof. rewrite (sum_permutation _ _ _ parts). apply sum_app. Qed.

Lemma total_weight_pos : 0 < sum tokens weight.
Proof. rewrite total_weight. pose proof inside_weight_pos. pose proof outside_weight_nonneg. lra. Qed.

Theorem gated_mass : 0 <= p <= L / (1 + L).
Proof.
  pose proof inside_weight_pos as Zi. pose proof outside_weight_nonneg as Zo. pose proof outside_weight_le as HL.
  pose proof (leak_nonneg beta gate w (length outside) _ inside_nonempty : 0 <= L).
  pose proof total_weight_pos as Z. unfold p, mass. fold weight. split.
  - apply Rmult_le_pos; [exact Zo | left; apply Rinv_0_lt_compat; exact Z].
  - apply Rmult_le_reg_r with (sum tokens weight * (1 + L)); [nra|].
    replace (sum outside weight / sum tokens weight * (sum tokens weight * (1 + L))) with (sum outside weight * (1 + L))
      by (field; lra).
    replace (L / (1 + L) * (sum tokens weight * (1 + L))) with (L * sum tokens weight) by (field; lra).
    rewrite total_weight. nra.
Qed.

Lemma inside_excess_ge : 0 <= sum inside (fun t => (psi t - m) * weight t).
Proof.
  replace 0 with (sum inside (fun _ => 0)) by (rewrite sum_const; lra).
  apply sum_le. intros t Ht. destruct minimum as [_ Hm]. specialize (Hm t Ht).
  apply Rmult_le_pos; [lra | left; apply exp_pos].
Qed.

Lemma inside_excess_le lam : (INR (length inside) - 1) * exp (- lam - 1) <= lam ->
  sum inside (fun t => (psi t - m) * weight t) <= lam / beta * sum inside weight.
Proof.
  intros Hlam. pose proof (excess_weight_le beta lam m inside psi minimum Hlam) as H.
  apply Rminus_le. rewrite <- sum_scal, <- sum_sub.
  rewrite (sum_ext inside _
    (fun t => exp (- beta * m) / beta * ((beta * (psi t - m) - lam) * exp (- (beta * (psi t - m)))))).
  - rewrite sum_scal.
    assert (0 < exp (- beta * m) / beta) by (apply Rdiv_lt_0_compat; [apply exp_pos | exact beta_pos]). nra.
  - intros t Ht. unfold weight. rewrite (open_gate t Ht).
    replace (- beta * (psi t + 0)) with (- beta * m + - (beta * (psi t - m))) by ring. rewrite exp_plus. field. lra.
Qed.

Lemma gap_nonneg lam : (INR (length inside) - 1) * exp (- lam - 1) <= lam -> 0 <= lam / beta.
Proof.
  intros Hlam. pose proof inside_excess_ge. pose proof (inside_excess_le lam Hlam). pose proof inside_weight_pos. nra.
Qed.

Lemma width_nonneg : 0 <= w.
Proof. destruct minimum as [[t [Ht _]] _]. pose proof (range t (or_introl Ht)). lra. Qed.

Lemma outside_excess :
  - (w * sum outside weight) <= sum outside (fun t => (psi t - m) * weight t) <= w * sum outside weight.
Proof.
  assert (Hm : a <= m <= a + w) by (destruct minimum as [[t [Ht <-]] _]; apply range; auto).
  replace (- (w * sum outside weight)) with (sum outside (fun t => - w * weight t)) by (rewrite sum_scal; ring).
  rewrite <- sum_scal.
  split; apply sum_le; intros t Ht; pose proof (range t (or_intror Ht));
    pose proof (exp_pos (- beta * (psi t + rho t))); unfold weight; nra.
Qed.

Lemma excess : (G - m) * sum tokens weight
  = sum inside (fun t => (psi t - m) * weight t) + sum outside (fun t => (psi t - m) * weight t).
Proof.
  rewrite <- sum_app, <- (sum_permutation _ _ _ parts). pose proof total_weight_pos as Z.
  unfold G, gated_soft_minimum. fold weight.
  rewrite (sum_ext tokens (fun t => (psi t - m) * weight t) (fun t => psi t * weight t - m * weight t))
    by (intros; ring).
  rewrite sum_sub, sum_scal. unfold weight in *. field. lra.
Qed.

Theorem gated_soft_minimum_gap lam : (INR (length inside) - 1) * exp (- lam - 1) <= lam ->
  - (w * (L / (1 + L))) <= G - m <= lam / beta + w * (L / (1 + L)).
Proof.
  intros Hlam. pose proof gated_mass as [_ Hp]. fold p in Hp.
  pose proof total_weight_pos as Z. pose proof total_weight as Hsum. pose proof outside_weight_nonneg.
  pose proof inside_excess_ge. pose proof (inside_excess_le lam Hlam). pose proof outside_excess.
  pose proof (gap_nonneg lam Hlam).
  pose proof excess as E.
  assert (Ep : p * sum tokens weight = sum outside weight) by (unfold p, mass; fold weight; field; lra).
  pose proof width_nonneg as W. assert (Hw : w * p <= w * (L / (1 + L))) by (apply Rmult_le_compat_l; assumption).
  assert (Ew : w * p * sum tokens weight = w * sum outside weight) by (rewrite <- Ep; ring).
  split.
  - apply Rle_trans with (- (w * p)); [lra|]. apply Rmult_le_reg_r with (sum tokens weight); [exact Z | nra].
  - apply Rle_trans with (lam / beta + w * p); [|lra]. apply Rmult_le_reg_r with (sum tokens weight); [exact Z | nra].
Qed.

Lemma leak_fraction : L / (1 + L) <= L.
Proof.
  pose proof (leak_nonneg beta gate w (length outside) _ inside_nonempty : 0 <= L).
  apply Rmult_le_reg_r with (1 + L); [lra|].
  replace (L / (1 + L) * (1 + L)) with L by (field; lra). nra.
Qed.

Corollary gated_soft_minimum_error lam : (INR (length inside) - 1) * exp (- lam - 1) <= lam ->
  Rabs (G - m) <= lam / beta + w * L.
Proof.
  intros Hlam. pose proof (gated_soft_minimum_gap lam Hlam). pose proof width_nonneg.
  assert (w * (L / (1 + L)) <= w * L) by (apply Rmult_le_compat_l; [assumption | exact leak_fraction]).
  pose proof (gap_nonneg lam Hlam). apply Rabs_le. lra.
Qed.

End Gate.

(** psi approximates f on S: the head's error against the minimum of f. *)
Theorem retrieval_error {A : Type} beta gate (tokens inside outside : list A) psi rho f z lam delta :
  0 < beta ->
  Permutation tokens (inside ++ outside) ->
  (forall t, In t tokens -> 0 <= psi t <= 1) ->
  (forall t, In t inside -> rho t = 0) ->
  (forall t, In t outside -> gate <= rho t) ->
  (INR (length inside) - 1) * exp (- lam - 1) <= lam ->
  is_minimum inside f z -> (forall t, In t inside -> Rabs (psi t - f t) <= delta) ->
  Rabs (gated_soft_minimum beta tokens psi rho - z)
  <= delta + lam / beta + leak beta gate 1 (length outside) (length inside).
Proof.
  intros Hbeta Hparts Hpsi Hopen Hshut Hlam [[s [Hs Es]] Hz] Hd.
  destruct (minimum_exists inside psi) as [m Hmin]; [intros E; rewrite E in Hs; contradiction|].
  assert (Hpsi' : forall t, In t tokens -> 0 <= psi t <= 0 + 1) by (intros t Ht; pose proof (Hpsi t Ht); lra).
  pose proof (gated_soft_minimum_error beta gate 0 1 m tokens inside outside psi rho
    Hbeta Hparts Hpsi' Hopen Hshut Hmin lam Hlam) as HG.
  assert (Rabs (m - z) <= delta).
  { destruct Hmin as [[t [Ht Et]] Hm].
    pose proof (Hd t Ht). pose proof (Hd s Hs). pose proof (Hz t Ht). pose proof (Hm s Hs).
    pose proof (Rle_abs (psi s - f s)). pose proof (Rle_abs (- (psi t - f t))) as At. rewrite Rabs_Ropp in At.
    apply Rabs_le. lra. }
  set (G := gated_soft_minimum beta tokens psi rho) in *.
  replace (G - z) with ((G - m) + (m - z)) by ring. pose proof (Rabs_triang (G - m) (m - z)). lra.
Qed.

(** The lower bound is attained: n + 1 tokens inside with value 1, k tokens outside with value 0. *)
Theorem leak_attained beta gate n k :
  let tokens := repeat true (S n) ++ repeat false k in
  let psi (inside : bool) := if inside then 1 else 0 in
  let rho (inside : bool) := if inside then 0 else gate in
  let L := leak beta gate 1 k (S n) in
  gated_soft_minimum beta tokens psi rho - 1 = - (L / (1 + L)).
Proof.
  intros tokens psi rho L. unfold gated_soft_minimum, tokens. rewrite !sum_app.
  rewrite !sum_repeat. unfold psi, rho. rewrite Rplus_0_r, Rplus_0_l.
  assert (E : INR k * exp (- beta * gate) = L * (INR (S n) * exp (- beta * 1))).
  { unfold L, leak. replace (- beta * gate) with (- beta * (gate - 1) + - beta * 1) by ring. rewrite exp_plus.
    field. apply not_0_INR. discriminate. }
  pose proof (leak_nonneg beta gate 1 k (S n) (Nat.lt_0_succ n) : 0 <= L).
  assert (0 < INR (S n) * exp (- beta * 1)).
  { apply Rmult_lt_0_compat; [apply lt_0_INR, Nat.lt_0_succ | apply exp_pos]. }
  rewrite E. field. nra.
Qed.

Definition theorems := (@gated_mass, @gated_soft_minimum_gap, @retrieval_error, @leak_attained).
Print Assumptions theorems.
