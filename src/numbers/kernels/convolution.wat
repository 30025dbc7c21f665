;; total(t) += sum over s <= t of a(t - s) b(s) for t = 0, 1, ..., length - 1: eight t at a time, each in the order of s, two in a
;; vector. `length` is a multiple of 8; a is preceded by eight zeros, so that what lies beyond s = t adds nothing.
(module
  (memory (export "memory") 1)
  (func (export "convolve") (param $total i32) (param $a i32) (param $b i32) (param $length i32)
    (local $p i32) (local $q i32) (local $end i32) (local $last i32)
    (local $x v128) (local $c0 v128) (local $c1 v128) (local $c2 v128) (local $c3 v128)
    (local.set $last (i32.add (local.get $a) (i32.shl (local.get $length) (i32.const 3))))
    ;; The end of b(0), ..., b(t + 7) for t = 0.
    (local.set $end (i32.add (local.get $b) (i32.const 64)))
    (loop $times
      (local.set $c0 (v128.const i64x2 0 0))
      (local.set $c1 (v128.const i64x2 0 0))
      (local.set $c2 (v128.const i64x2 0 0))
      (local.set $c3 (v128.const i64x2 0 0))
      (local.set $p (local.get $a))
      (local.set $q (local.get $b))
      (loop $terms
        (local.set $x (v128.load64_splat (local.get $q)))
        (local.set $c0 (f64x2.add (local.get $c0) (f64x2.mul (v128.load offset=0 (local.get $p)) (local.get $x))))
        (local.set $c1 (f64x2.add (local.get $c1) (f64x2.mul (v128.load offset=16 (local.get $p)) (local.get $x))))
        (local.set $c2 (f64x2.add (local.get $c2) (f64x2.mul (v128.load offset=32 (local.get $p)) (local.get $x))))
        (local.set $c3 (f64x2.add (local.get $c3) (f64x2.mul (v128.load offset=48 (local.get $p)) (local.get $x))))
        (local.set $p (i32.sub (local.get $p) (i32.const 8)))
        (local.set $q (i32.add (local.get $q) (i32.const 8)))
        (br_if $terms (i32.lt_u (local.get $q) (local.get $end))))
      (v128.store offset=0 (local.get $total) (f64x2.add (v128.load offset=0 (local.get $total)) (local.get $c0)))
      (v128.store offset=16 (local.get $total) (f64x2.add (v128.load offset=16 (local.get $total)) (local.get $c1)))
      (v128.store offset=32 (local.get $total) (f64x2.add (v128.load offset=32 (local.get $total)) (local.get $c2)))
      (v128.store offset=48 (local.get $total) (f64x2.add (v128.load offset=48 (local.get $total)) (local.get $c3)))
      (local.set $total (i32.add (local.get $total) (i32.const 64)))
      (local.set $end (i32.add (local.get $end) (i32.const 64)))
      (local.set $a (i32.add (local.get $a) (i32.const 64)))
      (br_if $times (i32.lt_u (local.get $a) (local.get $last))))))
