(* Norm factorisation: a wide one-layer state-space model with large weights as a deep one with small weights.

   The target sum_i alpha_i / (1 - lam_i w), |alpha_i| <= c1^2, is split into chains of l poles and one further pole. In
   a chain the poles are ordered, |lam_1| >= ... >= |lam_l|. Layer k of the chain has the pole lam_k, reads layer k - 1
   with weight tau and, with weight q_k, a "pass" neuron whose transfer function is tau^(k-1); the output weight is tau.
   With r(k,i) = lam_k / lam_i (1 when lam_i = 0, and so lam_k = 0), for k = l, ..., 1:
     a^(l)_i = alpha_i / tau,   a^(k-1)_i = a^(k)_i (1 - r(k,i)) / tau  for i < k,
     q_k = (a^(k)_k + sum_{i<k} a^(k)_i r(k,i)) / tau^(k-1).
   Proved here, over the complex numbers, for every l >= 1, tau > 0 and w that is no pole:
     - the chain's transfer function is sum_i alpha_i / (1 - lam_i w), exactly;
     - |a^(k)_i| <= 2^(l-k) c1^2 / tau^(l-k+1) for i <= k;
     - if 2^(l-1) c1^2 <= tau^(l+1) then |q_k| <= tau, and the further pole's weight alpha_N / tau^l is at most tau too:
       every weight is at most tau = 2^((l-1)/(l+1)) c1^(2/(l+1)), or any larger number such as a rational one;
     - conversely weights of modulus at most c2 give |rho(0)| <= m^l c2^(l+1), for l layers of width m.
   Transfer functions are taken as functions of w = 1/z; that they determine the impulse response is not shown here.

   Argument. (1 - mu w) / (1 - lam w) = r + (1 - r) / (1 - lam w) when mu = r lam, |r| <= 1, |1 - r| <= 2, k <= 2^(k-1).

   Source: the rule `norm-factorization` of this project, a sharper constant for the result of arXiv:2506.19296.
   The complex numbers are Coquelicot's, which coq-interval depends on. *)

Require Import Reals Lra Lia.
From Coquelicot Require Import Complex.
Open Scope R_scope.
Open Scope C_scope.
Arguments Cmod _%C.
Arguments RtoC _%R.

(** f 1 + ... + f n *)
Fixpoint sum_to (n : nat) (f : nat -> C) : C :=
  match n with O => 0 | S n => sum_to n f + f (S n) end.

Lemma sum_to_ext n f g : (forall i, (1 <= i <= n)%nat -> f i = g i) -> sum_to n f = sum_to n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [reflexivity|].
  rewrite IH by (intros; apply H; lia). rewrite H by lia. reflexivity.
Qed.

Lemma sum_to_scal n c f : c * sum_to n f = sum_to n (fun i => c * f i).
Proof. induction n as [|n IH]; simpl; [ring|]. rewrite <- IH. ring. Qed.

Lemma sum_to_add n f g : sum_to n f + sum_to n g = sum_to n (fun i => f i + g i).
Proof. induction n as [|n IH]; simpl; [ring|]. rewrite <- IH. ring. Qed.

Lemma sum_to_bound n f b : (forall i, (1 <= i <= n)%nat -> (Cmod (f i) <= b)%R) -> (Cmod (sum_to n f) <= INR n * b)%R.
Proof.
  induction n as [|n IH]; intros H; cbn [sum_to].
  - rewrite Cmod_0. simpl. lra.
  - rewrite S_INR. pose proof (Cmod_triangle (sum_to n f) (f (S n))). pose proof (H (S n) ltac:(lia)).
    pose proof (IH ltac:(intros; apply H; lia)). lra.
Qed.

Lemma Cmod_real x : (0 <= x)%R -> Cmod x = x.
Proof. intros. rewrite Cmod_R. apply Rabs_pos_eq. assumption. Qed.

Lemma RtoC_neq_0 x : x <> 0%R -> RtoC x <> 0.
Proof. intros H E. apply H. injection E. auto. Qed.

(** One step of the chain. *)
Lemma chain_step lam mu r w : 1 - lam * w <> 0 -> mu = r * lam ->
  (1 - mu * w) / (1 - lam * w) = r + (1 - r) / (1 - lam * w).
Proof. intros H ->. field. exact H. Qed.

Definition ratio (mu lam : C) : C := if Ceq_dec lam 0 then 1 else mu / lam.

Lemma ratio_spec mu lam : (Cmod mu <= Cmod lam)%R -> mu = ratio mu lam * lam.
Proof.
  intros H. unfold ratio. destruct (Ceq_dec lam 0) as [->|Hlam]; [|field; exact Hlam].
  rewrite Cmod_0 in H. rewrite (Cmod_eq_0 mu) by (pose proof (Cmod_ge_0 mu); lra). ring.
Qed.

Lemma ratio_bound mu lam : (Cmod mu <= Cmod lam)%R -> (Cmod (ratio mu lam) <= 1)%R.
Proof.
  intros H. unfold ratio. destruct (Ceq_dec lam 0) as [E|Hlam]; [rewrite Cmod_1; lra|].
  rewrite Cmod_div by exact Hlam. apply Cmod_gt_0 in Hlam.
  apply Rmult_le_reg_r with (Cmod lam); [exact Hlam|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra.
Qed.

Lemma one_minus_bound r : (Cmod r <= 1)%R -> (Cmod (1 - r) <= 2)%R.
Proof. intros H. pose proof (Cmod_triangle 1 (- r)). rewrite Cmod_1, Cmod_opp in *. unfold Cminus. lra. Qed.

Section Chain.
Context (l : nat) (tau c1 : R) (alpha lam : nat -> C).
Hypothesis tau_pos : (0 < tau)%R.
Hypothesis alpha_bound : forall i, (1 <= i <= l)%nat -> (Cmod (alpha i) <= c1 ^ 2)%R.
Hypothesis sorted : forall i k, (1 <= i <= k)%nat -> (k <= l)%nat -> (Cmod (lam k) <= Cmod (lam i))%R.

(** a^(l-d)_i *)
Fixpoint residue_below (d i : nat) : C :=
  match d with
  | O => alpha i / tau
  | S d => residue_below d i * (1 - ratio (lam (l - d)) (lam i)) / tau
  end.

(** a^(k)_i *)
Definition residue (k i : nat) : C := residue_below (l - k) i.

(** What the partial fractions of layer k leave as a constant. *)
Definition constant (k : nat) : C := residue k k + sum_to (k - 1) (fun i => residue k i * ratio (lam k) (lam i)).

(** q_k *)
Definition pass_weight (k : nat) : C := constant k / RtoC (tau ^ (k - 1)).

(** The transfer function of layer k; the one of the pass neuron in layer k is tau^k. *)
Fixpoint chain (w : C) (k : nat) : C :=
  match k with
  | O => 0
  | S k' => (tau * chain w k' + pass_weight k * RtoC (tau ^ k')) / (1 - lam k * w)
  end.

Lemma tau_neq_0 : RtoC tau <> 0.
Proof. apply RtoC_neq_0. lra. Qed.

Lemma tau_pow_neq_0 k : RtoC (tau ^ k) <> 0.
Proof. apply RtoC_neq_0, pow_nonzero. lra. Qed.

Lemma residue_step k i : (k < l)%nat -> tau * residue k i = residue (S k) i * (1 - ratio (lam (S k)) (lam i)).
Proof.
  intros H. unfold residue. replace (l - k)%nat with (S (l - S k)) by lia. cbn [residue_below].
  replace (l - (l - S k))%nat with (S k) by lia. field. exact tau_neq_0.
Qed.

Lemma chain_partial_fractions w k : (forall i, (1 <= i <= l)%nat -> 1 - lam i * w <> 0) -> (k <= l)%nat ->
  chain w k = sum_to k (fun i => residue k i / (1 - lam i * w)).
Proof.
  intros Hw. induction k as [|k IH]; intros Hk; [reflexivity|].
  cbn [chain sum_to]. rewrite IH by lia. unfold pass_weight, constant. replace (S k - 1)%nat with k by lia.
  pose proof (tau_pow_neq_0 k). pose proof (Hw (S k) ltac:(lia)) as Hp.
  set (s := sum_to k (fun i => residue (S k) i * ratio _ _)).
  replace ((residue (S k) (S k) + s) / RtoC (tau ^ k) * RtoC (tau ^ k)) with (residue (S k) (S k) + s)
    by (field; assumption).
  assert (E : tau * sum_to k (fun i => residue k i / (1 - lam i * w)) + s
              = (1 - lam (S k) * w) * sum_to k (fun i => residue (S k) i / (1 - lam i * w))).
  { unfold s. rewrite !sum_to_scal, sum_to_add. apply sum_to_ext. intros i Hi.
    pose proof (Hw i ltac:(lia)) as Hpi.
    replace (tau * (residue k i / (1 - lam i * w))) with (tau * residue k i / (1 - lam i * w)) by (field; exact Hpi).
    rewrite residue_step by lia.
    replace ((1 - lam (S k) * w) * (residue (S k) i / (1 - lam i * w)))
      with (residue (S k) i * ((1 - lam (S k) * w) / (1 - lam i * w))) by (field; exact Hpi).
    rewrite (chain_step (lam i) (lam (S k)) (ratio (lam (S k)) (lam i))); [field; exact Hpi | exact Hpi |].
    apply ratio_spec, sorted; lia. }
  replace (tau * sum_to k (fun i => residue k i / (1 - lam i * w)) + (residue (S k) (S k) + s))
    with (tau * sum_to k (fun i => residue k i / (1 - lam i * w)) + s + residue (S k) (S k)) by ring.
  rewrite E. field. exact Hp.
Qed.

Theorem chain_transfer w : (forall i, (1 <= i <= l)%nat -> 1 - lam i * w <> 0) ->
  tau * chain w l = sum_to l (fun i => alpha i / (1 - lam i * w)).
Proof.
  intros Hw. rewrite chain_partial_fractions by auto. rewrite sum_to_scal. apply sum_to_ext. intros i Hi.
  unfold residue. rewrite Nat.sub_diag. cbn [residue_below]. field. split; [apply Hw; exact Hi | exact tau_neq_0].
Qed.

Lemma residue_below_bound d i : (1 <= i)%nat -> (i + d <= l)%nat ->
  (Cmod (residue_below d i) <= 2 ^ d * c1 ^ 2 / tau ^ (d + 1))%R.
Proof.
  intros Hi. induction d as [|d IH]; intros Hd; cbn [residue_below].
  - rewrite Cmod_div by exact tau_neq_0. rewrite Cmod_real by lra. simpl (2 ^ 0)%R. rewrite Rmult_1_l, pow_1.
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; exact tau_pos | apply alpha_bound; lia].
  - rewrite Cmod_div by exact tau_neq_0. rewrite Cmod_mult, Cmod_real by lra.
    assert (Hr : (Cmod (1 - ratio (lam (l - d)) (lam i)) <= 2)%R) by (apply one_minus_bound, ratio_bound, sorted; lia).
    specialize (IH ltac:(lia)). pose proof (Cmod_ge_0 (residue_below d i)).
    assert (0 < tau ^ (d + 1))%R by (apply pow_lt; exact tau_pos).
    replace (2 ^ S d * c1 ^ 2 / tau ^ (S d + 1))%R with (2 ^ d * c1 ^ 2 / tau ^ (d + 1) * 2 / tau)%R
      by (cbn [pow Nat.add]; field; split; lra).
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; exact tau_pos|].
    apply Rmult_le_compat; try assumption. apply Cmod_ge_0.
Qed.

Theorem residue_bound k i : (1 <= i <= k)%nat -> (k <= l)%nat ->
  (Cmod (residue k i) <= 2 ^ (l - k) * c1 ^ 2 / tau ^ (l - k + 1))%R.
Proof. intros. apply residue_below_bound; lia. Qed.

Lemma index_le_pow k : (1 <= k)%nat -> (INR k <= 2 ^ (k - 1))%R.
Proof.
  intros H. destruct k as [|k]; [lia|]. replace (S k - 1)%nat with k by lia. clear H.
  induction k as [|k IH]; [simpl; lra|]. rewrite S_INR. cbn [pow]. pose proof (pow_R1_Rle 2 k ltac:(lra)). lra.
Qed.

Lemma weight_bound : (2 ^ (l - 1) * c1 ^ 2 <= tau ^ (l + 1))%R ->
  (2 ^ (l - 1) * c1 ^ 2 / tau ^ l <= tau)%R.
Proof.
  intros H. assert (0 < tau ^ l)%R by (apply pow_lt; exact tau_pos).
  apply Rmult_le_reg_r with (tau ^ l)%R; [assumption|]. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra.
  rewrite Nat.add_1_r in H. exact H.
Qed.

Theorem pass_weight_bound k : (1 <= k <= l)%nat -> (2 ^ (l - 1) * c1 ^ 2 <= tau ^ (l + 1))%R ->
  (Cmod (pass_weight k) <= tau)%R.
Proof.
  intros Hk Htau. apply Rle_trans with (2 ^ (l - 1) * c1 ^ 2 / tau ^ l)%R; [|apply weight_bound; exact Htau].
  assert (Hp : forall n, (0 < tau ^ n)%R) by (intros; apply pow_lt; exact tau_pos).
  set (b := (2 ^ (l - k) * c1 ^ 2 / tau ^ (l - k + 1))%R).
  assert (Hres : forall i, (1 <= i <= k)%nat -> (Cmod (residue k i) <= b)%R) by (intros; apply residue_bound; lia).
  assert (Hb : (0 <= b)%R) by (pose proof (Hres k ltac:(lia)); pose proof (Cmod_ge_0 (residue k k)); lra).
  unfold pass_weight. rewrite Cmod_div by apply tau_pow_neq_0. rewrite Cmod_real by (left; apply Hp).
  assert (Hconst : (Cmod (constant k) <= INR k * b)%R).
  { unfold constant. eapply Rle_trans; [apply Cmod_triangle|].
    replace (INR k) with (1 + INR (k - 1))%R by (rewrite minus_INR by lia; simpl; ring).
    rewrite Rmult_plus_distr_r, Rmult_1_l.
    apply Rplus_le_compat; [apply Hres; lia|]. apply sum_to_bound. intros i Hi. rewrite Cmod_mult.
    rewrite <- (Rmult_1_r b). apply Rmult_le_compat; try apply Cmod_ge_0; [apply Hres; lia|].
    apply ratio_bound, sorted; lia. }
  apply Rle_trans with (2 ^ (k - 1) * b / tau ^ (k - 1))%R.
  - apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat, Hp|]. eapply Rle_trans; [exact Hconst|].
    apply Rmult_le_compat_r; [exact Hb | apply index_le_pow; lia].
  - right. unfold b. replace (l - 1)%nat with ((k - 1) + (l - k))%nat by lia.
    replace (tau ^ l)%R with (tau ^ (k - 1) * tau ^ (l - k + 1))%R by (rewrite <- pow_add; f_equal; lia).
    rewrite (pow_add 2). field. split; apply Rgt_not_eq, Hp.
