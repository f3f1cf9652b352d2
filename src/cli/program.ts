import { nearest } from "../nearest.js";
import { show } from "../show.js";
import { version } from "../version.js";
import { classify } from "./classify.js";
import { evaluate } from "./evaluate.js";
import { exportModel } from "./export.js";
import { generate } from "./generate.js";
import { inspect } from "./inspect.js";
import { type Command, exitCodes, helpPage, parse, UsageError } from "./options.js";
import { plain } from "./plain.js";
import { plot } from "./plot.js";
import { score } from "./score.js";
import { serve } from "./serve.js";
import { train } from "./train.js";
import { transcribe } from "./transcribe.js";
import { translate } from "./translate.js";

const commands: Readonly<Record<string, Command>> = {
  ...{ train, translate, generate, transcribe, classify },
  ...{ evaluate, score, inspect, plot, serve },
  export: exportModel,
};

const overview = [
  "Trains and runs recurrent sequence-to-sequence models.\n",
  "usage: seqgrad COMMAND [options]\n",
  ...Object.values(commands).map(({ name, summary }) => `  ${name.padEnd(11)}${summary}`),
  "\n`seqgrad COMMAND --help` tells more. Results go to standard output, progress to standard error.",
  `\n${exitCodes}\n`,
].join("\n");

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === undefined) throw new UsageError(`expected a command, got none\n\n${overview}`);
  if (name === "--version") process.stdout.write(`${version}\n`);
  else if (["--help", "-h", "help"].includes(name)) {
    process.stdout.write(args.length > 0 ? helpPage(find(args[0])) : overview);
  } else {
    const command = find(name);
    const { help, values, positionals } = parse(command, args);
    if (help) process.stdout.write(command.helpOn?.(values) ?? helpPage(command));
    else await command.run(values, positionals);
  }
}

function find(name: string): Command {
  if (Object.hasOwn(commands, name)) return commands[name];
  const meant = nearest(name, Object.keys(commands));
  const guess = meant === null ? "" : `; did you mean ${meant}?`;
  throw new UsageError(`unknown command ${show(name)}${guess}\n\`seqgrad --help\` tells more`);
}

/** Runs the command that the arguments name; what goes wrong is a message and an exit code. */
export async function run(args: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // EIO is what a terminal gives that is gone.
    if (error.code !== "EPIPE" && error.code !== "EIO") {
      process.stderr.write(`seqgrad: standard output: ${error.message}\n`);
      process.exit(1);
    }
    // Who reads the results may have read enough, as `head` does; what training makes is its folder.
    if (args[0] !== "train") process.exit(0);
  });
  // Messages that nobody reads any more are no reason to end a training.
  process.stderr.on("error", () => {});
  try {
    await main(args);
  } catch (error) {
    process.stderr.write(`seqgrad: ${plain(error instanceof Error ? error.message : String(error))}\n`);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
