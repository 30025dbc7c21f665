"""The forward pass of a retrieval network in the intervals of mpmath at 50 digits.

Reads what bench/retrieval.ts writes; prints seconds and the output.
"""
import json
import sys
import time
from fractions import Fraction

from mpmath import iv

iv.dps = 50
words = iter(sys.stdin.read().split())


def integer():
    return int(next(words))


def exact():
    q = Fraction(next(words))
    return iv.mpf(q.numerator) / q.denominator


T, d, D = integer(), integer(), integer()
heads = []
for _ in range(D):
    units = [(integer(), exact(), exact(), exact()) for _ in range(integer())]
    heads.append((units, exact(), exact(), [exact() for _ in range(T)]))
x = [exact() for _ in range(T * d)]
zero = iv.mpf(0)


def positive(a):
    return a if a.a >= 0 else zero if a.b <= 0 else iv.mpf([0, a.b])


start = time.process_time()
z = []
for units, offset, beta, gates in heads:
    psi, powers = [], []
    for t in range(T):
        total = offset
        for coordinate, weight, bias, change in units:
            total += change * positive(weight * x[t * d + coordinate] + bias)
        psi.append(total)
        powers.append(iv.exp(-beta * (total + gates[t])))
    z.append(sum(p * v for p, v in zip(powers, psi)) / sum(powers))
y = z[0] + (z[1] - abs(z[2] - z[3])) / 2
print(json.dumps({'seconds': time.process_time() - start, 'output': float(y.mid)}))
