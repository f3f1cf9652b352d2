import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { drawStory, tasks } from "../../examples/questions/worlds.mjs";
import { Generator } from "../../src/index.js";
import { buildOnce } from "../support/build.js";
import { example } from "../support/example.js";
import { temporaryFolder } from "../support/folder.js";

beforeAll(() => buildOnce(), 120_000);

describe("questions", () => {
  test.each(["one", "two", "yesno"])("%s trains, answers about unseen stories and draws what it looks at", (task) => {
    const out = temporaryFolder();
    const small = ["--stories", "100", "--epochs", "1", "--hidden", "8", "--threads", "1"];
    const run = example("questions/answers.mjs", ["--task", task, ...small, "--out", out]);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^\d+\.\d % of 1000 answers about unseen stories/m)]);
    expect(readFileSync(join(out, `${task}.svg`), "utf8")).toMatch(/^<svg.*(Where is|Is [A-Z]).* the (attic|cellar)/s);
  });

  test("an unknown task is refused", () => {
    const { code, out, err } = example("questions/answers.mjs", ["--task", "three"]);
    expect([code, out, err]).toEqual([2, "", expect.stringContaining("expected --task one, two or yesno, got three")]);
  });

  test.each(tasks)("the answers of %s follow from the stories", (task) => {
    const generator = new Generator(1);
    const answers = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const { question, sentences, answer } = drawStory(task, generator);
      expect([sentences, question, answer]).toEqual([sentences, question, answerTo(question, sentences)]);
      answers.add(answer);
    }
    expect(answers.size).toBe(task === "yesno" ? 2 : 6);
  });

  /** By going through the sentences, and nothing else: the place of whom or what is asked for. */
  function answerTo(question: string, sentences: readonly string[]): string {
    const places = new Map<string, string>();
    const holders = new Map<string, string>();
    for (const sentence of sentences) {
      const [, who, verb, what] = /^(\w+) (.*) the (\w+)\.$/.exec(sentence) ?? [];
      if (verb.endsWith(" to")) {
        expect(places.get(who)).not.toBe(what);
        places.set(who, what);
        for (const [thing, holder] of holders) if (holder === who) places.set(thing, what);
      } else if (["picked up", "took", "lifted"].includes(verb)) {
        expect(holders.has(what)).toBe(false);
        expect(places.get(what) ?? places.get(who)).toBe(places.get(who)); // nobody takes what lies elsewhere
        holders.set(what, who);
        places.set(what, places.get(who) ?? "nowhere");
      } else {
        expect([verb, holders.get(what)]).toEqual([expect.stringMatching(/^(put down|left|dropped)$/), who]);
        holders.delete(what);
      }
    }
    const [, who, place] = /(?:Is|Where is)(?: the)? (\w+)(?: in the (\w+))?\?/.exec(question) ?? [];
    if (place === undefined) return places.get(who) ?? "nowhere";
    return places.get(who) === place ? "yes" : "no";
  }
});
