import { crc32 } from "../../crc32.js";
import { encodePng } from "./png.js";
import { type Box, escapeXml, placeOf } from "./svg.js";

/** A cell with a lower level could not be told from none: it is left out, as long sentences have thousands of them. */
const LEAST = 0.004;

/** A cell of the page's own colour, the stronger the higher its level from 0 to 1; pointing at it shows `what`. */
export function shadedCell(place: string, level: number, what: string): string[] {
  if (!(level >= LEAST)) return [];
  const opacity = Number(Math.min(level, 1).toFixed(3));
  return [`<rect ${place} class="cell" fill-opacity="${opacity}"><title>${escapeXml(what)}</title></rect>`];
}

/**
 * The same for many small cells, in rows from the top, as one picture: through it the colour shows that lies behind, which
 * the page chooses for light and dark.
 */
export function shadedImage(box: Box, levels: ArrayLike<number>, columns: number, rows: number): string[] {
  if (columns === 0 || rows === 0) return [];
  const image = greyImage(box, levels, columns, rows);
  // Several figures may stand in one page of HTML, where the name must be another for each.
  const id = `shade${crc32(new TextEncoder().encode(image)).toString(16)}`;
  return [`<mask id="${id}">${image}</mask>`, `<rect ${placeOf(box)} class="cell" mask="url(#${id})"/>`];
}

/** A picture whose levels from 0, black, to 1, white, stand in rows from the top; what is no number is black. */
export function greyImage(box: Box, levels: ArrayLike<number>, columns: number, rows: number): string {
  const pixels = Uint8ClampedArray.from(levels, (level) => 255 * level); // rounds, and NaN is 0
  const bytes = encodePng(new Uint8Array(pixels.buffer), columns, rows);
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  // Cells of less than a pixel are better mixed than picked.
  const kind = box.right - box.left < columns || box.bottom - box.top < rows ? "" : ' class="pixels"';
  const href = `data:image/png;base64,${btoa(binary)}`;
  return `<image ${placeOf(box)}${kind} preserveAspectRatio="none" href="${href}"/>`;
}
