"""gmpy.py FUNCTION < TRIPLES: the number of triples of doubles x, lo, hi, and those with FUNCTION(x) outside of [lo, hi].

A value is rounded to nearest at 160 bits, which keeps the order with doubles: what lies below a double is at most it.
"""

import array
import sys

import gmpy2

gmpy2.get_context().precision = 160
name = sys.argv[1]
numbers = array.array("d")
numbers.frombytes(sys.stdin.buffer.read())
ends = iter(numbers)
missed = []


def within(x, lo, hi):
    value = function(x)
    return lo <= value <= hi


def within_inverse(x, lo, hi):
    """w e^w grows from -1 on."""
    lower, upper = gmpy2.mpfr(lo), gmpy2.mpfr(hi)
    return (lo <= -1 or lower * gmpy2.exp(lower) <= x) and hi >= -1 and x <= upper * gmpy2.exp(upper)


function = getattr(gmpy2, name, None)
check = within_inverse if name == "lambertW" else within
for x, lo, hi in zip(ends, ends, ends):
    if not check(x, lo, hi):
        missed.append(f"{name}({x!r}) outside of [{lo!r}, {hi!r}]")
print("\n".join([str(len(numbers) // 3), *missed[:5]]))
