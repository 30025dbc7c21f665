;; Linear recurrences at two inputs at once, one in each lane: their states in pairs of doubles (`double-double-sums.ts`), and
;; how far roundings take them (`recurrence-rounding.ts`). Lane by lane, every operation is that of the loops in JavaScript, in
;; the same order, so that both give the same doubles.
;;
;; A matrix is a table of addresses, one of each row's first entry and one behind the last; an entry is a double, and at +8
;; the place of its column in bytes. Vectors over time stand in planes of P bytes: entry i of n at time t at 8 (n t + i) in each.
;; Planes of `states`: high, low, radius, spread, sizes. Planes of `errors`: centre, spread, sizes, own, error, reach, held.
;; What drives a layer has planes of W bytes, and `step` bytes at each time.
;;
;; The memory begins with the numbers of a format: u, lost (1 product), lost (2), gamma (2), u (1 + gamma (2)), eta, a mask of the bits
;; that it does not have, its least normal number, the first beyond it; at 80 the largest sizes, at 96 the largest spreads.
(module
  (memory (export "memory") 1)

  (func $put (param $a i32) (param $b i32) (param $x v128)
    (v128.store64_lane 0 (local.get $a) (local.get $x))
    (v128.store64_lane 1 (local.get $b) (local.get $x)))

  ;; Remembers the largest of what stands at an address and x.
  (func $peak (param $at i32) (param $x v128)
    (v128.store (local.get $at) (f64x2.max (v128.load (local.get $at)) (local.get $x))))

  ;; `plus`, a bound of a sum.
  (func $plus (param $a v128) (param $b v128) (result v128)
    (local $sum v128)
    (local.set $sum (f64x2.add (local.get $a) (local.get $b)))
    (v128.bitselect
      (local.get $sum)
      (f64x2.mul (local.get $sum) (v128.const f64x2 0x1.0000000000002p+0 0x1.0000000000002p+0))
      (v128.or
        (f64x2.eq (local.get $a) (v128.const i64x2 0 0))
        (f64x2.eq (local.get $b) (v128.const i64x2 0 0)))))

  ;; `raised`, after n operations. The bits of 1 + (n + 2) 2^-52 and of n 2^-1074 are those of 1 and of 0 plus integers: a
  ;; product with a subnormal number would take a hundred times as long.
  (func $raised (param $x v128) (param $n i64) (result v128)
    (f64x2.add
      (f64x2.mul (local.get $x) (i64x2.splat (i64.add (local.get $n) (i64.const 0x3ff0000000000002))))
      (i64x2.splat (local.get $n))))

  ;; `addUp` of numbers that are not negative.
  (func $addUp (param $a v128) (param $b v128) (result v128)
    (local $sum v128) (local $part v128) (local $error v128) (local $up v128)
    (local.set $sum (f64x2.add (local.get $a) (local.get $b)))
    (local.set $part (f64x2.sub (local.get $sum) (local.get $b)))
    (local.set $error
      (f64x2.add
        (f64x2.sub (local.get $a) (local.get $part))
        (f64x2.sub (local.get $b) (f64x2.sub (local.get $sum) (local.get $part)))))
    (local.set $up
      (v128.bitselect
        (f64x2.add (local.get $sum) (f64x2.mul (v128.const f64x2 0x1.0000000000001p-53 0x1.0000000000001p-53) (local.get $sum)))
        (v128.bitselect
          (f64x2.add (local.get $sum) (v128.const f64x2 0x1p-1074 0x1p-1074))
          (f64x2.mul
            (f64x2.add
              (f64x2.mul (local.get $sum) (v128.const f64x2 0x1p+53 0x1p+53))
              (f64x2.mul
                (v128.const f64x2 0x1.0000000000001p-53 0x1.0000000000001p-53)
                (f64x2.mul (local.get $sum) (v128.const f64x2 0x1p+53 0x1p+53))))
            (v128.const f64x2 0x1p-53 0x1p-53))
          (f64x2.lt (local.get $sum) (v128.const f64x2 0x1p-1021 0x1p-1021)))
        (f64x2.ge (local.get $sum) (v128.const f64x2 0x1p-969 0x1p-969))))
    (v128.bitselect (local.get $sum) (local.get $up) (f64x2.le (local.get $error) (v128.const i64x2 0 0))))

  ;; How far the product of two numbers is off, where it neither overflows nor underflows.
  (func $missed (param $a v128) (param $b v128) (param $product v128) (result v128)
    (local $p v128) (local $q v128) (local $r v128) (local $s v128)
    ;; The leading 26 bits of each.
    (local.set $p (f64x2.mul (v128.const f64x2 134217729 134217729) (local.get $a)))
    (local.set $p (f64x2.sub (local.get $p) (f64x2.sub (local.get $p) (local.get $a))))
    (local.set $q (f64x2.mul (v128.const f64x2 134217729 134217729) (local.get $b)))
    (local.set $q (f64x2.sub (local.get $q) (f64x2.sub (local.get $q) (local.get $b))))
    (local.set $r (f64x2.sub (local.get $a) (local.get $p)))
    (local.set $s (f64x2.sub (local.get $b) (local.get $q)))
    (f64x2.sub
      (f64x2.mul (local.get $r) (local.get $s))
      (f64x2.sub
        (f64x2.sub
          (f64x2.sub (local.get $product) (f64x2.mul (local.get $p) (local.get $q)))
          (f64x2.mul (local.get $r) (local.get $q)))
        (f64x2.mul (local.get $p) (local.get $s)))))

  ;; The states at times t, ..., last - 1.
  (func (export "states")
    (param $A i32) (param $B i32) (param $height i32) (param $t i32) (param $last i32)
    (param $h0 i32) (param $h1 i32) (param $P i32) (param $x0 i32) (param $x1 i32) (param $W i32) (param $step i32)
    (local $i i32) (local $side i32) (local $p i32) (local $end i32) (local $row i32) (local $j i32)
    (local $v0 i32) (local $v1 i32) (local $plane i32) (local $at i32) (local $a0 i32) (local $a1 i32)
    (local $sum v128) (local $rest v128) (local $size v128) (local $blur v128) (local $n v128)
    (local $value v128) (local $known v128) (local $meant v128) (local $weight v128) (local $product v128) (local $total v128) (local $part v128)
    (local $widest v128) (local $most v128)
    (local.set $row (i32.shl (local.get $height) (i32.const 3)))
    (local.set $at (i32.mul (local.get $t) (local.get $row)))
    (loop $times
      (local.set $i (i32.const 0))
      (loop $rows
        (local.set $sum (v128.const i64x2 0 0))
        (local.set $rest (v128.const i64x2 0 0))
        (local.set $size (v128.const i64x2 0 0))
        (local.set $blur (v128.const i64x2 0 0))
        (local.set $n (v128.const i64x2 0 0))
        (local.set $side (i32.eqz (local.get $t)))
        (loop $sides
          (if (local.get $side)
            (then
              (local.set $p (i32.add (local.get $B) (i32.shl (local.get $i) (i32.const 2))))
              (local.set $j (i32.mul (local.get $t) (local.get $step)))
              (local.set $v0 (i32.add (local.get $x0) (local.get $j)))
              (local.set $v1 (i32.add (local.get $x1) (local.get $j)))
              (local.set $plane (local.get $W)))
            (else
              (local.set $p (i32.add (local.get $A) (i32.shl (local.get $i) (i32.const 2))))
              (local.set $j (i32.mul (i32.sub (local.get $t) (i32.const 1)) (local.get $row)))
              (local.set $v0 (i32.add (local.get $h0) (local.get $j)))
              (local.set $v1 (i32.add (local.get $h1) (local.get $j)))
              (local.set $plane (local.get $P))))
          (local.set $end (i32.load offset=4 (local.get $p)))
          (local.set $p (i32.load (local.get $p)))
          (block $none
            (br_if $none (i32.eq (local.get $p) (local.get $end)))
            (loop $entries
              (local.set $j (i32.load offset=8 (local.get $p)))
              (local.set $weight (v128.load64_splat (local.get $p)))
              (local.set $a0 (i32.add (local.get $v0) (local.get $j)))
              (local.set $a1 (i32.add (local.get $v1) (local.get $j)))
              (local.set $value (v128.load64_lane 1 (local.get $a1) (v128.load64_zero (local.get $a0))))
              (local.set $a0 (i32.add (local.get $a0) (local.get $plane)))
              (local.set $a1 (i32.add (local.get $a1) (local.get $plane)))
              (local.set $known
                (v128.load64_lane 1
                  (i32.add (local.get $a1) (local.get $plane))
                  (v128.load64_zero (i32.add (local.get $a0) (local.get $plane)))))
              ;; Terms that are 0 are not counted, nor what the splitting of a large weight, which overflows, makes of them.
              (local.set $meant
                (v128.or
                  (f64x2.ne (local.get $value) (v128.const i64x2 0 0))
                  (f64x2.ne (local.get $known) (v128.const i64x2 0 0))))
              (local.set $product (f64x2.mul (local.get $weight) (local.get $value)))
              (local.set $total (f64x2.add (local.get $sum) (local.get $product)))
              (local.set $part (f64x2.sub (local.get $total) (local.get $sum)))
              (local.set $rest
                (f64x2.add
                  (local.get $rest)
                  (f64x2.add
                    (f64x2.add
                      (f64x2.sub (local.get $sum) (f64x2.sub (local.get $total) (local.get $part)))
                      (f64x2.sub (local.get $product) (local.get $part)))
                    (f64x2.add
                      (v128.and
                        (local.get $meant)
                        (call $missed (local.get $weight) (local.get $value) (local.get $product)))
                      (f64x2.mul (local.get $weight) (v128.load64_lane 1
                        (local.get $a1)
                        (v128.load64_zero (local.get $a0))))))))
              (local.set $sum (local.get $total))
              (local.set $size (f64x2.add (local.get $size) (f64x2.abs (local.get $product))))
              (local.set $blur
                (f64x2.add (local.get $blur) (f64x2.mul (f64x2.abs (local.get $weight)) (local.get $known))))
              (local.set $n (i64x2.sub (local.get $n) (local.get $meant)))
              (local.set $p (i32.add (local.get $p) (i32.const 16)))
              (br_if $entries (i32.lt_u (local.get $p) (local.get $end)))))
          (local.set $side (i32.add (local.get $side) (i32.const 1)))
          (br_if $sides (i32.lt_u (local.get $side) (i32.const 2))))
        (local.set $total (f64x2.add (local.get $sum) (local.get $rest)))
        (local.set $part (f64x2.sub (local.get $total) (local.get $sum)))
        (local.set $a0 (i32.add (local.get $h0) (local.get $at)))
        (local.set $a1 (i32.add (local.get $h1) (local.get $at)))
        (call $put (local.get $a0) (local.get $a1) (local.get $total))
        (local.set $rest
          (f64x2.add
            (f64x2.sub (local.get $sum) (f64x2.sub (local.get $total) (local.get $part)))
            (f64x2.sub (local.get $rest) (local.get $part))))
        (local.set $a0 (i32.add (local.get $a0) (local.get $P)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $P)))
        (call $put (local.get $a0) (local.get $a1) (local.get $rest))
        ;; n + 3 as a double: the low bits of 2^52 + n + 3, less 2^52.
        (local.set $part
          (f64x2.sub
            (i64x2.add (local.get $n) (v128.const i64x2 0x4330000000000003 0x4330000000000003))
            (v128.const f64x2 0x1p+52 0x1p+52)))
        (local.set $blur
          (f64x2.mul
            (f64x2.add
              (f64x2.add
                (local.get $blur)
                (f64x2.mul
                  (f64x2.mul (f64x2.mul (local.get $part) (local.get $part)) (v128.const f64x2 0x1p-106 0x1p-106))
                  (local.get $size)))
              ;; 16 n 2^-1074 and 1 + (n + 8) 2^-52, as in `raised`.
              (i64x2.shl (local.get $n) (i32.const 4)))
            (i64x2.add (local.get $n) (v128.const i64x2 0x3ff0000000000008 0x3ff0000000000008))))
        (local.set $a0 (i32.add (local.get $a0) (local.get $P)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $P)))
        (call $put (local.get $a0) (local.get $a1) (local.get $blur))
        (local.set $rest (call $addUp (f64x2.abs (local.get $rest)) (local.get $blur)))
        (local.set $a0 (i32.add (local.get $a0) (local.get $P)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $P)))
        (call $put (local.get $a0) (local.get $a1) (local.get $rest))
        (local.set $widest (f64x2.max (local.get $widest) (local.get $rest)))
        (local.set $total (call $addUp (f64x2.abs (local.get $total)) (local.get $rest)))
        (call $put
          (i32.add (local.get $a0) (local.get $P))
          (i32.add (local.get $a1) (local.get $P))
          (local.get $total))
        (local.set $most (f64x2.max (local.get $most) (local.get $total)))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $rows (i32.lt_u (local.get $i) (local.get $height))))
      (local.set $t (i32.add (local.get $t) (i32.const 1)))
      (br_if $times (i32.lt_u (local.get $t) (local.get $last))))
    (call $peak (i32.const 96) (local.get $widest))
    (call $peak (i32.const 80) (local.get $most)))

  ;; `weighed`: the sum of the moduli of a row's entries times sizes.
  (func $weighed (param $row i32) (param $v0 i32) (param $v1 i32) (result v128)
    (local $p i32) (local $end i32) (local $j i32) (local $sum v128) (local $any v128) (local $size v128) (local $n i64)
    (local.set $p (i32.load (local.get $row)))
    (local.set $end (i32.load offset=4 (local.get $row)))
    (local.set $n (i64.extend_i32_u (i32.shr_u (i32.sub (local.get $end) (local.get $p)) (i32.const 3))))
    (block $none
      (br_if $none (i32.eq (local.get $p) (local.get $end)))
      (loop $entries
        (local.set $j (i32.load offset=8 (local.get $p)))
        (local.set $size
          (v128.load64_lane 1
            (i32.add (local.get $v1) (local.get $j))
            (v128.load64_zero (i32.add (local.get $v0) (local.get $j)))))
        (local.set $sum
          (f64x2.add
            (local.get $sum)
            (f64x2.mul (f64x2.abs (v128.load64_splat (local.get $p))) (local.get $size))))
        (local.set $any (v128.or (local.get $any) (f64x2.ne (local.get $size) (v128.const i64x2 0 0))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br_if $entries (i32.lt_u (local.get $p) (local.get $end)))))
    (v128.and (local.get $any) (call $raised (local.get $sum) (local.get $n))))

  ;; Whether numbers are normal ones of the format.
  (func $normal (param $x v128) (result v128)
    (v128.and
      (i64x2.eq (v128.and (local.get $x) (v128.load64_splat offset=48 (i32.const 0))) (v128.const i64x2 0 0))
      (v128.and
        (f64x2.ge (f64x2.abs (local.get $x)) (v128.load64_splat offset=56 (i32.const 0)))
        (f64x2.lt (f64x2.abs (local.get $x)) (v128.load64_splat offset=64 (i32.const 0))))))

  ;; Whether the format holds the product of a weight and a number that is known.
  (func $exact (param $weight v128) (param $x v128) (param $reach v128) (result v128)
    (local $product v128) (local $size v128)
    (local.set $product (f64x2.mul (local.get $weight) (local.get $x)))
    (local.set $size (f64x2.abs (local.get $product)))
    (v128.and
      (v128.and
        (v128.and
          (f64x2.eq (local.get $reach) (v128.const i64x2 0 0))
          (call $normal (local.get $weight)))
        (v128.and
          (call $normal (local.get $x))
          (call $normal (local.get $product))))
      (v128.and
        (v128.and
          (v128.and
            (f64x2.gt (local.get $size) (v128.const f64x2 0x1p-960 0x1p-960))
            (f64x2.lt (local.get $size) (v128.const f64x2 0x1p+990 0x1p+990)))
          (v128.and
            (f64x2.lt (f64x2.abs (local.get $weight)) (v128.const f64x2 0x1p+990 0x1p+990))
            (f64x2.lt (f64x2.abs (local.get $x)) (v128.const f64x2 0x1p+990 0x1p+990))))
        (f64x2.eq (call $missed (local.get $weight) (local.get $x) (local.get $product)) (v128.const i64x2 0 0)))))

  ;; A term's part above 0: at least |weight| (c + r), or 0.
  (func $above (param $weight v128) (param $end v128) (result v128)
    (v128.and
      (f64x2.gt (local.get $end) (v128.const i64x2 0 0))
      (call $raised (f64x2.mul (f64x2.abs (local.get $weight)) (local.get $end)) (i64.const 2))))

  ;; `product`, for rows of at most two entries: how large the inner product is and how far it may be off.
  (func $product (param $row i32) (param $v0 i32) (param $v1 i32) (param $P i32) (result v128 v128)
    (local $p i32) (local $j i32) (local $n i32) (local $r0 i32) (local $r1 i32) (local $s0 i32) (local $s1 i32)
    (local $whole v128) (local $size v128) (local $error v128) (local $unit v128) (local $exact v128) (local $weight v128)
    (local $other v128) (local $c v128) (local $r v128) (local $c2 v128) (local $r2 v128)
    (local.set $p (i32.load (local.get $row)))
    (local.set $n (i32.shr_u (i32.sub (i32.load offset=4 (local.get $row)) (local.get $p)) (i32.const 4)))
    (local.set $j (i32.mul (local.get $P) (i32.const 5)))
    (local.set $r0 (i32.add (local.get $v0) (local.get $j)))
    (local.set $r1 (i32.add (local.get $v1) (local.get $j)))
    (local.set $s0 (i32.add (local.get $r0) (local.get $P)))
    (local.set $s1 (i32.add (local.get $r1) (local.get $P)))
    (local.set $whole (call $weighed (local.get $row) (local.get $s0) (local.get $s1)))
    (if (i32.eq (local.get $n) (i32.const 1))
      (then
        (local.set $j (i32.load offset=8 (local.get $p)))
        (local.set $weight (v128.load64_splat (local.get $p)))
        (local.set $exact
          (call $exact
            (local.get $weight)
            (v128.load64_lane 1
              (i32.add (local.get $v1) (local.get $j))
              (v128.load64_zero (i32.add (local.get $v0) (local.get $j))))
            (v128.load64_lane 1
              (i32.add (local.get $r1) (local.get $j))
              (v128.load64_zero (i32.add (local.get $r0) (local.get $j))))))
        (local.set $unit (f64x2.eq (f64x2.abs (local.get $weight)) (v128.const f64x2 1 1)))
        (local.set $error
          (call $raised
            (f64x2.add
              (call $raised (f64x2.mul (v128.load64_splat (i32.const 0)) (local.get $whole)) (i64.const 1))
              (v128.load64_splat offset=8 (i32.const 0)))
            (i64.const 8)))
        (local.set $size
          (v128.bitselect
            (local.get $whole)
            (v128.bitselect
              (v128.load64_lane 1
                (i32.add (local.get $s1) (local.get $j))
                (v128.load64_zero (i32.add (local.get $s0) (local.get $j))))
              (call $raised (f64x2.add (local.get $whole) (local.get $error)) (i64.const 1))
              (local.get $unit))
            (local.get $exact)))
        (local.set $error (v128.andnot (local.get $error) (v128.or (local.get $exact) (local.get $unit)))))
      (else
        (if (i32.eq (local.get $n) (i32.const 2))
          (then
            (local.set $j (i32.load offset=8 (local.get $p)))
            (local.set $weight (v128.load64_splat (local.get $p)))
            (local.set $c
              (v128.load64_lane 1
                (i32.add (local.get $v1) (local.get $j))
                (v128.load64_zero (i32.add (local.get $v0) (local.get $j)))))
            (local.set $c
              (v128.xor (local.get $c) (v128.and (local.get $weight) (v128.const f64x2 -0 -0))))
            (local.set $r
              (v128.load64_lane 1
                (i32.add (local.get $r1) (local.get $j))
                (v128.load64_zero (i32.add (local.get $r0) (local.get $j)))))
            (local.set $j (i32.load offset=24 (local.get $p)))
            (local.set $other (v128.load64_splat offset=16 (local.get $p)))
            (local.set $c2
              (v128.load64_lane 1
                (i32.add (local.get $v1) (local.get $j))
                (v128.load64_zero (i32.add (local.get $v0) (local.get $j)))))
            (local.set $c2
              (v128.xor (local.get $c2) (v128.and (local.get $other) (v128.const f64x2 -0 -0))))
            (local.set $r2
              (v128.load64_lane 1
                (i32.add (local.get $r1) (local.get $j))
                (v128.load64_zero (i32.add (local.get $r0) (local.get $j)))))
            (local.set $size
              (f64x2.max
                (call $plus
                  (call $above (local.get $weight) (f64x2.add (local.get $c) (local.get $r)))
                  (call $above (local.get $other) (f64x2.add (local.get $c2) (local.get $r2))))
                (call $plus
                  (call $above (local.get $weight) (f64x2.sub (local.get $r) (local.get $c)))
                  (call $above (local.get $other) (f64x2.sub (local.get $r2) (local.get $c2))))))
            (local.set $error
              (call $raised
                (f64x2.add
                  (f64x2.min
                    (call $raised
                      (f64x2.mul
                        (v128.load64_splat offset=32 (i32.const 0))
                        (f64x2.add (local.get $whole) (local.get $size)))
                      (i64.const 4))
                    (call $raised
                      (f64x2.mul (v128.load64_splat offset=24 (i32.const 0)) (local.get $whole))
                      (i64.const 1)))
                  (v128.load64_splat offset=16 (i32.const 0)))
                (i64.const 10)))
            (local.set $size (call $raised (f64x2.add (local.get $whole) (local.get $error)) (i64.const 1)))))))
    (local.set $unit (f64x2.ne (local.get $whole) (v128.const i64x2 0 0)))
    (local.set $size (v128.and (local.get $size) (local.get $unit)))
    (call $peak (i32.const 80) (local.get $size))
    (local.get $size)
    (v128.and (local.get $error) (local.get $unit)))

  ;; `advance` at times t, ..., last - 1.
  (func (export "errors")
    (param $A i32) (param $B i32) (param $height i32) (param $t i32) (param $last i32)
    (param $h0 i32) (param $h1 i32) (param $P i32) (param $x0 i32) (param $x1 i32) (param $W i32) (param $step i32)
    (local $i i32) (local $row i32) (local $at i32) (local $a0 i32) (local $a1 i32)
    (local $b0 i32) (local $b1 i32) (local $d0 i32) (local $d1 i32) (local $e i32)
    (local $inherited v128) (local $moved v128) (local $movedError v128) (local $driven v128) (local $inner v128)
    (local $sizes v128) (local $total v128) (local $d v128)
    (local.set $row (i32.shl (local.get $height) (i32.const 3)))
    (local.set $at (i32.mul (local.get $t) (local.get $row)))
    (loop $times
      (local.set $i (i32.const 0))
      (local.set $e (i32.mul (i32.sub (local.get $t) (i32.const 1)) (local.get $row)))
      (local.set $b0 (i32.add (local.get $h0) (local.get $e)))
      (local.set $b1 (i32.add (local.get $h1) (local.get $e)))
      (local.set $e (i32.mul (local.get $t) (local.get $step)))
      (local.set $d0 (i32.add (local.get $x0) (local.get $e)))
      (local.set $d1 (i32.add (local.get $x1) (local.get $e)))
      (loop $rows
        (local.set $e (i32.shl (local.get $W) (i32.const 2)))
        (local.set $inherited
          (call $weighed
            (i32.add (local.get $B) (i32.shl (local.get $i) (i32.const 2)))
            (i32.add (local.get $d0) (local.get $e))
            (i32.add (local.get $d1) (local.get $e))))
        (local.set $moved (v128.const i64x2 0 0))
        (local.set $movedError (v128.const i64x2 0 0))
        (if (local.get $t)
          (then
            (local.set $e (i32.shl (local.get $P) (i32.const 2)))
            (local.set $inherited
              (call $plus
                (call $weighed
                  (i32.add (local.get $A) (i32.shl (local.get $i) (i32.const 2)))
                  (i32.add (local.get $b0) (local.get $e))
                  (i32.add (local.get $b1) (local.get $e)))
                (local.get $inherited)))
            (call $product
              (i32.add (local.get $A) (i32.shl (local.get $i) (i32.const 2)))
              (local.get $b0)
              (local.get $b1)
              (local.get $P))
            (local.set $movedError)
            (local.set $moved)))
        (call $product
          (i32.add (local.get $B) (i32.shl (local.get $i) (i32.const 2)))
          (local.get $d0)
          (local.get $d1)
          (local.get $W))
        (local.set $inner)
        (local.set $driven)
        (local.set $inner (call $plus (local.get $movedError) (local.get $inner)))
        (local.set $a0 (i32.add (i32.add (local.get $h0) (local.get $at)) (local.get $P)))
        (local.set $a1 (i32.add (i32.add (local.get $h1) (local.get $at)) (local.get $P)))
        (local.set $e (i32.shl (local.get $P) (i32.const 1)))
        (local.set $sizes
          (v128.load64_lane 1
            (i32.add (local.get $a1) (local.get $P))
            (v128.load64_zero (i32.add (local.get $a0) (local.get $P)))))
        (local.set $d
          (f64x2.min
            (call $plus (local.get $moved) (local.get $driven))
            (call $plus (local.get $sizes) (call $plus (local.get $inherited) (local.get $inner)))))
        (local.set $d
          (call $plus
            (local.get $inner)
            (v128.and
              (v128.and
                (f64x2.gt (local.get $moved) (v128.const i64x2 0 0))
                (f64x2.gt (local.get $driven) (v128.const i64x2 0 0)))
              (call $raised
                (f64x2.add
                  (f64x2.mul (v128.load64_splat (i32.const 0)) (local.get $d))
                  (v128.load64_splat offset=40 (i32.const 0)))
                (i64.const 2)))))
        (local.set $total (call $plus (local.get $inherited) (local.get $d)))
        (local.set $driven (v128.load64_lane 1 (local.get $a1) (v128.load64_zero (local.get $a0))))
        (local.set $a0 (i32.add (local.get $a0) (local.get $e)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $e)))
        (call $put (local.get $a0) (local.get $a1) (local.get $d))
        (local.set $a0 (i32.add (local.get $a0) (local.get $P)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $P)))
        (call $put (local.get $a0) (local.get $a1) (local.get $total))
        (local.set $a0 (i32.add (local.get $a0) (local.get $P)))
        (local.set $a1 (i32.add (local.get $a1) (local.get $P)))
        (call $put (local.get $a0) (local.get $a1) (call $plus (local.get $driven) (local.get $total)))
        (local.set $sizes (call $plus (local.get $sizes) (local.get $total)))
        (call $peak (i32.const 80) (local.get $sizes))
        (call $put
          (i32.add (local.get $a0) (local.get $P))
          (i32.add (local.get $a1) (local.get $P))
          (local.get $sizes))
        (local.set $at (i32.add (local.get $at) (i32.const 8)))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $rows (i32.lt_u (local.get $i) (local.get $height))))
      (local.set $t (i32.add (local.get $t) (i32.const 1)))
      (br_if $times (i32.lt_u (local.get $t) (local.get $last))))))
