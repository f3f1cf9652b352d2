// docs/scaling.svg: time a unit of work against the size of the work, with the bound, one panel for each thing that grows.
import { page, round, text } from "./peers/svg.mjs";

const WIDTH = 820;
const PANEL = 200;
const LEFT = 70;
const RIGHT = 40;

export function drawScaling({ series, bound, machine, kernels }) {
  const parts = [
    text(16, 26, "Cost as work grows", { kind: "title" }),
    text(16, 46, "Time of a training step divided by its size; cheapest so far = 1. A level line is linear cost.", {
      kind: "soft",
    }),
    text(16, 64, `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, kernels ${kernels}`, { kind: "soft" }),
    ...series.flatMap((one, i) => panel(one, bound, 80 + i * PANEL)),
  ];
  return page(WIDTH, 80 + series.length * PANEL, "Cost of a unit of work as the work grows", parts);
}

/** The sizes are doublings: evenly spaced they stand on a logarithmic axis. */
function panel({ title, points }, bound, top) {
  const from = top + 34;
  const to = top + PANEL - 30;
  const highest = Math.max(bound * 1.1, ...points.map(({ ratio }) => ratio));
  const x = (i) => LEFT + (i / (points.length - 1)) * (WIDTH - LEFT - RIGHT);
  const y = (ratio) => to - (ratio / highest) * (to - from);
  const level = (ratio, kind) =>
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(ratio))}" y2="${round(y(ratio))}" class="${kind}"/>`;
  const path = points.map(({ ratio }, i) => `${round(x(i))},${round(y(ratio))}`).join(" ");
  return [
    text(16, top + 18, title, { kind: "head" }),
    ...[0, 0.5, 1].flatMap((ratio) => [
      level(ratio, "grid"),
      text(LEFT - 8, y(ratio) + 4, String(ratio), { kind: "soft", anchor: "end" }),
    ]),
    level(bound, "bound"),
    text(LEFT - 8, y(bound) + 4, String(bound), { kind: "soft", anchor: "end" }),
    `<polyline points="${path}" class="line ours"/>`,
    ...points.flatMap(({ size, ms }, i) => {
      const label = ms < 10 ? `${ms.toPrecision(2)} ms` : `${Math.round(ms)} ms`;
      return [
        `<circle cx="${round(x(i))}" cy="${round(y(points[i].ratio))}" r="4" class="ours"/>`,
        text(x(i), to + 16, size.toLocaleString("en"), { kind: "soft", anchor: "middle" }),
        text(x(i), y(points[i].ratio) + 20, label, { kind: "soft", anchor: "middle" }),
      ];
    }),
  ];
}
