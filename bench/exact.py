"""The exact products of bench/exact.ts with gmpy2: reads the entries, prints seconds of the matrix product and of the inner product."""
import sys
import time

from gmpy2 import mpq

order = int(sys.stdin.readline())
numbers = [mpq(word) for word in sys.stdin.read().split()]
a, b, x, y = (numbers[k : k + n] for k, n in ((0, order**2), (order**2, order**2), (2 * order**2, order), (2 * order**2 + order, order)))


def median(runs, action):
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        action()
        seconds.append(time.process_time() - start)
    return sorted(seconds)[runs // 2]


def product():
    return [sum(a[i * order + k] * b[j * order + k] for k in range(order)) for i in range(order) for j in range(order)]


print(median(3, product), median(51, lambda: sum(p * q for p, q in zip(x, y))))
