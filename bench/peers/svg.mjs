// What the charts of docs/ share: a page that follows the reader's light or dark setting.

/** Colours by class; the bars' and lines' are told apart by lightness too. */
const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 16px; font-weight: 600; }
    .head { font-weight: 600; }
    .soft { fill: #59636e; font-size: 12px; }
    .grid { stroke: #d1d9e0; }
    .ours { fill: #0969da; stroke: #0969da; }
    .other { fill: #8c959f; stroke: #8c959f; }
    .bound { stroke: #bc4c00; stroke-dasharray: 5 4; }
    .line { fill: none; stroke-width: 2; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .soft { fill: #9198a1; }
      .grid { stroke: #3d444d; }
      .ours { fill: #4493f8; stroke: #4493f8; }
      .other { fill: #7d8590; stroke: #7d8590; }
      .bound { stroke: #f0883e; }
    }`;

export const escapeText = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function text(x, y, content, { kind = "", anchor = "start" } = {}) {
  return `<text x="${round(x)}" y="${round(y)}" class="${kind}" text-anchor="${anchor}">${escapeText(content)}</text>`;
}

export const round = (number) => Number(number.toFixed(1));

export function page(width, height, label, parts) {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeText(label)}">
  <style>${STYLE}
  </style>
  ${parts.join("\n  ")}
</svg>
`;
}

/** 1, 10, 100, … from at most `low` to at least `high`. */
export function decades(low, high) {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(Math.ceil(Math.log10(high)), first + 1);
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}

/** 0.043 → "43 µs", 54.1 → "54.1 ms", 2340 → "2.34 s" */
export function duration(ms) {
  if (ms < 1) return `${Number((ms * 1000).toPrecision(3))} µs`;
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}
