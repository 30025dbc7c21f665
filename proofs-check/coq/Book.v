(* The lemmas of the book (lemmas/*.txt), in the words in which they are printed from there.

   A test prints each entry as a goal and closes it with `exact` and the theorem that it names, so that what prover and
   checker read cannot drift apart from what is proved here. Tokens are natural numbers; a set is a list of them, and a
   union of sets one list behind the other. Each theorem has its source and its argument in the book. *)

Require Import Reals Lra Lia List Permutation.
From Exhibit Require Import Sums SoftMin GatedMass SoftmaxLipschitz.
Import ListNotations.
Open Scope R_scope.

(** The least and the largest value of f over tokens; 0 where there are none. *)
Definition minimum (tokens : list nat) (f : nat -> R) : R :=
  match tokens with [] => 0 | t :: rest => fold_right (fun s m => Rmin (f s) m) (f t) rest end.
Definition maximum (tokens : list nat) (f : nat -> R) : R :=
  match tokens with [] => 0 | t :: rest => fold_right (fun s m => Rmax (f s) m) (f t) rest end.

(** Entry t of the softmax of z. *)
Definition softmax (tokens : list nat) (z : nat -> R) (t : nat) : R := exp (z t) / sum tokens (fun s => exp (z s)).

Lemma size_pos (l : list nat) : INR (length l) >= 1 -> l <> [].
Proof. intros H ->. simpl in H. lra. Qed.

Lemma minimum_is (tokens : list nat) f : INR (length tokens) >= 1 -> is_minimum tokens f (minimum tokens f).
Proof.
  intros H. destruct tokens as [|t rest]; [simpl in H; lra|]. clear H. cbn [minimum].
  induction rest as [|s rest IH]; cbn [fold_right]; [split; [exists t; simpl; auto | intros r [<-|[]]; lra]|].
  destruct IH as [[r [Hr Er]] Hm]. split.
  - destruct (Rle_dec (f s) (fold_right (fun s m => Rmin (f s) m) (f t) rest)) as [Hle|Hle].
    + exists s. rewrite Rmin_left by exact Hle. simpl; auto.
    + exists r. rewrite Rmin_right by lra. split; [simpl in *; tauto | exact Er].
  - intros q [<-|[<-|Hq]].
    + eapply Rle_trans; [apply Rmin_r | apply Hm; simpl; auto].
    + apply Rmin_l.
    + eapply Rle_trans; [apply Rmin_r | apply Hm; simpl; auto].
Qed.

Lemma maximum_opp (tokens : list nat) f : maximum tokens f = - minimum tokens (fun t => - f t).
Proof.
  destruct tokens as [|t rest]; cbn [minimum maximum]; [lra|].
  induction rest as [|s rest IH]; cbn [fold_right]; [lra|].
  rewrite IH. rewrite Ropp_Rmin. rewrite !Ropp_involutive. reflexivity.
Qed.

Lemma softmax_mean (tokens : list nat) z f :
  sum tokens (fun t => softmax tokens z t * f t) = sum tokens (fun t => f t * exp (z t)) / sum tokens (fun t => exp (z t)).
Proof.
  unfold softmax, Rdiv. rewrite Rmult_comm, <- sum_scal. apply sum_ext. intros. ring.
Qed.

Lemma total_pos (tokens : list nat) z : INR (length tokens) >= 1 -> 0 < sum tokens (fun t => exp (z t)).
Proof.
  intros H. destruct tokens as [|t rest]; [simpl in H; lra|].
  apply (sum_pos _ _ t); [simpl; auto | intros; apply exp_pos].
Qed.

(** A mean lies between bounds of its values. *)
Lemma mean_between (tokens : list nat) z f lo hi : INR (length tokens) >= 1 ->
  (forall t, In t tokens -> lo <= f t <= hi) ->
  lo <= sum tokens (fun t => softmax tokens z t * f t) <= hi.
Proof.
  intros HT Hf. pose proof (total_pos tokens z HT) as Z. rewrite softmax_mean.
  set (total := sum tokens (fun t => exp (z t))) in *.
  assert (E : forall c, c = c * total / total) by (intros; field; lra).
  split.
  - rewrite (E lo). unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Z|].
    unfold total. rewrite <- sum_scal. apply sum_le. intros t Ht. pose proof (Hf t Ht). pose proof (exp_pos (z t)). nra.
  - rewrite (E hi). unfold Rdiv. apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Z|].
    unfold total. rewrite <- sum_scal. apply sum_le. intros t Ht. pose proof (Hf t Ht). pose proof (exp_pos (z t)). nra.
Qed.

Theorem mean_range (I : list nat) (psi z : nat -> R) (a w : R) :
  let y := sum I (fun t => softmax I (fun s => z s) t * psi t) in
  INR (length I) >= 1 -> (forall t, In t I -> a <= psi t <= a + w) -> a <= y <= a + w.
Proof. intros y H Hf. apply mean_between; assumption. Qed.

Theorem soft_minimum (I : list nat) (psi : nat -> R) (beta lambda : R) :
  let y := sum I (fun t => softmax I (fun s => - beta * psi s) t * psi t) in
  INR (length I) >= 1 -> beta > 0 -> (INR (length I) - 1) * exp (- lambda - 1) <= lambda ->
  0 <= y - minimum I (fun t => psi t) <= lambda / beta.
Proof.
  intros y HI Hb Hl. unfold y. rewrite softmax_mean.
  apply (soft_minimum_gap beta I psi _ Hb (minimum_is I psi HI) lambda Hl).
Qed.

(** n (v - mu) e^-v <= mu for v in [0, u], where mu = n u/(e^u + n) and u - 1 <= n e^-u: by the tangent of exp at u. *)
Lemma token_in_range n u v : 0 <= n -> 0 <= u -> u - 1 <= n * exp (- u) -> v <= u ->
  n * (v - n * u / (exp u + n)) * exp (- v) <= n * u / (exp u + n).
Proof.
  intros Hn Hu H Hv. pose proof (exp_pos u) as Eu. pose proof (exp_pos (- v)) as Ev.
  set (mu := n * u / (exp u + n)).
  assert (Hmu : mu * (exp u + n) = n * u) by (unfold mu; field; lra).
  assert (slope : mu * exp u <= n).
  { assert (U : (u - 1) * exp u <= n).
    { apply Rle_trans with (n * exp (- u) * exp u); [apply Rmult_le_compat_r; lra|].
      right. rewrite Rmult_assoc, <- exp_plus. replace (- u + u) with 0 by lra. rewrite exp_0. ring. }
    apply Rmult_le_reg_r with (exp u + n); [lra|].
    replace (mu * exp u * (exp u + n)) with (n * u * exp u) by (rewrite <- Hmu; ring). nra. }
  assert (tangent : exp u * (1 + v - u) <= exp v).
  { replace (exp v) with (exp u * exp (v - u)) by (rewrite <- exp_plus; f_equal; lra).
    apply Rmult_le_compat_l; [lra|]. pose proof (exp_ge_1_plus (v - u)). lra. }
  assert (Hm : 0 <= mu) by (unfold mu; apply Rmult_le_pos; [nra | left; apply Rinv_0_lt_compat; lra]).
  assert (level : n * v <= mu * (exp v + n)).
  { assert (mu * (exp u * (1 + v - u)) <= mu * exp v) by (apply Rmult_le_compat_l; assumption). nra. }
  assert (E : exp v * exp (- v) = 1) by (rewrite <- exp_plus; replace (v + - v) with 0 by lra; apply exp_0).
  replace mu with (mu * (exp v + n) * exp (- v) - n * mu * exp (- v)) at 2
    by (replace (mu * (exp v + n) * exp (- v)) with (mu * (exp v * exp (- v)) + n * mu * exp (- v)) by ring; rewrite E; ring).
  assert (n * v * exp (- v) <= mu * (exp v + n) * exp (- v)) by (apply Rmult_le_compat_r; lra). nra.
Qed.

Theorem soft_minimum_in_range (I : list nat) (psi : nat -> R) (beta a w n : R) :
  let y := sum I (fun t => softmax I (fun s => - beta * psi s) t * psi t) in
  INR (length I) >= 1 -> n = INR (length I) - 1 -> beta > 0 -> (forall t, In t I -> a <= psi t <= a + w) ->
  beta * w - 1 <= n * exp (- beta * w) ->
  0 <= y - minimum I (fun t => psi t) <= n * w / (exp (beta * w) + n).
Proof.
  intros y HI Hn Hb Hr Hs. set (m := minimum I (fun t => psi t)).
  assert (Hm : is_minimum I psi m) by exact (minimum_is I psi HI). clearbody m.
  unfold y. rewrite softmax_mean. fold (SoftMin.soft_minimum beta I psi).
  pose proof (SoftMin.total_weight_pos beta I psi m Hm) as Z. set (total := sum I (fun t => exp (- beta * psi t))) in *.
  split; [apply (soft_minimum_ge beta I psi m Hm)|].
  assert (Hw : 0 <= w) by (destruct Hm as [[t [Ht _]] _]; pose proof (Hr t Ht); lra).
  set (u := beta * w). assert (Hu : 0 <= u) by (unfold u; nra).
  assert (Hn0 : 0 <= n) by lra.
  set (mu := n * u / (exp u + n)). pose proof (exp_pos u) as Eu.
  replace (n * w / (exp u + n)) with (mu / beta) by (unfold mu, u; field; fold u; split; lra).
  assert (sumall : sum I (fun t => (beta * (psi t - m) - mu) * exp (- (beta * (psi t - m)))) <= 0).
  { destruct Hm as [[t [Ht Et]] Hmin]. destruct (in_split _ _ Ht) as [l1 [l2 El]].
    assert (each : forall s, In s I -> n * ((beta * (psi s - m) - mu) * exp (- (beta * (psi s - m)))) <= mu).
    { intros s Hs'. pose proof (Hr s Hs'). pose proof (Hr t Ht). pose proof (Hmin s Hs').
      replace (n * ((beta * (psi s - m) - mu) * exp (- (beta * (psi s - m)))))
        with (n * (beta * (psi s - m) - mu) * exp (- (beta * (psi s - m)))) by ring.
      apply (token_in_range n u); [exact Hn0 | exact Hu | |].
      - unfold u. replace (- (beta * w)) with (- beta * w) by ring. exact Hs.
      - unfold u. apply Rmult_le_compat_l; lra. }
    destruct (Rle_lt_or_eq_dec 0 n Hn0) as [Hpos|Hzero].
    - assert (rest : forall l, (forall s, In s l -> In s I) ->
        sum l (fun s => (beta * (psi s - m) - mu) * exp (- (beta * (psi s - m)))) <= INR (length l) * (mu / n)).
      { intros l Hl. rewrite <- sum_const. apply sum_le. intros s Hs'. apply Rmult_le_reg_l with n; [exact Hpos|].
        replace (n * (mu / n)) with mu by (field; lra). apply each, Hl, Hs'. }
      rewrite El in Hn. rewrite app_length, plus_INR in Hn. cbn [length] in Hn. rewrite S_INR in Hn.
      rewrite El at 1. rewrite sum_app. cbn [sum fold_right]. rewrite Et. replace (beta * (m - m)) with 0 by ring.
      rewrite Ropp_0, exp_0.
      assert (R1 : forall s, In s l1 -> In s I) by (intros s Hs'; rewrite El; apply in_or_app; auto).
      assert (R2 : forall s, In s l2 -> In s I) by (intros s Hs'; rewrite El; apply in_or_app; simpl; auto).
      pose proof (rest l1 R1). pose proof (rest l2 R2). unfold sum in *.
      assert (INR (length l1) * (mu / n) + INR (length l2) * (mu / n) = mu)
        by (replace mu with (n * (mu / n)) at 3 by (field; lra); rewrite Hn; ring).
      lra.
    - assert (one : I = [t]).
      { rewrite El in Hn. rewrite app_length, plus_INR in Hn. cbn [length] in Hn. rewrite S_INR in Hn.
        pose proof (pos_INR (length l1)). pose proof (pos_INR (length l2)). rewrite El.
        destruct l1 as [|x l1]; [|cbn [length] in *; rewrite S_INR in *; pose proof (pos_INR (length l1)); lra].
        destruct l2 as [|x l2]; [reflexivity|cbn [length] in *; rewrite !S_INR in *; pose proof (pos_INR (length l2)); lra]. }
      rewrite one. cbn [sum fold_right]. rewrite Et. unfold mu. rewrite <- Hzero.
      replace (beta * (m - m) - 0 * u / (exp u + 0)) with 0 by (field; lra). lra. }
  assert (E : SoftMin.soft_minimum beta I psi - m - mu / beta
    = exp (- beta * m) / beta / total * sum I (fun t => (beta * (psi t - m) - mu) * exp (- (beta * (psi t - m))))).
  { replace (SoftMin.soft_minimum beta I psi - m - mu / beta) with (SoftMin.soft_minimum beta I psi - (m + mu / beta)) by ring.
    rewrite (soft_minimum_sub beta I psi m Hm). fold total.
    rewrite (sum_ext I _ (fun t => exp (- beta * m) / beta * ((beta * (psi t - m) - mu) * exp (- (beta * (psi t - m)))))).
    - rewrite sum_scal. field. lra.
    - intros t _. replace (- beta * psi t) with (- beta * m + - (beta * (psi t - m))) by ring. rewrite exp_plus. field. lra. }
  assert (C : 0 <= exp (- beta * m) / beta / total) by (left; repeat apply Rdiv_lt_0_compat; try assumption; apply exp_pos).
  pose proof (Rmult_le_compat_l _ _ _ C sumall). lra.
Qed.

Theorem gated_minimum (I O : list nat) (psi rho : nat -> R) (beta a w g lambda : R) :
  let y := sum (I ++ O) (fun t => softmax (I ++ O) (fun s => - beta * (psi s + rho s)) t * psi t) in
  let k := INR (length O) / INR (length I) * exp (beta * (w - g)) in
  INR (length I) >= 1 -> beta > 0 -> (forall t, In t (I ++ O) -> a <= psi t <= a + w) ->
  (forall t, In t I -> rho t = 0) -> (forall t, In t O -> rho t >= g) ->
  (INR (length I) - 1) * exp (- lambda - 1) <= lambda ->
  (- w * k / (1 + k) <= y - minimum I (fun t => psi t) <= lambda / beta + w * k / (1 + k)) /\ (a <= y <= a + w).
Proof.
  intros y k HI Hb Hr Ho Hs Hl.
  assert (HT : INR (length (I ++ O)) >= 1) by (rewrite app_length, plus_INR; pose proof (pos_INR (length O)); lra).
  split; [|apply mean_between; assumption].
  pose proof (gated_soft_minimum_gap beta g a w (minimum I psi) (I ++ O) I O psi rho Hb (Permutation_refl _) Hr Ho
    (fun t Ht => Rge_le _ _ (Hs t Ht)) (minimum_is I psi HI) lambda Hl) as H.
  assert (Ek : leak beta g w (length O) (length I) = k)
    by (unfold leak, k; replace (- beta * (g - w)) with (beta * (w - g)) by ring; reflexivity).
  rewrite Ek in H.
  assert (Hk : 0 <= k) by (rewrite <- Ek; apply leak_nonneg; apply INR_lt; simpl; lra).
  replace (- w * k / (1 + k)) with (- (w * (k / (1 + k)))) by (field; lra).
  replace (w * k / (1 + k)) with (w * (k / (1 + k))) by (field; lra).
  unfold y. rewrite softmax_mean. exact H.
Qed.

Lemma softmax_opp (tokens : list nat) z f :
  sum tokens (fun t => softmax tokens z t * f t) = - sum tokens (fun t => softmax tokens z t * - f t).
Proof.
  rewrite (sum_ext tokens (fun t => softmax tokens z t * - f t) (fun t => - 1 * (softmax tokens z t * f t)))
    by (intros; ring). rewrite sum_scal. ring.
Qed.

Lemma softmax_ext (tokens : list nat) z z' t : (forall s, z s = z' s) -> softmax tokens z t = softmax tokens z' t.
Proof. intros H. unfold softmax. rewrite H. f_equal. apply sum_ext. intros; rewrite H; reflexivity. Qed.

Theorem soft_maximum (I : list nat) (psi : nat -> R) (beta lambda : R) :
  let y := sum I (fun t => softmax I (fun s => beta * psi s) t * psi t) in
  INR (length I) >= 1 -> beta > 0 -> (INR (length I) - 1) * exp (- lambda - 1) <= lambda ->
  - lambda / beta <= y - maximum I (fun t => psi t) <= 0.
Proof.
  intros y HI Hb Hl. pose proof (soft_minimum I (fun t => - psi t) beta lambda HI Hb Hl) as H. cbn beta zeta in H.
  unfold y. rewrite softmax_opp, maximum_opp.
  rewrite (sum_ext I _ (fun t => softmax I (fun s => - beta * - psi s) t * - psi t)).
  - replace (- lambda / beta) with (- (lambda / beta)) by (field; lra). lra.
  - intros t _. f_equal. apply softmax_ext. intros; ring.
Qed.

Theorem gated_maximum (I O : list nat) (psi rho : nat -> R) (beta a w g lambda : R) :
  let y := sum (I ++ O) (fun t => softmax (I ++ O) (fun s => beta * (psi s - rho s)) t * psi t) in
  let k := INR (length O) / INR (length I) * exp (beta * (w - g)) in
  INR (length I) >= 1 -> beta > 0 -> (forall t, In t (I ++ O) -> a <= psi t <= a + w) ->
  (forall t, In t I -> rho t = 0) -> (forall t, In t O -> rho t >= g) ->
  (INR (length I) - 1) * exp (- lambda - 1) <= lambda ->
  (- lambda / beta - w * k / (1 + k) <= y - maximum I (fun t => psi t) <= w * k / (1 + k)) /\ (a <= y <= a + w).
Proof.
  intros y k HI Hb Hr Ho Hs Hl.
  assert (HT : INR (length (I ++ O)) >= 1) by (rewrite app_length, plus_INR; pose proof (pos_INR (length O)); lra).
  split; [|apply mean_between; assumption].
  assert (Hr' : forall t, In t (I ++ O) -> - a - w <= - psi t <= - a - w + w) by (intros t Ht; pose proof (Hr t Ht); lra).
  destruct (gated_minimum I O (fun t => - psi t) rho beta (- a - w) w g lambda HI Hb Hr' Ho Hs Hl) as [H _].
  cbn beta zeta in H. fold k in H. unfold y. rewrite softmax_opp, maximum_opp.
  rewrite (sum_ext (I ++ O) _ (fun t => softmax (I ++ O) (fun s => - beta * (- psi s + rho s)) t * - psi t)).
  - replace (- lambda / beta) with (- (lambda / beta)) by (field; lra).
    replace (- w * k / (1 + k)) with (- (w * k / (1 + k))) in H by (unfold Rdiv; ring). lra.
  - intros t _. f_equal. apply softmax_ext. intros; ring.
Qed.

Lemma tanh_half D : tanh (D / 4) = half_tanh (D / 2).
Proof.
  unfold tanh, sinh, cosh, half_tanh. replace (D / 2) with (D / 4 + D / 4) by lra.
  rewrite exp_plus, exp_Ropp. pose proof (exp_pos (D / 4)). field. split; nra.
Qed.

Theorem attention_contraction (T : list nat) (z u v : nat -> R) (b D a w : R) :
  let y := sum T (fun t => softmax T (fun s => z s) t * v t) in
  let x := sum T (fun t => softmax T (fun s => u s) t * v t) in
  INR (length T) >= 1 -> (forall t, In t T -> b <= z t - u t <= b + D) -> (forall t, In t T -> a <= v t <= a + w) ->
  - w * tanh (D / 4) <= y - x <= w * tanh (D / 4).
Proof.
  intros y x HT Hz Hv. assert (Hin : exists t0, In t0 T) by (clear - HT; destruct T; [simpl in HT; lra | eexists; simpl; auto]).
  destruct Hin as [t0 Ht0].
  assert (Hw : 0 <= w) by (pose proof (Hv t0 Ht0); lra). assert (HD : 0 <= D) by (pose proof (Hz t0 Ht0); lra).
  set (p := SoftmaxLipschitz.softmax T z). set (q := SoftmaxLipschitz.softmax T u).
  assert (Hc : close T z u (b + D / 2) (D / 2))
    by (intros t Ht; pose proof (Hz t Ht); apply Rabs_le; lra).
  assert (Hd : 0 <= D / 2) by lra. pose proof (softmax_sum_norm T z u _ _ Hd Hc) as H. fold p q in H.
  rewrite <- tanh_half in H.
  assert (E : y - x = sum T (fun t => (p t - q t) * (v t - (a + w / 2)))).
  { rewrite (sum_ext T _ (fun t => (p t * v t - q t * v t) - (a + w / 2) * (p t - q t))) by (intros; ring).
    rewrite sum_sub, sum_scal, !sum_sub.
    assert (Sp : sum T p = 1) by exact (softmax_total T z t0 Ht0).
    assert (Sq : sum T q = 1) by exact (softmax_total T u t0 Ht0).
    rewrite Sp, Sq. change (y - x = sum T (fun t => p t * v t) - sum T (fun t => q t * v t) - (a + w / 2) * (1 - 1)).
    change y with (sum T (fun t => p t * v t)). change x with (sum T (fun t => q t * v t)). ring. }
  assert (B : Rabs (y - x) <= w * tanh (D / 4)).
  { rewrite E. eapply Rle_trans; [apply sum_abs|].
    apply Rle_trans with (w / 2 * sum T (fun t => Rabs (p t - q t))); [|nra].
    rewrite <- sum_scal. apply sum_le. intros t Ht. rewrite Rabs_mult, Rmult_comm.
    apply Rmult_le_compat_r; [apply Rabs_pos|]. pose proof (Hv t Ht). apply Rabs_le. lra. }
  pose proof (Rle_abs (y - x)). pose proof (Rle_abs (- (y - x))) as Hn. rewrite Rabs_Ropp in Hn. lra.
Qed.

Theorem mass_range (J O : list nat) (z : nat -> R) (b D : R) :
  let y := sum J (fun t => softmax (J ++ O) (fun s => z s) t) in
  INR (length J) >= 1 -> D >= 0 -> (forall t, In t (J ++ O) -> b <= z t <= b + D) ->
  INR (length J) / (INR (length J) + INR (length O) * exp D) <= y
  <= INR (length J) / (INR (length J) + INR (length O) * exp (- D)).
Proof.
  intros y HJ HD Hz. set (j := INR (length J)) in *. set (o := INR (length O)).
  assert (Ho : 0 <= o) by apply pos_INR. pose proof (exp_pos b) as Eb. pose proof (exp_pos D) as ED.
  pose proof (exp_pos (- D)) as En.
  set (A := sum J (fun t => exp (z t))). set (B := sum O (fun t => exp (z t))).
  assert (bounds : forall l, (forall t, In t l -> In t (J ++ O)) ->
    INR (length l) * exp b <= sum l (fun t => exp (z t)) <= INR (length l) * (exp b * exp D)).
  { intros l Hl. rewrite <- exp_plus, <- !sum_const.
    split; apply sum_le; intros t Ht; apply exp_monotone; apply (Hz t (Hl t Ht)). }
  pose proof (bounds J (fun t Ht => in_or_app J O t (or_introl Ht))) as HA.
  pose proof (bounds O (fun t Ht => in_or_app J O t (or_intror Ht))) as HB. fold A j in HA. fold B o in HB.
  assert (E : y = A / (A + B)).
  { unfold y, softmax, A, B. rewrite <- sum_app. unfold Rdiv. rewrite Rmult_comm, <- sum_scal.
    apply sum_ext. intros. apply Rmult_comm. }
  assert (PA : 0 < A) by (destruct HA; nra). assert (PB : 0 <= B) by (destruct HB; nra).
  assert (Einv : exp D * exp (- D) = 1) by (rewrite <- exp_plus, Rplus_opp_r; apply exp_0).
  assert (P1 : 0 < j + o * exp D) by nra. assert (P2 : 0 < j + o * exp (- D)) by nra.
  rewrite E. split.
  - apply Rmult_le_reg_r with ((j + o * exp D) * (A + B)); [apply Rmult_lt_0_compat; lra|].
    replace (j / (j + o * exp D) * ((j + o * exp D) * (A + B))) with (j * (A + B)) by (field; lra).
    replace (A / (A + B) * ((j + o * exp D) * (A + B))) with (A * (j + o * exp D)) by (field; lra).
    assert (j * B <= o * exp D * A); [|nra].
    apply Rle_trans with (j * (o * (exp b * exp D))); [apply Rmult_le_compat_l; lra|].
    replace (j * (o * (exp b * exp D))) with (o * exp D * (j * exp b)) by ring. apply Rmult_le_compat_l; [nra | lra].
  - apply Rmult_le_reg_r with ((j + o * exp (- D)) * (A + B)); [apply Rmult_lt_0_compat; lra|].
    replace (j / (j + o * exp (- D)) * ((j + o * exp (- D)) * (A + B))) with (j * (A + B)) by (field; lra).
    replace (A / (A + B) * ((j + o * exp (- D)) * (A + B))) with (A * (j + o * exp (- D))) by (field; lra).
    assert (A * (o * exp (- D)) <= j * B); [|nra].
    apply Rle_trans with (j * (exp b * exp D) * (o * exp (- D))); [apply Rmult_le_compat_r; [nra | lra]|].
    replace (j * (exp b * exp D) * (o * exp (- D))) with (j * (o * exp b) * (exp D * exp (- D))) by ring.
    rewrite Einv, Rmult_1_r. apply Rmult_le_compat_l; lra.
Qed.

(** Between softmaxes here and those of SoftmaxLipschitz there is a name alone. *)
Lemma close_logits (T : list nat) (z u : nat -> R) (D : R) :
  (forall t, In t T -> - D <= z t - u t <= D) -> close T z u 0 D.
Proof. intros H t Ht. rewrite Rminus_0_r. apply Rabs_le, H, Ht. Qed.

Lemma tanh_of_half D : tanh (D / 2) = half_tanh D.
Proof. replace (D / 2) with (2 * D / 4) by lra. rewrite tanh_half. f_equal. lra. Qed.

Theorem softmax_distance (T : list nat) (z u : nat -> R) (D : R) :
  D >= 0 -> (forall t, In t T -> - D <= z t - u t <= D) ->
  sum T (fun t => Rabs (softmax T (fun s => z s) t - softmax T (fun s => u s) t)) <= 2 * tanh (D / 2).
Proof.
  intros HD H. rewrite tanh_of_half. apply (softmax_sum_norm T z u 0 D); [lra | apply close_logits, H].
Qed.

Lemma maximum_at_most (T : list nat) f c : INR (length T) >= 1 -> (forall t, In t T -> f t <= c) -> maximum T f <= c.
Proof.
  intros HT H. destruct T as [|t rest]; [simpl in HT; lra|]. clear HT. cbn [maximum].
  induction rest as [|s rest IH]; cbn [fold_right]; [apply H; simpl; auto|].
  apply Rmax_lub; [apply H; simpl; auto | apply IH; intros r [Hr|Hr]; apply H; simpl; auto].
Qed.

Theorem softmax_distance_of_weights (T : list nat) (z u : nat -> R) (D : R) :
  INR (length T) >= 1 -> D >= 0 -> (forall t, In t T -> - D <= z t - u t <= D) ->
  maximum T (fun t => Rabs (softmax T (fun s => z s) t - softmax T (fun s => u s) t)) <= tanh (D / 2).
Proof.
  intros HT HD H. apply maximum_at_most; [exact HT|]. intros t Ht. rewrite tanh_of_half.
  apply (softmax_max_norm T z u 0 D t); [lra | apply close_logits, H | exact Ht].
Qed.

Lemma maximum_reaches (T : list nat) f t : In t T -> f t <= maximum T f.
Proof.
  destruct T as [|s rest]; [contradiction|]. cbn [maximum]. induction rest as [|r rest IH]; cbn [fold_right].
  - intros [<-|[]]. lra.
  - intros [<-|[<-|Ht]].
    + eapply Rle_trans; [apply IH; simpl; auto | apply Rmax_r].
    + apply Rmax_l.
    + eapply Rle_trans; [apply IH; simpl; auto | apply Rmax_r].
Qed.

Lemma mass_as_share (J O : list nat) z :
  sum J (fun t => softmax (J ++ O) (fun s => z s) t)
  = sum J (fun t => exp (z t)) / (sum J (fun t => exp (z t)) + sum O (fun t => exp (z t))).
Proof.
  unfold softmax. rewrite <- sum_app. unfold Rdiv. rewrite Rmult_comm, <- sum_scal.
  apply sum_ext. intros. apply Rmult_comm.
Qed.

Theorem mass_slope (J O : list nat) (z u : nat -> R) (b D m c : R) :
  INR (length J) >= 1 -> D >= 0 -> (forall t, In t (J ++ O) -> b <= z t <= b + D) ->
  (forall t, In t (J ++ O) -> b <= u t <= b + D) -> m <= 1 / 2 ->
  (1 / 2 - m) * (INR (length J) / (INR (length J) + INR (length O) * exp (- D)) - m) <= 0 -> 2 * m * (1 - m) <= c ->
  Rabs (sum J (fun t => softmax (J ++ O) (fun s => z s) t) - sum J (fun t => softmax (J ++ O) (fun s => u s) t))
  - c * maximum (J ++ O) (fun t => Rabs (z t - u t)) <= 0.
Proof.
  intros HJ HD Hz Hu Hm HP Hc. remember (maximum _ _) as M eqn:M_is.
  assert (HM : forall t, In t (J ++ O) -> Rabs (z t - u t) <= M)
    by (intros t Ht; rewrite M_is; exact (maximum_reaches (J ++ O) (fun t => Rabs (z t - u t)) t Ht)).
  assert (Hin : exists t0, In t0 J) by (clear - HJ; destruct J; [simpl in HJ; lra | eexists; simpl; auto]).
  destruct Hin as [t0 Ht0].
  assert (M0 : 0 <= M) by (eapply Rle_trans; [apply Rabs_pos | apply (HM t0 (in_or_app J O t0 (or_introl Ht0)))]).
  assert (key : forall z u, (forall t, In t (J ++ O) -> b <= z t <= b + D) -> (forall t, In t (J ++ O) -> b <= u t <= b + D) ->
    (forall t, In t (J ++ O) -> Rabs (z t - u t) <= M) ->
    sum J (fun t => softmax (J ++ O) (fun s => z s) t) - sum J (fun t => softmax (J ++ O) (fun s => u s) t)
    <= 2 * m * (1 - m) * M).
  { clear z u Hz Hu HM M_is. intros z u Hz Hu HM.
    pose proof (proj2 (mass_range J O z b D HJ HD Hz)) as qz. pose proof (proj2 (mass_range J O u b D HJ HD Hu)) as qu.
    rewrite !mass_as_share in *.
    assert (pos : forall (l : list nat) v, 0 <= sum l (fun t => exp (v t))) by (intros; apply sum_nonneg; intros; left; apply exp_pos).
    assert (posJ : forall v : nat -> R, 0 < sum J (fun t => exp (v t))) by (intros; apply (sum_pos J _ t0 Ht0); intros; apply exp_pos).
    assert (HA : sum J (fun t => exp (z t)) <= exp M * sum J (fun t => exp (u t))).
    { rewrite <- sum_scal. apply sum_le. intros t Ht. rewrite <- exp_plus. apply exp_monotone.
      pose proof (HM t (in_or_app J O t (or_introl Ht))). pose proof (Rle_abs (z t - u t)). lra. }
    assert (HB : sum O (fun t => exp (u t)) <= exp M * sum O (fun t => exp (z t))).
    { rewrite <- sum_scal. apply sum_le. intros t Ht. rewrite <- exp_plus. apply exp_monotone.
      pose proof (HM t (in_or_app J O t (or_intror Ht))) as H. pose proof (Rle_abs (- (z t - u t))) as H'.
      rewrite Rabs_Ropp in H'. lra. }
    pose proof (posJ z) as A0. pose proof (posJ u) as A0'. pose proof (pos O z) as B0. pose proof (pos O u) as B0'.
    set (A := sum J (fun t => exp (z t))) in *. set (A' := sum J (fun t => exp (u t))) in *.
    set (B := sum O (fun t => exp (z t))) in *. set (B' := sum O (fun t => exp (u t))) in *.
    assert (EM : 1 <= exp M) by (rewrite <- exp_0; apply exp_monotone; exact M0).
    assert (HX : A * B' <= exp M ^ 2 * (A' * B)).
    { replace (exp M ^ 2 * (A' * B)) with (exp M * A' * (exp M * B)) by ring.
      apply Rmult_le_compat; lra. }
    destruct (Req_dec m (1 / 2)) as [-> | Hne].
    - pose proof (odds_bound A B A' B' (exp M) EM ltac:(lra) B0 ltac:(lra) B0' ltac:(lra) ltac:(lra) HX) as H.
      pose proof (half_tanh_le M M0) as H'. unfold half_tanh in H'. lra.
    - assert (HPm : INR (length J) / (INR (length J) + INR (length O) * exp (- D)) <= m) by nra.
      set (p := A / (A + B)) in *. set (q := A' / (A' + B')) in *.
      assert (p0 : 0 <= p) by (left; apply Rdiv_lt_0_compat; lra). assert (q0 : 0 <= q) by (left; apply Rdiv_lt_0_compat; lra).
      assert (pm : p <= m) by lra. assert (qm : q <= m) by lra.
      assert (Ew : p - q = (A * B' - A' * B) / ((A + B) * (A' + B'))) by (unfold p, q; field; lra).
      assert (Ev : p + q - 2 * p * q = (A * B' + A' * B) / ((A + B) * (A' + B'))) by (unfold p, q; field; lra).
      set (h := half_tanh (2 * M)).
      assert (hM : h <= M) by (pose proof (half_tanh_le (2 * M) ltac:(lra)); unfold h; lra).
      assert (E2 : exp (2 * M) = exp M ^ 2) by (replace (2 * M) with (M + M) by ring; rewrite exp_plus; ring).
      assert (E1 : 1 <= exp (2 * M)) by (rewrite <- exp_0; apply exp_monotone; lra).
      assert (h0 : 0 <= h) by (apply Rmult_le_pos; [lra | left; apply Rinv_0_lt_compat; lra]).
      assert (HXY : A * B' - A' * B <= h * (A * B' + A' * B)).
      { unfold h, half_tanh. apply Rmult_le_reg_r with (exp (2 * M) + 1); [lra|].
        replace ((exp (2 * M) - 1) / (exp (2 * M) + 1) * (A * B' + A' * B) * (exp (2 * M) + 1))
          with ((exp (2 * M) - 1) * (A * B' + A' * B)) by (field; lra). rewrite E2. lra. }
      assert (W : p - q <= h * (p + q - 2 * p * q)).
      { rewrite Ew, Ev. unfold Rdiv. rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [|exact HXY].
        left. apply Rinv_0_lt_compat. apply Rmult_lt_0_compat; lra. }
      assert (V : p + q - 2 * p * q <= 2 * m * (1 - m)).
      { assert (0 <= (m - p) * (1 - 2 * m)) by (apply Rmult_le_pos; lra).
        assert (0 <= (m - q) * (1 - 2 * p)) by (apply Rmult_le_pos; lra). lra. }
      assert (V0 : 0 <= 2 * m * (1 - m)) by (apply Rmult_le_pos; lra).
      apply Rle_trans with (h * (2 * m * (1 - m))); [|nra].
      eapply Rle_trans; [exact W | apply Rmult_le_compat_l; assumption]. }
  assert (sym : forall t, In t (J ++ O) -> Rabs (u t - z t) <= M) by (intros t Ht; rewrite Rabs_minus_sym; auto).
  pose proof (key z u Hz Hu HM) as K. pose proof (key u z Hu Hz sym) as K'. clear key.
  set (p := sum J (fun t => softmax (J ++ O) (fun s => z s) t)) in *.
  set (q := sum J (fun t => softmax (J ++ O) (fun s => u s) t)) in *.
  assert (Rabs (p - q) <= 2 * m * (1 - m) * M) by (apply Rabs_le; lra).
  assert (2 * m * (1 - m) * M <= c * M) by (apply Rmult_le_compat_r; assumption). lra.
Qed.

(** A list by what lies in a set, and what does not. *)
Lemma parted (up : nat -> bool) (T : list nat) :
  Permutation (filter up T ++ filter (fun t => negb (up t)) T) T.
Proof.
  induction T as [|t T IH]; [constructor|]. cbn [filter]. destruct (up t); cbn [negb app]; [constructor; exact IH|].
  apply Permutation_sym, Permutation_cons_app, Permutation_sym, IH.
Qed.

Lemma mass_at_most (J O : list nat) (z : nat -> R) (b D : R) : D >= 0 ->
  (forall t, In t (J ++ O) -> b <= z t <= b + D) -> INR (length J) + INR (length O) >= 1 ->
  sum J (fun t => softmax (J ++ O) (fun s => z s) t)
  <= INR (length J) * exp D / (INR (length J) * exp D + INR (length O)).
Proof.
  intros HD Hz Hn. destruct J as [|t J].
  - simpl. unfold Rdiv. rewrite !Rmult_0_l. lra.
  - pose proof (proj2 (mass_range (t :: J) O z b D ltac:(cbn [length]; rewrite S_INR; pose proof (pos_INR (length J)); lra) HD Hz)) as H.
    eapply Rle_trans; [exact H|]. right. pose proof (exp_pos D). rewrite exp_Ropp.
    assert (0 < INR (length (t :: J))) by (cbn [length]; rewrite S_INR; pose proof (pos_INR (length J)); lra).
    pose proof (pos_INR (length O)). set (k := INR (length (t :: J))) in *.
    assert (0 < k * exp D + INR (length O)) by nra. field; repeat split; lra.
Qed.

Theorem softmax_departure (J O : list nat) (z : nat -> R) (b D M : R) :
  INR (length J) + INR (length O) >= 1 -> D >= 0 -> (forall t, In t (J ++ O) -> b <= z t <= b + D) ->
  4 * INR (length J) <= (INR (length J) + INR (length O)) * (2 - M) ->
  (INR (length J) + INR (length O)) * (2 - M) <= 4 * (INR (length J) + 1) ->
  2 * INR (length J) * INR (length O) * (exp D - 1)
  <= M * (INR (length J) + INR (length O)) * (INR (length J) * exp D + INR (length O)) ->
  2 * (INR (length J) + 1) * (INR (length O) - 1) * (exp D - 1)
  <= M * (INR (length J) + INR (length O)) * ((INR (length J) + 1) * exp D + INR (length O) - 1) ->
  sum (J ++ O) (fun t => Rabs (softmax (J ++ O) (fun s => z s) t - 1 / (INR (length J) + INR (length O)))) <= M.
Proof.
  intros Hn HD Hz Hlo Hhi H0 H1. set (j := length J) in *. set (n := INR j + INR (length O)) in *.
  assert (En : INR (length (J ++ O)) = n) by (rewrite app_length, plus_INR; reflexivity).
  assert (E1 : 1 <= exp D) by (rewrite <- exp_0; apply exp_monotone; lra).
  set (T := J ++ O) in *. set (p := fun t => softmax T (fun s => z s) t).
  (* The bound for every number of tokens, by the two next to the vertex of a parabola. *)
  assert (all : forall k, 2 * INR k * (n - INR k) * (exp D - 1) <= M * n * (INR k * exp D + (n - INR k))).
  { intros k.
    assert (Q0 : 0 <= (exp D - 1) * (2 * INR j ^ 2 - n * (2 - M) * INR j) + M * n ^ 2).
    { replace (INR (length O)) with (n - INR j) in H0 by (unfold n; ring). lra. }
    assert (Q1 : 0 <= (exp D - 1) * (2 * (INR j + 1) ^ 2 - n * (2 - M) * (INR j + 1)) + M * n ^ 2).
    { replace (INR (length O)) with (n - INR j) in H1 by (unfold n; ring). lra. }
    assert (Qk : 0 <= (exp D - 1) * (2 * INR k ^ 2 - n * (2 - M) * INR k) + M * n ^ 2).
    { destruct (Nat.le_gt_cases k j) as [Hk | Hk].
      - apply le_INR in Hk.
        assert (0 <= (INR j - INR k) * (n * (2 - M) - 2 * (INR k + INR j))) by (apply Rmult_le_pos; lra). nra.
      - assert (Hk' : (j + 1 <= k)%nat) by (rewrite Nat.add_1_r; exact Hk). apply le_INR in Hk'.
        rewrite plus_INR in Hk'. simpl (INR 1) in Hk'.
        assert (0 <= (INR k - (INR j + 1)) * (2 * (INR k + (INR j + 1)) - n * (2 - M))) by (apply Rmult_le_pos; lra). nra. }
    lra. }
  pose (up t := if Rle_dec (1 / n) (p t) then true else false).
  set (S := filter up T). set (S' := filter (fun t => negb (up t)) T).
  pose proof (parted up T) as Hperm. fold S S' in Hperm.
  assert (Hlen : n = INR (length S) + INR (length S')).
  { rewrite <- En, <- (Permutation_length Hperm), app_length, plus_INR. reflexivity. }
  assert (Hin : exists t0, In t0 T).
  { clear - Hn En. destruct T; [simpl in En; lra | eexists; simpl; auto]. }
  destruct Hin as [t0 Ht0].
  assert (Hone : sum T p = 1) by exact (softmax_total T z t0 Ht0).
  assert (Hmass : sum S p <= INR (length S) * exp D / (INR (length S) * exp D + INR (length S'))).
  { rewrite <- (sum_ext S (fun t => softmax (S ++ S') (fun s => z s) t) p).
    - apply (mass_at_most S S' z b D HD); [|lra]. intros t Ht. apply Hz. exact (Permutation_in t Hperm Ht).
    - intros t _. unfold p, softmax. rewrite (sum_permutation _ _ _ Hperm). reflexivity. }
  assert (Hsum : sum T (fun t => Rabs (p t - 1 / n)) = 2 * (sum S p - INR (length S) / n)).
  { rewrite <- (sum_permutation _ _ _ Hperm), sum_app in Hone. rewrite <- (sum_permutation _ _ _ Hperm), sum_app.
    rewrite (sum_ext S _ (fun t => p t - 1 / n)), (sum_ext S' _ (fun t => 1 / n - p t)).
    - rewrite !sum_sub, !sum_const.
      assert (INR (length S) * (1 / n) + INR (length S') * (1 / n) = 1) by (rewrite Hlen at 1 2; field; lra).
      unfold Rdiv at 2. lra.
    - intros t Ht. apply filter_In in Ht. destruct Ht as [_ Ht]. unfold up in Ht.
      destruct (Rle_dec (1 / n) (p t)); [discriminate|]. rewrite Rabs_left; lra.
    - intros t Ht. apply filter_In in Ht. destruct Ht as [_ Ht]. unfold up in Ht.
      destruct (Rle_dec (1 / n) (p t)); [|discriminate]. rewrite Rabs_pos_eq; lra. }
  change (sum T (fun t => Rabs (p t - 1 / n)) <= M). rewrite Hsum.
  specialize (all (length S)). set (k := INR (length S)) in *.
  replace (INR (length S')) with (n - k) in Hmass by lra.
  assert (k0 : 0 <= k) by apply pos_INR. pose proof (pos_INR (length S')) as k1.
  assert (P : 0 < k * exp D + (n - k)) by nra.
  apply Rle_trans with (2 * (k * exp D / (k * exp D + (n - k)) - k / n)); [lra|].
  apply Rmult_le_reg_r with (n * (k * exp D + (n - k))); [apply Rmult_lt_0_compat; lra|].
  replace (2 * (k * exp D / (k * exp D + (n - k)) - k / n) * (n * (k * exp D + (n - k))))
    with (2 * k * (n - k) * (exp D - 1)) by (field; lra). lra.
Qed.

(** Of two numbers with a given sum, those next to each other have the largest product. *)
Lemma balanced_product (j o k l : nat) : (j <= o + 1 -> o <= j + 1 -> j + o = k + l -> k * l <= j * o)%nat.
Proof.
  intros H1 H2 H. assert (C : (k <= l \/ l <= k)%nat) by lia.
  assert (D : exists d, ((l = k + d /\ o + j = 2 * k + d) \/ (k = l + d /\ o + j = 2 * l + d))%nat).
  { destruct C; [exists (l - k)%nat | exists (k - l)%nat]; lia. }
  destruct D as [d [[E F] | [E F]]]; subst; assert (G : (o = j \/ o = j + 1 \/ j = o + 1)%nat) by lia;
    destruct G as [-> | [-> | ->]].
  - assert (exists c, (d = 2 * c /\ j = k + c)%nat) as [c [-> ->]] by (exists (j - k)%nat; lia). nia.
  - assert (exists c, (d = 2 * c + 1 /\ j = k + c)%nat) as [c [-> ->]] by (exists (j - k)%nat; lia). nia.
  - assert (exists c, (d = 2 * c + 1 /\ o = k + c)%nat) as [c [-> ->]] by (exists (o - k)%nat; lia). nia.
  - assert (exists c, (d = 2 * c /\ j = l + c)%nat) as [c [-> ->]] by (exists (j - l)%nat; lia). nia.
  - assert (exists c, (d = 2 * c + 1 /\ j = l + c)%nat) as [c [-> ->]] by (exists (j - l)%nat; lia). nia.
  - assert (exists c, (d = 2 * c + 1 /\ o = l + c)%nat) as [c [-> ->]] by (exists (o - l)%nat; lia). nia.
Qed.

(** One side, for the tokens whose weight is larger in the first row. *)
Lemma contraction_one_side (J O : list nat) (z u v : nat -> R) (b D a w : R) :
  INR (length J) >= 1 -> INR (length O) >= 1 -> INR (length J) <= INR (length O) + 1 ->
  INR (length O) <= INR (length J) + 1 -> D >= 0 ->
  (forall t, In t (J ++ O) -> b <= z t <= b + D) -> (forall t, In t (J ++ O) -> b <= u t <= b + D) ->
  (forall t, In t (J ++ O) -> a <= v t <= a + w) ->
  sum (J ++ O) (fun t => softmax (J ++ O) (fun s => z s) t * v t)
  - sum (J ++ O) (fun t => softmax (J ++ O) (fun s => u s) t * v t)
  <= w * (INR (length J) * exp D / (INR (length J) * exp D + INR (length O))
          - INR (length J) / (INR (length J) + INR (length O) * exp D)).
Proof.
  intros HJ HO H1 H2 HD Hz Hu Hv. set (T := J ++ O) in *.
  set (p := fun t => softmax T (fun s => z s) t). set (q := fun t => softmax T (fun s => u s) t).
  assert (E1 : 1 <= exp D) by (rewrite <- exp_0; apply exp_monotone; lra).
  assert (Hin : exists t0, In t0 T).
  { unfold T. clear - HJ. destruct J; [simpl in HJ; lra | eexists; simpl; auto]. }
  destruct Hin as [t0 Ht0].
  assert (Hw : 0 <= w) by (pose proof (Hv t0 Ht0); lra).
  pose (up t := if Rle_dec (q t) (p t) then true else false).
  set (S := filter up T). set (S' := filter (fun t => negb (up t)) T).
  pose proof (parted up T) as Hperm. fold S S' in Hperm.
  assert (Hlen : (length J + length O)%nat = (length S + length S')%nat).
  { rewrite <- !app_length, (Permutation_length Hperm). reflexivity. }
  assert (Hp : sum T p = 1) by exact (softmax_total T z t0 Ht0).
  assert (Hq : sum T q = 1) by exact (softmax_total T u t0 Ht0).
  assert (Hlen' : INR (length S) + INR (length S') = INR (length J) + INR (length O)).
  { rewrite <- !plus_INR, Hlen. reflexivity. }
  assert (n0 : INR (length S) + INR (length S') >= 1) by lra.
  assert (Hmass : sum S p <= INR (length S) * exp D / (INR (length S) * exp D + INR (length S'))).
  { rewrite <- (sum_ext S (fun t => softmax (S ++ S') (fun s => z s) t) p).
    - apply (mass_at_most S S' z b D HD); [|lra]. intros t Ht. apply Hz. exact (Permutation_in t Hperm Ht).
    - intros t _. unfold p, softmax. rewrite (sum_permutation _ _ _ Hperm). reflexivity. }
  assert (Hperm' : Permutation (S' ++ S) T) by (eapply Permutation_trans; [apply Permutation_app_comm | exact Hperm]).
  assert (Hrest : sum S' q <= INR (length S') * exp D / (INR (length S') * exp D + INR (length S))).
  { rewrite <- (sum_ext S' (fun t => softmax (S' ++ S) (fun s => u s) t) q).
    - apply (mass_at_most S' S u b D HD); [|lra]. intros t Ht. apply Hu. exact (Permutation_in t Hperm' Ht).
    - intros t _. unfold q, softmax. rewrite (sum_permutation _ _ _ Hperm'). reflexivity. }
  assert (E : sum T (fun t => p t * v t) - sum T (fun t => q t * v t) = sum T (fun t => (p t - q t) * (v t - a))).
  { rewrite (sum_ext T (fun t => (p t - q t) * (v t - a)) (fun t => (p t * v t - q t * v t) - a * (p t - q t)))
      by (intros; ring).
    rewrite sum_sub, sum_scal, !sum_sub, Hp, Hq. ring. }
  assert (B : sum T (fun t => (p t - q t) * (v t - a)) <= w * (sum S p - sum S q)).
  { rewrite <- (sum_permutation _ _ _ Hperm), sum_app.
    assert (BS : sum S (fun t => (p t - q t) * (v t - a)) <= w * (sum S p - sum S q)).
    { rewrite <- sum_sub, <- sum_scal. apply sum_le. intros t Ht. apply filter_In in Ht. destruct Ht as [Ht Hup].
      unfold up in Hup. destruct (Rle_dec (q t) (p t)); [|discriminate]. pose proof (Hv t Ht). nra. }
    assert (BR : sum S' (fun t => (p t - q t) * (v t - a)) <= sum S' (fun _ => 0)).
    { apply sum_le. intros t Ht. apply filter_In in Ht. destruct Ht as [Ht Hup].
      unfold up in Hup. destruct (Rle_dec (q t) (p t)); [discriminate|]. pose proof (Hv t Ht). nra. }
    rewrite sum_const in BR. lra. }
  assert (Hone : sum S q + sum S' q = 1) by (rewrite <- sum_app, (sum_permutation _ _ _ Hperm); exact Hq).
  assert (Hprod : INR (length S) * INR (length S') <= INR (length J) * INR (length O)).
  { rewrite <- !mult_INR. apply le_INR.
    assert (H1' : (length J <= length O + 1)%nat) by (apply INR_le; rewrite plus_INR; simpl (INR 1); lra).
    assert (H2' : (length O <= length J + 1)%nat) by (apply INR_le; rewrite plus_INR; simpl (INR 1); lra).
apply balanced_product; assumption. }
  change (sum T (fun t => p t * v t) - sum T (fun t => q t * v t) <=
    w * (INR (length J) * exp D / (INR (length J) * exp D + INR (length O))
         - INR (length J) / (INR (length J) + INR (length O) * exp D))).
  rewrite E. eapply Rle_trans; [exact B|]. apply Rmult_le_compat_l; [exact Hw|].
  pose proof (pos_INR (length S)) as k0. pose proof (pos_INR (length S')) as k1.
  set (k := INR (length S)) in *. set (k' := INR (length S')) in *.
  set (j := INR (length J)) in *. set (o := INR (length O)) in *. set (e := exp D) in *.
  assert (P0 : 0 < k * e + k') by nra. assert (P1 : 0 < k' * e + k) by nra.
  assert (P2 : 0 < j * e + o) by nra. assert (P3 : 0 < j + o * e) by nra.
  apply Rle_trans with (k * e / (k * e + k') + k' * e / (k' * e + k) - 1); [lra|].
  assert (D0 : k * e / (k * e + k') + k' * e / (k' * e + k) - 1 = k * k' * ((e * e - 1) / ((k * e + k') * (k' * e + k))))
    by (field; lra).
  assert (D1 : j * e / (j * e + o) - j / (j + o * e) = j * o * ((e * e - 1) / ((j * e + o) * (j + o * e))))
    by (field; lra).
  rewrite D0, D1.
  assert (Q0 : (k * e + k') * (k' * e + k) = (k + k') * (k + k') * e + k * k' * ((e - 1) * (e - 1))) by ring.
  assert (Q1 : (j * e + o) * (j + o * e) = (k + k') * (k + k') * e + j * o * ((e - 1) * (e - 1))) by (rewrite Hlen'; ring).
  apply Rmult_le_reg_r with (((k * e + k') * (k' * e + k)) * ((j * e + o) * (j + o * e)));
    [repeat apply Rmult_lt_0_compat; lra|].
  replace (k * k' * ((e * e - 1) / ((k * e + k') * (k' * e + k))) * ((k * e + k') * (k' * e + k) * ((j * e + o) * (j + o * e))))
    with (k * k' * ((j * e + o) * (j + o * e)) * (e * e - 1)) by (field; lra).
  replace (j * o * ((e * e - 1) / ((j * e + o) * (j + o * e))) * ((k * e + k') * (k' * e + k) * ((j * e + o) * (j + o * e))))
    with (j * o * ((k * e + k') * (k' * e + k)) * (e * e - 1)) by (field; lra).
  apply Rmult_le_compat_r; [nra|]. rewrite Q0, Q1.
  assert (N : 0 <= (k + k') * (k + k') * e) by (apply Rmult_le_pos; [apply Rle_0_sqr | lra]).
  pose proof (Rmult_le_compat_r _ _ _ N Hprod). lra.
Qed.

Theorem contraction_in_a_cube (J O : list nat) (z u v : nat -> R) (b D a w : R) :
  let y := sum (J ++ O) (fun t => softmax (J ++ O) (fun s => z s) t * v t) in
  let x := sum (J ++ O) (fun t => softmax (J ++ O) (fun s => u s) t * v t) in
  let m := INR (length J) * exp D / (INR (length J) * exp D + INR (length O)) - INR (length J) / (INR (length J) + INR (length O) * exp D) in
  INR (length J) >= 1 -> INR (length O) >= 1 -> INR (length J) <= INR (length O) + 1 ->
  INR (length O) <= INR (length J) + 1 -> D >= 0 ->
  (forall t, In t (J ++ O) -> b <= z t <= b + D) -> (forall t, In t (J ++ O) -> b <= u t <= b + D) ->
  (forall t, In t (J ++ O) -> a <= v t <= a + w) ->
  - w * m <= y - x <= w * m.
Proof.
  intros y x m HJ HO H1 H2 HD Hz Hu Hv.
  pose proof (contraction_one_side J O z u v b D a w HJ HO H1 H2 HD Hz Hu Hv) as A.
  pose proof (contraction_one_side J O u z v b D a w HJ HO H1 H2 HD Hu Hz Hv) as B.
  fold y x m in A. fold x y m in B. lra.
Qed.

Definition theorems := (@softmax_departure, @mass_slope, @softmax_distance, @softmax_distance_of_weights, @mass_range, @attention_contraction, @contraction_in_a_cube, @mean_range, @soft_minimum, @soft_minimum_in_range, @gated_minimum, @soft_maximum, @gated_maximum).
Print Assumptions theorems.
