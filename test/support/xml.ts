/** An element of a parsed picture. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** What XML 1.0 allows in a file (section 2.2). */
const ALLOWED = /^[\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Parses XML as strictly as the figures need: elements, attributes, text. Throws `Error` on what is not well-formed. */
export function parseXml(xml: string): Element {
  if (!ALLOWED.test(xml)) throw new Error("a character that no XML file may hold");
  const top: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  const token = /<(\/?)([A-Za-z]+)((?:\s+[A-Za-z][-A-Za-z0-9:]*="[^"<]*")*)\s*(\/?)>|[^<]+/gy;
  let end = 0;
  for (let found = token.exec(xml); found; found = token.exec(xml)) {
    end = token.lastIndex;
    const [text, closing, name, attributes = "", empty] = found;
    const last = open.at(-1)!;
    if (name === undefined) last.text += decode(text);
    else if (closing) {
      if (last.name !== name) throw new Error(`</${name}> where <${last.name}> is open`);
      open.pop();
    } else {
      const pairs = [...attributes.matchAll(/([-A-Za-z0-9:]+)="([^"]*)"/g)].map(([, key, value]) => [
        key,
        decode(value),
      ]);
      const element = { name, attributes: Object.fromEntries(pairs), children: [], text: "" };
      if (new Set(pairs.map(([key]) => key)).size < pairs.length) throw new Error(`an attribute twice: ${text}`);
      last.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (end < xml.length) throw new Error(`no XML: ${xml.slice(end, end + 60)}`);
  if (open.length > 1) throw new Error(`<${open.at(-1)!.name}> is never closed`);
  if (top.children.length !== 1 || top.text.trim() !== "") throw new Error("expected one element around all");
  return top.children[0];
}

/** All elements of this name, at any depth, with this class among theirs if one is given. */
export function all(element: Element, name: string, kind?: string): Element[] {
  const own = element.children.filter(
    (child) => child.name === name && (kind === undefined || child.attributes.class?.split(" ").includes(kind)),
  );
  return [...own, ...element.children.flatMap((child) => all(child, name, kind))];
}

function decode(text: string): string {
  return text.replace(/&([^;]*;?)/g, (whole, name: string) => {
    const meant = name.endsWith(";") ? ENTITIES[name.slice(0, -1)] : undefined;
    if (meant === undefined) throw new Error(`no entity: ${whole}`);
    return meant;
  });
}
