(* The sharp gap of the soft minimum, for every number of tokens.

   Let a_1, ..., a_T be real numbers with minimum m, beta > 0 and p = softmax (- beta a). Then
     0 <= sum_t p_t a_t - m <= lam / beta    whenever    lam >= 0 and (T - 1) exp (- lam - 1) <= lam,
   so that an instance needs one evaluation of exp (lam >= 0 follows from the second condition). The least such lam is
   the one with equality, that is lam exp lam = (T - 1) / e, lam = W0 ((T - 1) / e) with Lambert's function; it exists
   for every T >= 1, its bound is attained at (0, v, ..., v) with v = (1 + lam) / beta, and it is at most ln T.

   Argument. With u_t = beta (a_t - m) the upper bound says sum_t (u_t - lam) exp (- u_t) <= 0. The token of the minimum
   contributes - lam. Every other one contributes at most exp (- lam - 1): this is 1 + y <= exp y at y = u_t - lam - 1.

   Source: the rule `softmin-gap` of this project; the soft minimum is the one that reads attention heads in the
   retrieval construction of arXiv:2510.06662. Lambert's W: Corless, Gonnet, Hare, Jeffrey, Knuth,
   Adv. Comput. Math. 5 (1996) 329-359. The bound ln T is the usual one (entropy is at most ln T). *)

Require Import Reals Lra List.
From Exhibit Require Import Sums.
Import ListNotations.
Open Scope R_scope.

(** sum_t p_t a_t with p = softmax (- beta a) *)
Definition soft_minimum {A : Type} (beta : R) (tokens : list A) (a : A -> R) : R :=
  sum tokens (fun t => a t * exp (- beta * a t)) / sum tokens (fun t => exp (- beta * a t)).

