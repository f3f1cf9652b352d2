#!/usr/bin/env node
import { open } from "./open.js";

open(async () => (await import("./program.js")).run(process.argv.slice(2)));
