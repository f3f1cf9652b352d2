import { Classifier, type ClassifierEvaluation, evaluateClassifier } from "../../seq2seq/index.js";
import { checkInput } from "../inputs.js";
import type { Values } from "../options.js";
import { jsonLine, plain } from "../plain.js";
import { useThreads } from "../threads.js";
import { streamLabelled } from "../trainers/classification.js";
import { describeLeftOut } from "../trainReport.js";
import type { CommonOptions, Evaluator } from "./evaluator.js";

/** A matrix of more labels would be wider than a page. */
const MOST_LABELS = 20;
const options = {
  tsv: { type: "string", value: "FILE", help: "classify: TEXT TAB LABEL a line" },
} as const;

/** `evaluate` of a model that classifies texts. */
export const classification: Evaluator = {
  options,
  needs: ["tsv"],
  async run(model, values) {
    const { tsv = "", threads, json } = values as Values<typeof options & CommonOptions>;
    checkInput("evaluate: --tsv", tsv);
    useThreads(threads);
    const scores = await evaluateClassifier(Classifier.load(model), streamLabelled(tsv));
    process.stdout.write(json ? jsonLine(scores) : describe(scores));
  },
};

function describe({ examples, empty, loss, accuracy, labels, confusion }: ClassifierEvaluation): string {
  const right = confusion.reduce((sum, row, i) => sum + row[i], 0);
  return (
    `examples   ${examples}${describeLeftOut({ empty, tooLong: 0 })}\n` +
    `loss       ${loss.toFixed(3)} nats an example\n` +
    `accuracy   ${right} (${accuracy.toFixed(2)} %)\n` +
    (labels.length > MOST_LABELS ? "" : `\nrows: the right label, columns: the one told\n${table(labels, confusion)}`)
  );
}

/** Numbers below and beside their labels. */
function table(labels: readonly string[], rows: readonly (readonly number[])[]): string {
  const cells = [["", ...labels.map(plain)], ...rows.map((row, i) => [plain(labels[i]), ...row.map(String)])];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join("  ");
  return cells.map((row) => `${line(row)}\n`).join("");
}
