import { expect, test } from "vitest";
import { normalizeText } from "../../../src/seq2seq/text/index.js";

test("composes, and makes every white space one plain space", () => {
  expect(normalizeText("\u00a0Pre\u0302t\u202f?\n\t Oui\u2003\ufeff")).toBe("Prêt ? Oui");
  expect(normalizeText(" \n")).toBe("");
});

test("folds case by no locale's rules and composes what that lets compose", () => {
  expect(normalizeText("ÉTÉ I J\u030c")).toBe("ÉTÉ I J\u030c");
  expect(normalizeText("ÉTÉ I J\u030c", { lowercase: true })).toBe("été i \u01f0");
});
