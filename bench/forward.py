"""The forward pass of an exported network in mpmath at 50 digits, and in exact fractions.

Reads a network of inputs, constants, matmul, add and relu in its canonical form and the inputs, one vector per line of
the second file; prints the seconds per pass in each arithmetic and the last output in decimals.
"""
import json
import sys
import time
from fractions import Fraction

from mpmath import mp, mpf

mp.dps = 50


def entries(node, number):
    size = 1
    for length in node['shape']:
        size *= length
    if 'dense' in node:
        return [number(text) for text in node['dense']]
    values = [number('0')] * size
    for index, text in node['sparse']:
        values[index] = number(text)
    return values


def matmul(a, b, zero):
    columns = len(b) // len(a)
    result = [zero] * columns
    for i, factor in enumerate(a):
        if factor:
            row = b[i * columns:(i + 1) * columns]
            result = [total + factor * weight for total, weight in zip(result, row)]
    return result


def compiled(nodes, number):
    constants = {k: entries(node, number) for k, node in enumerate(nodes) if node['op'] == 'constant'}
    zero = number('0')

    def forward(x):
        values = dict(constants)
        for k, node in enumerate(nodes):
            arguments = [values[i] for i in node.get('inputs', [])]
            if node['op'] == 'input':
                values[k] = x
            elif node['op'] == 'matmul':
                values[k] = matmul(*arguments, zero)
            elif node['op'] == 'add':
                values[k] = [a + b for a, b in zip(*arguments)]
            elif node['op'] == 'relu':
                values[k] = [a if a > 0 else zero for a in arguments[0]]
        return values[len(nodes) - 1]

    return forward


def rounded(text):
    fraction = Fraction(text)
    return mpf(fraction.numerator) / fraction.denominator


nodes = json.load(open(sys.argv[1]))['nodes']
inputs = [line.split() for line in open(sys.argv[2])]
result = {}
for name, number in (('mpmath', rounded), ('fractions', Fraction)):
    forward = compiled(nodes, number)
    vectors = [[number(text) for text in line] for line in inputs]
    start = time.perf_counter()
    for vector in vectors:
        output = forward(vector)
    result[name] = (time.perf_counter() - start) / len(vectors)
result['output'] = str(output[0])
print(json.dumps(result))
