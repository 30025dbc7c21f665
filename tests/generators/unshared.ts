/** A certificate with every shared value written out where it is used, and without the list of them. */
export function unshared(certificate: string): string {
  const { shared = [], claims, ...rest } = JSON.parse(certificate) as { shared?: unknown[]; claims: unknown };
  const whole = JSON.stringify(claims, (_, value: unknown) => {
    const fields = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const [[name, k] = []] = fields;
    return fields.length === 1 && name === 'shared' && typeof k === 'number' ? shared[k] : value;
  });
  return JSON.stringify({ ...rest, claims: JSON.parse(whole) });
}