(** The gap of the soft minimum, with the weights' common factor exp (- beta m) taken out. *)
Lemma excess_weight_le {A : Type} (beta lam m : R) (tokens : list A) a : is_minimum tokens a m ->
  (INR (length tokens) - 1) * exp (- lam - 1) <= lam ->
  sum tokens (fun t => (beta * (a t - m) - lam) * exp (- (beta * (a t - m)))) <= 0.
Proof.
  intros [[t [Ht Hmin]] _] Hlam. destruct (in_split _ _ Ht) as [l1 [l2 El]].
  assert (rest : forall l, sum l (fun s => (beta * (a s - m) - lam) * exp (- (beta * (a s - m))))
                           <= INR (length l) * exp (- lam - 1)).
  { intros l. rewrite <- sum_const. apply sum_le. intros. apply one_token. }
  rewrite El in Hlam |- *. rewrite app_length, plus_INR in Hlam. cbn [length] in Hlam. rewrite S_INR in Hlam.
  rewrite sum_app. cbn [sum fold_right]. rewrite Hmin. replace (beta * (m - m)) with 0 by lra.
  rewrite Ropp_0, exp_0. pose proof (rest l1). pose proof (rest l2). unfold sum in *. lra.
Qed.

Section Gap.
Context {A : Type} (beta : R) (tokens : list A) (a : A -> R) (m : R).
Hypothesis beta_pos : 0 < beta.
Hypothesis minimum : is_minimum tokens a m.

Let weight t := exp (- beta * a t).

Lemma total_weight_pos : 0 < sum tokens weight.
Proof. destruct minimum as [[t [Ht _]] _]. apply (sum_pos _ _ t Ht). intros; apply exp_pos. Qed.

Lemma soft_minimum_sub c :
  soft_minimum beta tokens a - c = sum tokens (fun t => (a t - c) * weight t) / sum tokens weight.
Proof.
  pose proof total_weight_pos as Z. unfold soft_minimum, weight in *.
  rewrite (sum_ext tokens (fun t => (a t - c) * _) (fun t => a t * exp (- beta * a t) - c * exp (- beta * a t)))
    by (intros; lra).
  rewrite sum_sub, sum_scal. field. lra.
Qed.

Lemma soft_minimum_ge : 0 <= soft_minimum beta tokens a - m.
Proof.
  rewrite soft_minimum_sub. apply Rmult_le_pos; [|left; apply Rinv_0_lt_compat, total_weight_pos].
  replace 0 with (sum tokens (fun _ => 0)) by (rewrite sum_const; lra).
  apply sum_le. intros t Ht. destruct minimum as [_ Hm]. specialize (Hm t Ht).
  apply Rmult_le_pos; [lra | left; apply exp_pos].
Qed.

Theorem soft_minimum_gap lam :
  (INR (length tokens) - 1) * exp (- lam - 1) <= lam ->
  0 <= soft_minimum beta tokens a - m <= lam / beta.
Proof.
  intros Hlam. split; [exact soft_minimum_ge|].
  pose proof total_weight_pos as Z. pose proof (excess_weight_le beta lam m tokens a minimum Hlam) as H.
  assert (E : soft_minimum beta tokens a - m - lam / beta
              = exp (- beta * m) / beta / sum tokens weight
                * sum tokens (fun t => (beta * (a t - m) - lam) * exp (- (beta * (a t - m))))).
  { replace (soft_minimum beta tokens a - m - lam / beta) with (soft_minimum beta tokens a - (m + lam / beta)) by lra.
    rewrite soft_minimum_sub.
    rewrite (sum_ext tokens (fun t => (a t - (m + lam / beta)) * weight t)
      (fun t => exp (- beta * m) / beta * ((beta * (a t - m) - lam) * exp (- (beta * (a t - m)))))).
    - rewrite sum_scal. field. lra.
    - intros t _. unfold weight.
      replace (- beta * a t) with (- beta * m + - (beta * (a t - m))) by lra. rewrite exp_plus. field. lra. }
  assert (0 <= exp (- beta * m) / beta / sum tokens weight).
  { left. repeat apply Rdiv_lt_0_compat; try assumption. apply exp_pos. }
  nra.
Qed.

(** The weaker bound with the entropy's constant. *)
Corollary soft_minimum_gap_ln : 0 <= soft_minimum beta tokens a - m <= ln (INR (length tokens)) / beta.
Proof.
  apply soft_minimum_gap. set (T := INR (length tokens)).
  assert (HT : 1 <= T).
  { unfold T. destruct minimum as [[t [Ht _]] _]. destruct tokens; [contradiction|].
    cbn [length]. rewrite S_INR. pose proof (pos_INR (length l)). lra. }
  assert (HL : 1 - / T <= ln T).
  { pose proof (exp_ge_1_plus (- ln T)) as E. rewrite exp_Ropp, exp_ln in E by lra. lra. }
  replace (exp (- ln T - 1)) with (/ T * exp (- 1))
    by (unfold Rminus; rewrite exp_plus, exp_Ropp, exp_ln by lra; reflexivity).
  assert (exp (- 1) < 1) by (rewrite <- exp_0; apply exp_increasing; lra).
  pose proof (exp_pos (- 1)). assert ((T - 1) * / T = 1 - / T) by (field; lra).
  assert (0 <= 1 - / T) by (assert (/ T <= / 1) by (apply Rinv_le_contravar; lra); lra). nra.
Qed.

End Gap.

(** Equality in the condition on lam is Lambert's equation. *)
Lemma lambert_form k lam : k * exp (- lam - 1) = lam <-> lam * exp lam = k / exp 1.
Proof.
  pose proof (exp_pos lam). pose proof (exp_pos 1).
  replace (exp (- lam - 1)) with (/ (exp lam * exp 1)) by (rewrite <- exp_plus, <- exp_Ropp; f_equal; lra).
  split; intros E.
  - rewrite <- E at 1. field. lra.
  - replace (k * / (exp lam * exp 1)) with (k / exp 1 / exp lam) by (field; lra). rewrite <- E. field. lra.
Qed.

Lemma lambert_exists k : 0 <= k -> exists lam, 0 <= lam /\ k * exp (- lam - 1) = lam.
Proof.
  intros Hk.
  assert (C : continuity (fun x => x - k * exp (- x - 1))) by (intros x; reg).
  assert (H0 : 0 <= k * exp (- 0 - 1)) by (apply Rmult_le_pos; [lra | left; apply exp_pos]).
  assert (Hexp : exp (- k - 1) < 1).
  { apply Rlt_le_trans with (exp 0); [apply exp_increasing; lra | rewrite exp_0; lra]. }
  destruct (IVT_cor _ 0 k C Hk) as [lam [Hlam E]].
  - assert (0 <= k - k * exp (- k - 1)) by nra. nra.
  - exists lam. split; lra.
Qed.

Definition extremal (beta lam : R) (k : nat) : list R := 0 :: repeat ((1 + lam) / beta) k.

Lemma extremal_minimum beta lam k : 0 < beta -> 0 <= lam -> is_minimum (extremal beta lam k) (fun a => a) 0.
Proof.
  intros Hb Hl. split; [exists 0; simpl; auto|]. intros t [<-|Ht]; [lra|].
  rewrite (repeat_spec _ _ _ Ht). left. apply Rdiv_lt_0_compat; lra.
Qed.

(** The gap of (0, v, ..., v); its minimum is 0. *)
Theorem soft_minimum_gap_attained beta lam k :
  0 < beta -> 0 <= lam -> INR k * exp (- lam - 1) = lam ->
  soft_minimum beta (extremal beta lam k) (fun a => a) - 0 = lam / beta.
Proof.
  intros Hb Hl E. unfold soft_minimum, extremal. change (sum (0 :: ?l) ?f) with (f 0 + sum l f).
  rewrite !sum_repeat. set (v := (1 + lam) / beta).
  replace (- beta * v) with (- lam - 1) by (unfold v; field; lra).
  replace (- beta * 0) with 0 by lra. rewrite exp_0.
  replace (0 * 1 + INR k * (v * exp (- lam - 1))) with (v * (INR k * exp (- lam - 1))) by ring.
  rewrite E. unfold v. field. lra.
Qed.

(** All together: the best constant for T = k + 1 tokens. *)
Theorem soft_minimum_gap_sharp k beta : 0 < beta ->
  exists lam, 0 <= lam /\ lam * exp lam = INR k / exp 1 /\
    (forall (A : Type) (tokens : list A) (a : A -> R) (m : R),
       length tokens = S k -> is_minimum tokens a m -> 0 <= soft_minimum beta tokens a - m <= lam / beta) /\
    (exists tokens, length tokens = S k /\ is_minimum tokens (fun a => a) 0 /\
       soft_minimum beta tokens (fun a => a) - 0 = lam / beta).
Proof.
  intros Hb. destruct (lambert_exists (INR k) (pos_INR k)) as [lam [Hl E]]. exists lam.
  split; [exact Hl|]. split; [apply lambert_form; exact E|]. split.
  - intros A tokens a m HT Hm. apply soft_minimum_gap; [exact Hb | exact Hm |]. rewrite HT, S_INR.
    replace (INR k + 1 - 1) with (INR k) by lra. lra.
  - exists (extremal beta lam k). split; [unfold extremal; simpl; f_equal; apply repeat_length|].
    split; [apply extremal_minimum; assumption | apply soft_minimum_gap_attained; assumption].
Qed.

Definition theorems := (@soft_minimum_gap, @soft_minimum_gap_ln, @soft_minimum_gap_sharp).
Print Assumptions theorems.
