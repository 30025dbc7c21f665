/** Degrees of freedom beyond which the quantile moves by less than one part in a thousand; fewer are on the safe side. */
const MOST_DEGREES = 1000;

/**
 * The t with P(|T| <= t) = probability for Student's distribution with a whole number of degrees of freedom, at least 1.
 * The distribution function is the finite sum of Abramowitz and Stegun, 26.7.3 and 26.7.4.
 */
export function studentQuantile(probability: number, degrees: number): number {
  const nu = Math.min(degrees, MOST_DEGREES);
  let [low, high] = [0, Math.PI / 2];
  for (let step = 0; step < 60; step++) {
    const theta = (low + high) / 2;
    if (probabilityWithin(theta, nu) < probability) low = theta;
    else high = theta;
  }
  return Math.sqrt(nu) * Math.tan((low + high) / 2);
}

/** P(|T| <= sqrt(nu) tan(theta)). */
function probabilityWithin(theta: number, nu: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const isOdd = nu % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = nu === 1 ? 0 : term;
  for (let k = isOdd ? 3 : 2; k <= nu - 2; k += 2) {
    term *= ((k - 1) / k) * cosine * cosine;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
