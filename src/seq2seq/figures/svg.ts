/**
 * A page of SVG that follows the reader's light or dark setting, and the few marks that figures are made of. Text is
 * plain text and every length a pixel, so that a picture can be read, searched and taken apart with any editor.
 */

/** Colours by class. `series0` to `series5` are told apart by colour-blind readers too, and by their lightness. */
const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328; }
    .page { fill: #ffffff; }
    .title { font-size: 16px; font-weight: 600; }
    .soft { fill: #59636e; font-size: 12px; }
    .grid { stroke: #d1d9e0; }
    .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
    .faint { fill: none; stroke-width: 1; stroke-opacity: 0.3; }
    .dot { fill: none; stroke-width: 3; }
    .ring { fill: none; stroke-width: 2; }
    .cell { fill: #0550ae; }
    .pixels { image-rendering: pixelated; }
    .frame { fill: none; stroke: #d1d9e0; }
    .series0 { stroke: #0969da; }
    .series1 { stroke: #bc4c00; }
    .series2 { stroke: #1a7f37; }
    .series3 { stroke: #8250df; }
    .series4 { stroke: #bf3989; }
    .series5 { stroke: #59636e; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .page { fill: #0d1117; }
      .soft { fill: #9198a1; }
      .grid, .frame { stroke: #3d444d; }
      .cell { fill: #79c0ff; }
      .series0 { stroke: #4493f8; }
      .series1 { stroke: #f0883e; }
      .series2 { stroke: #3fb950; }
      .series3 { stroke: #ab7df8; }
      .series4 { stroke: #f778ba; }
      .series5 { stroke: #9198a1; }
    }`;

/** How many `seriesN` colours there are. */
export const SERIES = 6;

/** A place in pixels, y downwards. */
export type Point = readonly [x: number, y: number];

/** The pixels between which a plot stands. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A whole picture. `label` says what it shows to who does not see it. */
export function page(width: number, height: number, label: string, parts: readonly string[]): string {
  const [w, h] = [round(width), round(height)];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="${escapeXml(label)}">
  <style>${STYLE}
  </style>
  <rect width="${w}" height="${h}" class="page"/>
  ${parts.join("\n  ")}
</svg>
`;
}

/** Text as XML holds it. What no XML file may hold, such as control characters and half pairs, becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]|[\x7f-\x9f]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** How text stands. */
export interface TextStyle {
  /** Classes. */
  readonly kind?: string;
  /** Which part of the text is at the place. Default "start". */
  readonly anchor?: "start" | "middle" | "end";
  /** Degrees, clockwise. Default 0. */
  readonly turn?: number;
}

export function textAt([x, y]: Point, content: string, { kind = "", anchor = "start", turn = 0 }: TextStyle = {}) {
  const turned = turn === 0 ? "" : ` transform="rotate(${turn} ${round(x)} ${round(y)})"`;
  const styled = `${kind === "" ? "" : ` class="${kind}"`} text-anchor="${anchor}"${turned}`;
  return `<text x="${round(x)}" y="${round(y)}"${styled}>${escapeXml(content)}</text>`;
}

export function lineFromTo([x1, y1]: Point, [x2, y2]: Point, kind: string): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${kind}"/>`;
}

export function circle([x, y]: Point, radius: number, kind: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" class="${kind}"/>`;
}

/** The edges of a picture in a picture. */
export function frame(box: Box): string {
  return `<rect ${placeOf(box)} class="frame"/>`;
}

/** A box as attributes of a rectangle or an image. */
export function placeOf({ left, right, top, bottom }: Box): string {
  return `x="${round(left)}" y="${round(top)}" width="${round(right - left)}" height="${round(bottom - top)}"`;
}

/** A line through points; of one point, a dot; of none, nothing. */
export function polyline(points: readonly Point[], kind: string): string[] {
  if (points.length === 0) return [];
  if (points.length === 1) return [circle(points[0], 1.5, kind)];
  return [`<polyline points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ")}" class="${kind}"/>`];
}

/** A tenth of a pixel is more than one sees. */
export function round(pixels: number): number {
  return Number(pixels.toFixed(1));
}

/** About how many pixels wide a text is in 13-pixel letters: East Asian characters and emoji take two letters' room. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x1100 && !/\p{Mn}/u.test(character) ? 14 : 7.5;
  return width;
}

/** The largest of some numbers, and at least 0; `Math.max(...numbers)` would overflow the stack on long lists. */
export function largest(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => Math.max(a, b), 0);
}
