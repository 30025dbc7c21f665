/**
 * What the page can do beside being read: a line is chosen, and values are read off a plot by pointer or keyboard. It
 * takes everything from the page's own JSON. Without it all lines are shown, one below the other.
 */
export const SCRIPT = `'use strict';
const { figures } = JSON.parse(document.getElementById('result').textContent);
const slices = document.querySelectorAll('[data-slice]');
const choose = (k) => slices.forEach((slice) => { slice.hidden = slice.dataset.slice !== k; });
document.querySelectorAll('input[name=slice]').forEach((input) => {
  input.addEventListener('change', () => choose(input.value));
  if (input.checked) choose(input.value);
});
slices.forEach((slice) => {
  const { entry, points } = figures.slices[slice.dataset.slice];
  const reader = document.createElement('p');
  const range = Object.assign(document.createElement('input'), { type: 'range', min: 0, max: points.length - 1, value: points.length >> 1 });
  const output = document.createElement('output');
  range.setAttribute('aria-label', 'Read values along ' + entry);
  reader.className = 'reader';
  reader.append(range, output);
  slice.querySelector('figcaption').after(reader);
  const areas = [...slice.querySelectorAll('.plot')].map((plot) => {
    const line = document.createElement('i');
    plot.append(line);
    return { plot, line, svg: plot.querySelector('svg'), area: plot.dataset.area.split(' ').map(Number) };
  });
  const show = (k) => {
    const { x, ...values } = points[k];
    range.value = k;
    output.textContent = entry + ' = ' + x + ': ' + Object.entries(values).map(([name, value]) => name + ' ' + value).join(', ');
    areas.forEach(({ line, svg, area: [left, top, width, height, from, to] }) => {
      const scale = svg.clientWidth / svg.viewBox.baseVal.width || 1;
      line.style.left = (left + width * (x - from) / (to - from)) * scale + 'px';
      line.style.top = top * scale + 'px';
      line.style.height = height * scale + 'px';
    });
  };
  range.addEventListener('input', () => show(Number(range.value)));
  areas.forEach(({ plot, svg, area: [left, , width, , from, to] }) => {
    plot.addEventListener('pointermove', ({ clientX }) => {
      const scale = svg.clientWidth / svg.viewBox.baseVal.width || 1;
      const x = from + (to - from) * ((clientX - svg.getBoundingClientRect().left) / scale - left) / width;
      let best = 0;
      points.forEach((point, k) => { if (Math.abs(point.x - x) < Math.abs(points[best].x - x)) best = k; });
      show(best);
    });
  });
  show(points.length >> 1);
});
`;
