import { init } from 'gmp-wasm';
import type { Direction } from '../../src/numbers/convert.js';
import type { Rational } from '../../src/numbers/rational.js';

const { binding } = await init();

/** mpfr_rnd_t. */
const MODES: Record<Direction, number> = { nearest: 0, up: 2, down: 3 };

/** A rational rounded to binary64 by MPFR, its exponent range and subnormal numbers emulated as MPFR's manual says. */
export function mpfrDouble(value: Rational, direction: Direction): number {
  const [emin, emax] = [binding.mpfr_get_emin(), binding.mpfr_get_emax()];
  const quotient = binding.mpq_t();
  const float = binding.mpfr_t();
  binding.mpq_init(quotient);
  binding.mpfr_init2(float, 53);
  try {
    binding.mpq_set_string(quotient, value.toString(), 10);
    binding.mpfr_set_emin(-1073);
    binding.mpfr_set_emax(1024);
    const ternary = binding.mpfr_set_q(float, quotient, MODES[direction]);
    binding.mpfr_subnormalize(float, ternary, MODES[direction]);
    return binding.mpfr_get_d(float, MODES[direction]);
  } finally {
    binding.mpfr_set_emin(emin);
    binding.mpfr_set_emax(emax);
    binding.mpfr_clear(float);
    binding.mpq_clear(quotient);
    binding.mpfr_t_free(float);
    binding.mpq_t_free(quotient);
  }
}
