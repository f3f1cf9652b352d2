// docs/benchmarks.svg: for each case one bar a library, its fastest setting, on a logarithmic axis of time.
import { bestOf } from "./merge.mjs";
import { decades, duration, page, round, text } from "./svg.mjs";

const WIDTH = 820;
const NAMES = 235;
const RIGHT = 110;
const BAR = 18;
const HEAD = 46;

export function drawBars(results, cases) {
  const parts = [
    text(16, 26, "Time of one call, the fastest setting of each library", { kind: "title" }),
    text(16, 46, "Shorter is faster. Each tick of an axis is ten times the one before.", { kind: "soft" }),
  ];
  let y = 66;
  for (const [name, { title }] of Object.entries(cases)) {
    const bars = bestOf(results, name);
    if (bars.length === 0) continue;
    parts.push(...panel(title, bars, y));
    y += HEAD + bars.length * (BAR + 6) + 14;
  }
  return page(WIDTH, y, "Times of seqgrad and other libraries, by case", parts);
}

function panel(title, bars, top) {
  // The axis begins well below the shortest bar, so that this one has some length.
  const ticks = decades(bars[0].ms / 3, bars.at(-1).ms);
  const [low, high] = [Math.log10(ticks[0]), Math.log10(ticks.at(-1))];
  const x = (ms) => NAMES + ((Math.log10(ms) - low) / (high - low)) * (WIDTH - NAMES - RIGHT);
  const from = top + HEAD;
  const to = from + bars.length * (BAR + 6);
  return [
    text(16, top + 20, title, { kind: "head" }),
    ...ticks.flatMap((ms) => [
      `<line x1="${round(x(ms))}" x2="${round(x(ms))}" y1="${from - 4}" y2="${to}" class="grid"/>`,
      text(x(ms), from - 10, duration(ms), { kind: "soft", anchor: "middle" }),
    ]),
    ...bars.flatMap(({ column, ms }, i) => {
      const y = from + i * (BAR + 6);
      const kind = column.startsWith("seqgrad") ? "ours" : "other";
      return [
        text(NAMES - 8, y + 14, column, { anchor: "end" }),
        `<rect x="${NAMES}" y="${y}" width="${round(x(ms) - NAMES)}" height="${BAR}" class="${kind}"/>`,
        text(x(ms) + 6, y + 14, duration(ms)),
      ];
    }),
  ];
}
