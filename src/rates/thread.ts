import { keepCode } from '../kept-code.js';
import type { Answer } from './compute.js';
import type { Task } from './keep-point.js';

keepCode();
const loaded = import('./keep-point.js');

/** What a worker thread does with a task. */
export default async function task(points: Task): Promise<Answer[]> {
  const { keepPoints } = await loaded;
  return keepPoints(points);
}