Qed.

(** The further pole, in layer l: it reads the pass neuron of layer l - 1 with weight a / tau^l; output weight tau. *)
Theorem further_pole a mu w : (1 <= l)%nat -> 1 - mu * w <> 0 ->
  tau * (a / RtoC (tau ^ l) * RtoC (tau ^ (l - 1)) / (1 - mu * w)) = a / (1 - mu * w) /\
  ((Cmod a <= c1 ^ 2)%R -> (2 ^ (l - 1) * c1 ^ 2 <= tau ^ (l + 1))%R -> (Cmod (a / RtoC (tau ^ l)) <= tau)%R).
Proof.
  intros Hl Hw. split.
  - replace l with (S (l - 1)) at 1 by lia. cbn [pow]. rewrite RtoC_mult. field.
    repeat split; [exact Hw | apply tau_pow_neq_0 | exact tau_neq_0].
  - intros Ha Htau. eapply Rle_trans; [|apply weight_bound; exact Htau].
    assert (0 < tau ^ l)%R by (apply pow_lt; exact tau_pos).
    rewrite Cmod_div by apply tau_pow_neq_0. rewrite Cmod_real by lra.
    apply Rmult_le_compat_r; [left; apply Rinv_0_lt_compat; assumption|].
    pose proof (pow_R1_Rle 2 (l - 1) ltac:(lra)). pose proof (Cmod_ge_0 a). nra.
