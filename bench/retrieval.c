/* The forward pass of a retrieval network in Arb: reads what bench/retrieval.ts writes, prints seconds and the output. */
#include <arb.h>
#include <flint/fmpq.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define BITS 170
#define RUNS 20

static char token[1 << 16];

static void read_exact(arb_t x) {
  fmpq_t q;
  fmpq_init(q);
  if (scanf("%65535s", token) != 1 || fmpq_set_str(q, token, 10) != 0) exit(1);
  arb_set_fmpq(x, q, BITS);
  fmpq_clear(q);
}

static long read_integer(void) {
  long n;
  if (scanf("%ld", &n) != 1) exit(1);
  return n;
}

int main(void) {
  long T = read_integer(), d = read_integer(), D = read_integer();
  long *units = malloc(D * sizeof(long)), **coordinate = malloc(D * sizeof(long *));
  arb_ptr *weight = malloc(D * sizeof(arb_ptr)), *bias = malloc(D * sizeof(arb_ptr)), *change = malloc(D * sizeof(arb_ptr));
  arb_ptr offset = _arb_vec_init(D), beta = _arb_vec_init(D), gates = _arb_vec_init(D * T), x = _arb_vec_init(T * d);
  for (long i = 0; i < D; i++) {
    units[i] = read_integer();
    coordinate[i] = malloc(units[i] * sizeof(long));
    weight[i] = _arb_vec_init(units[i]);
    bias[i] = _arb_vec_init(units[i]);
    change[i] = _arb_vec_init(units[i]);
    for (long k = 0; k < units[i]; k++) {
      coordinate[i][k] = read_integer();
      read_exact(weight[i] + k);
      read_exact(bias[i] + k);
      read_exact(change[i] + k);
    }
    read_exact(offset + i);
    read_exact(beta + i);
    for (long t = 0; t < T; t++) read_exact(gates + i * T + t);
  }
  for (long k = 0; k < T * d; k++) read_exact(x + k);

  arb_ptr psi = _arb_vec_init(T), powers = _arb_vec_init(T), z = _arb_vec_init(D);
  long most = 0;
  for (long i = 0; i < D; i++) most = units[i] > most ? units[i] : most;
  arb_ptr hidden = _arb_vec_init(most);
  arb_t total, zero, y;
  arb_init(total), arb_init(zero), arb_init(y);
  double best = 1e9;
  for (int run = 0; run < RUNS; run++) {
    struct timespec start, end;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
    for (long i = 0; i < D; i++) {
      for (long t = 0; t < T; t++) {
        for (long k = 0; k < units[i]; k++) {
          arb_ptr h = hidden + k;
          arb_mul(h, weight[i] + k, x + t * d + coordinate[i][k], BITS);
          arb_add(h, h, bias[i] + k, BITS);
          if (arb_is_nonpositive(h)) arb_zero(h);
          else if (!arb_is_nonnegative(h)) arb_max(h, h, zero, BITS);
        }
        arb_dot(psi + t, offset + i, 0, change[i], 1, hidden, 1, units[i], BITS);
        arb_add(powers + t, psi + t, gates + i * T + t, BITS);
        arb_mul(powers + t, powers + t, beta + i, BITS);
        arb_neg(powers + t, powers + t);
        arb_exp(powers + t, powers + t, BITS);
      }
      arb_zero(total);
      arb_zero(z + i);
      for (long t = 0; t < T; t++) {
        arb_add(total, total, powers + t, BITS);
        arb_addmul(z + i, powers + t, psi + t, BITS);
      }
      arb_div(z + i, z + i, total, BITS);
    }
    arb_sub(y, z + 2, z + 3, BITS);
    arb_abs(y, y);
    arb_sub(y, z + 1, y, BITS);
    arb_mul_2exp_si(y, y, -1);
    arb_add(y, y, z, BITS);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
    double seconds = (end.tv_sec - start.tv_sec) + 1e-9 * (end.tv_nsec - start.tv_nsec);
    if (seconds < best) best = seconds;
  }
  printf("{\"seconds\": %.9f, \"output\": %.17g}\n", best, arf_get_d(arb_midref(y), ARF_RND_NEAR));
  return 0;
}
