const FRACTION = /^-?(\d{1,300})\/(\d{1,300})$/;
const DIGITS = 6;

/** A witness with a decimal beside each fraction, rounded to nearest: for the eye, the fraction is what is meant. */
export function withDecimals(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withDecimals);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withDecimals(part)]));
  const fraction = typeof value === 'string' && FRACTION.exec(value);
  if (!fraction) return value;
  const size = Number((Number(fraction[1]) / Number(fraction[2])).toPrecision(DIGITS));
  return `${value} (${value.startsWith('-') ? -size : size})`;
}