Qed.

End Chain.

(** rho(0) = C' B_l ... B_1 for l = n + 1 layers of width m. *)
Section LowerBound.
Context (m n : nat) (c2 : R) (b1 : nat -> C) (b : nat -> nat -> nat -> C) (c : nat -> C).
Hypothesis c2_nonneg : (0 <= c2)%R.
Hypothesis b1_bound : forall i, (1 <= i <= m)%nat -> (Cmod (b1 i) <= c2)%R.
Hypothesis b_bound : forall k i j, (1 <= k <= n)%nat -> (1 <= i <= m)%nat -> (1 <= j <= m)%nat ->
  (Cmod (b k i j) <= c2)%R.
Hypothesis c_bound : forall i, (1 <= i <= m)%nat -> (Cmod (c i) <= c2)%R.

(** Entry i of B_(k+1) ... B_1, where B_(k+1) is b k. *)
Fixpoint first_state (k i : nat) : C :=
  match k with
  | O => b1 i
  | S k' => sum_to m (fun j => b k i j * first_state k' j)
  end.

Definition first_response : C := sum_to m (fun i => c i * first_state n i).

Lemma first_state_bound k i : (k <= n)%nat -> (1 <= i <= m)%nat ->
  (Cmod (first_state k i) <= INR m ^ k * c2 ^ (k + 1))%R.
