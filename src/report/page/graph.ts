import dagre from '@dagrejs/dagre';
import type { FiguresDocument } from '../document.js';
import { type Markup, markup } from './markup.js';

type Boxes = FiguresDocument['graph'];

const [HEIGHT, LETTER, MARGIN, LONGEST] = [40, 6.6, 12, 30];

/** The network as boxes and arrows, inputs at the top: of each tensor its name, operation, shape and number of weights. */
export function graphFigure(boxes: Boxes): Markup | null {
  if (boxes.length === 0 || boxes.some(({ inputs }, k) => inputs.some((input) => input >= k))) return null;
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 26, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  boxes.forEach((box, k) => {
    const width = Math.max(...linesOf(box).map((line) => line.length)) * LETTER + 16;
    graph.setNode(`${k}`, { width, height: HEIGHT });
  });
  boxes.forEach(({ inputs }, k) => {
    for (const input of new Set(inputs)) graph.setEdge(`${input}`, `${k}`);
  });
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const arrows = graph.edges().map((edge: { v: string; w: string }) => {
    const points: readonly { x: number; y: number }[] = graph.edge(edge).points;
    return markup`<path d="${points.map(({ x, y }, k) => `${k === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')}"/>`;
  });
  const drawn = boxes.map((box, k) => {
    const { x, y, width: wide } = graph.node(`${k}`);
    const [first, second] = linesOf(box);
    return markup`<g><rect x="${(x - wide / 2).toFixed(1)}" y="${(y - HEIGHT / 2).toFixed(1)}" width="${wide.toFixed(1)}" height="${HEIGHT}" rx="5"/>
<text x="${x.toFixed(1)}" y="${(y - 3).toFixed(1)}">${first}</text><text class="small" x="${x.toFixed(1)}" y="${(y + 12).toFixed(1)}">${second}</text></g>`;
  });
  const size = `${Math.ceil(width)} ${Math.ceil(height)}`;
  return markup`<figure class="graph" tabindex="0" role="group" aria-label="Drawing of the network"><svg viewBox="0 0 ${size}" width="${Math.ceil(width)}" role="img" aria-label="The network: ${boxes.length} tensors from the inputs to the outputs">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>
<g class="arrows">${arrows}</g>${drawn}</svg></figure>`;
}

function linesOf({ name, op, shape, weights }: Boxes[number]): [string, string] {
  const own = name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
  return [own, `${op} ${shape}${weights > 0 ? `, ${weights} weights` : ''}`];
}
