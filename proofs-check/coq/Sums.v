(* Finite sums over a list of tokens, least values, and the two facts about exp that the lemmas of this folder share.

   The argument of every bound on a soft minimum is `one_token`: 1 + y <= exp y at y = u - lam - 1. *)

Require Import Reals Lra List Permutation.
Import ListNotations.
Open Scope R_scope.

(** sum_{t in l} f t *)
Definition sum {A : Type} (l : list A) (f : A -> R) : R := fold_right (fun t s => f t + s) 0 l.

(** m is the least of the a t, and one of them. *)
Definition is_minimum {A : Type} (tokens : list A) (a : A -> R) (m : R) : Prop :=
  (exists t, In t tokens /\ a t = m) /\ (forall t, In t tokens -> m <= a t).

Section Sums.
Context {A : Type}.

Lemma sum_app (l l' : list A) f : sum (l ++ l') f = sum l f + sum l' f.
Proof. induction l; simpl; lra. Qed.

Lemma sum_le (l : list A) f g : (forall t, In t l -> f t <= g t) -> sum l f <= sum l g.
Proof.
  induction l as [|t l IH]; simpl; intros H; [lra|].
  assert (f t <= g t) by auto. assert (sum l f <= sum l g) by auto. lra.
Qed.

Lemma sum_const (l : list A) c : sum l (fun _ => c) = INR (length l) * c.
Proof. induction l as [|t l IH]; cbn [sum fold_right length]; [simpl; lra|]. rewrite S_INR. unfold sum in IH. lra. Qed.

Lemma sum_scal (l : list A) c f : sum l (fun t => c * f t) = c * sum l f.
Proof. induction l; simpl; lra. Qed.

Lemma sum_add (l : list A) f g : sum l (fun t => f t + g t) = sum l f + sum l g.
Proof. induction l; simpl; lra. Qed.

Lemma sum_sub (l : list A) f g : sum l (fun t => f t - g t) = sum l f - sum l g.
Proof. induction l; simpl; lra. Qed.

Lemma sum_ext (l : list A) f g : (forall t, In t l -> f t = g t) -> sum l f = sum l g.
Proof. intros H. apply Rle_antisym; apply sum_le; intros t Ht; rewrite (H t Ht); lra. Qed.

Lemma sum_zero (l : list A) : sum l (fun _ => 0) = 0.
Proof. induction l; simpl; lra. Qed.

Lemma sum_nonneg (l : list A) f : (forall t, 0 <= f t) -> 0 <= sum l f.
Proof. intros H. rewrite <- (sum_zero l). apply sum_le. auto. Qed.

Lemma sum_abs (l : list A) f : Rabs (sum l f) <= sum l (fun t => Rabs (f t)).
Proof.
  induction l as [|t l IH]; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]. unfold sum in *. lra.
Qed.

Lemma sum_pos (l : list A) f t : In t l -> (forall t, 0 < f t) -> 0 < sum l f.
Proof.
  intros Ht Hf. assert (Hge : forall l', 0 <= sum l' f) by (induction l'; simpl; [lra | specialize (Hf a); lra]).
  destruct l as [|t' l]; [contradiction|]. simpl. specialize (Hf t'). specialize (Hge l). lra.
Qed.

Lemma sum_ge_term (l : list A) f t : In t l -> (forall t, 0 <= f t) -> f t <= sum l f.
Proof.
  intros Ht Hf. assert (Hge : forall l', 0 <= sum l' f) by (induction l'; simpl; [lra | specialize (Hf a); lra]).
  destruct (in_split _ _ Ht) as [l1 [l2 ->]]. rewrite sum_app. simpl.
  pose proof (Hge l1). pose proof (Hge l2). unfold sum in *. lra.
Qed.

Lemma sum_permutation (l l' : list A) f : Permutation l l' -> sum l f = sum l' f.
Proof. induction 1; simpl; unfold sum in *; simpl; lra. Qed.

Lemma sum_repeat k (v : A) f : sum (repeat v k) f = INR k * f v.
Proof.
  rewrite <- (repeat_length v k) at 2. rewrite <- sum_const. apply sum_ext.
  intros t Ht. rewrite (repeat_spec _ _ _ Ht). reflexivity.
Qed.

Lemma minimum_exists (l : list A) a : l <> [] -> exists m, is_minimum l a m.
Proof.
  induction l as [|t l IH]; intros H; [contradiction|]. destruct l as [|t' l].
  - exists (a t). split; [exists t; simpl; auto|]. intros s [<-|[]]. lra.
  - destruct IH as [m [[s [Hs Es]] Hm]]; [discriminate|]. exists (Rmin (a t) m). split.
    + destruct (Rle_dec (a t) m); [exists t; rewrite Rmin_left by lra | exists s; rewrite Rmin_right by lra];
        simpl in *; auto.
    + intros r [<-|Hr]; [apply Rmin_l | eapply Rle_trans; [apply Rmin_r | apply Hm, Hr]].
Qed.

End Sums.

Lemma exp_ge_1_plus y : 1 + y <= exp y.
Proof. destruct (Req_dec y 0) as [->|Hy]; [rewrite exp_0; lra | left; apply exp_ineq1; exact Hy]. Qed.

Lemma exp_monotone x y : x <= y -> exp x <= exp y.
Proof. intros [H | ->]; [left; apply exp_increasing; exact H | right; reflexivity]. Qed.

(** One token's share: the largest value of (u - lam) exp (- u), taken at u = lam + 1. *)
Lemma one_token u lam : (u - lam) * exp (- u) <= exp (- lam - 1).
Proof.
  replace (exp (- lam - 1)) with (exp (u - lam - 1) * exp (- u)) by (rewrite <- exp_plus; f_equal; lra).
  apply Rmult_le_compat_r; [left; apply exp_pos|]. pose proof (exp_ge_1_plus (u - lam - 1)). lra.
Qed.

Definition theorems := (@sum_permutation, @minimum_exists, @one_token).
Print Assumptions theorems.