Proof.
  revert i. induction k as [|k IH]; intros i Hk Hi; cbn [first_state].
  - simpl. rewrite Rmult_1_l, Rmult_1_r. apply b1_bound. exact Hi.
  - replace (INR m ^ S k * c2 ^ (S k + 1))%R with (INR m * (c2 * (INR m ^ k * c2 ^ (k + 1))))%R
      by (cbn [pow Nat.add]; ring).
    apply sum_to_bound. intros j Hj. rewrite Cmod_mult.
    apply Rmult_le_compat; try apply Cmod_ge_0; [apply b_bound; lia | apply IH; lia].
Qed.

Theorem weights_lower_bound : (Cmod first_response <= INR m ^ (n + 1) * c2 ^ (n + 2))%R.
Proof.
  replace (INR m ^ (n + 1) * c2 ^ (n + 2))%R with (INR m * (c2 * (INR m ^ n * c2 ^ (n + 1))))%R
    by (rewrite !pow_add; simpl; ring).
  apply sum_to_bound. intros j Hj. rewrite Cmod_mult.
  apply Rmult_le_compat; try apply Cmod_ge_0; [apply c_bound; exact Hj | apply first_state_bound; [lia | exact Hj]].
Qed.

End LowerBound.

Definition theorems := (@chain_transfer, @residue_bound, @pass_weight_bound, @further_pole, @weights_lower_bound).
Print Assumptions theorems.
