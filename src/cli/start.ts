import { open } from "./open.js";

open(async () => (await import("./demonstration.js")).start());
