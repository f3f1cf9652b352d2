// Samples of all rounds → one figure for each case, library and variant.

/** The value below which the part `p` of sorted numbers lies, interpolated. */
export function quantile(sorted, p) {
  const at = (sorted.length - 1) * p;
  const low = Math.floor(at);
  const high = Math.ceil(at);
  return sorted[low] + (sorted[high] - sorted[low]) * (at - low);
}

export function median(numbers) {
  return quantile(
    numbers.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Whether this is what the others are compared with: seqgrad as the running Node has it, on all cores. */
const isReference = ({ library, variant }, { node, cores }) =>
  library.startsWith("seqgrad") &&
  variant.startsWith(`Node ${node.split(".")[0]},`) &&
  variant.endsWith(cores === 1 ? "1 thread" : `${cores} threads`);

/**
 * Lines as the scripts print them, each with its `round` → results { case, library, variant, ms, low, high, samples,
 * ratio }: the median of all samples, their quartiles, and the time relative to seqgrad's, which is the median of the
 * ratios within each round, as two libraries of one round met the same machine.
 */
export function mergeResults(lines, machine) {
  const groups = new Map();
  for (const line of lines) {
    const key = JSON.stringify([line.case, line.library, line.variant]);
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const references = new Map();
  for (const line of lines) {
    if (isReference(line, machine)) references.set(`${line.case} ${line.round}`, median(line.samples));
  }
  return [...groups.values()].map((group) => {
    const samples = group.flatMap((line) => line.samples).sort((a, b) => a - b);
    const ratios = group.flatMap((line) => {
      const reference = references.get(`${line.case} ${line.round}`);
      return reference ? [median(line.samples) / reference] : [];
    });
    const [{ case: name, library, variant, firstLoss }] = group;
    const precise = (number) => Number(number.toPrecision(4));
    return {
      case: name,
      library,
      variant,
      ms: precise(quantile(samples, 0.5)),
      low: precise(quantile(samples, 0.25)),
      high: precise(quantile(samples, 0.75)),
      samples: samples.length,
      ...(ratios.length > 0 && { ratio: precise(median(ratios)) }),
      ...(firstLoss !== undefined && { firstLoss }),
    };
  });
}

/** What could not be done, said once: { library, variant, cases, why }. */
export function mergeFailures(lines) {
  const merged = new Map();
  for (const { library, variant, case: name, cannot } of lines) {
    const key = JSON.stringify([library, variant, cannot]);
    const entry = merged.get(key) ?? { library, variant, cases: new Set(), why: cannot };
    if (name) entry.cases.add(name);
    merged.set(key, entry);
  }
  return [...merged.values()].map(({ cases, ...rest }) => ({ ...rest, cases: [...cases].join(", ") }));
}

/** A library's fastest variant of a case, fastest library first. */
export function bestOf(results, name) {
  const best = new Map();
  for (const result of results) {
    if (result.case !== name) continue;
    for (const column of columnsOf(result)) {
      if (!(best.get(column)?.ms <= result.ms)) best.set(column, result);
    }
  }
  return [...best].map(([column, result]) => ({ column, ...result })).sort((a, b) => a.ms - b.ms);
}

/** The names a result counts under in summaries: seqgrad has one for each Node, PyTorch one more for a single thread. */
export function columnsOf({ library, variant }) {
  if (library.startsWith("seqgrad")) return [`seqgrad, ${variant.split(",")[0]}`];
  if (!library.startsWith("PyTorch")) return [library];
  return variant.startsWith("threads 1, OpenBLAS 1") ? [`${library}, one thread`, library] : [library];
}

/** What a training step with `kind` ("attention", "feeding") costs, as a multiple of one over a fixed context. */
export function costOf(results, kind, batch, column) {
  const step = (name) => bestOf(results, `${name}-b${batch}`).find((result) => result.column === column)?.ms;
  const [dear, plain] = [step(kind), step("train")];
  return dear && plain ? dear / plain : undefined;
}

/** A library's setting in a case: what a measurement replaces. */
const keyOf = ({ case: name, library, variant }) => JSON.stringify([name, library, variant]);

/** Throws `Error` where figures of two machines would stand in one table. */
export function checkMachine(old, machine) {
  const place = ({ date: _date, ...rest }) => JSON.stringify(rest);
  if (place(old) !== place(machine))
    throw new Error(`expected the machine on file, ${place(old)}, got ${place(machine)}`);
}

/**
 * What is on file, with a partial measurement of the same machine in its place. Where that has seqgrad's figures anew, the
 * ratios of the others that stay are those of medians.
 */
export function updated(old, data) {
  const fresh = new Map(data.results.map((result) => [keyOf(result), result]));
  const measured = new Set(fresh.keys());
  const references = new Map();
  for (const result of data.results) if (isReference(result, data.machine)) references.set(result.case, result.ms);
  const kept = (result) => {
    const reference = references.get(result.case);
    return reference ? { ...result, ratio: Number((result.ms / reference).toPrecision(4)) } : result;
  };
  const onFile = new Set(old.results.map(keyOf));
  const isMeasured = ({ library, variant, cases }) =>
    cases !== "" && cases.split(", ").every((name) => measured.has(keyOf({ case: name, library, variant })));
  const failures = [...old.failures.filter((failure) => !isMeasured(failure)), ...data.failures];
  return {
    machine: { ...data.machine, date: [...new Set([old.machine.date, data.machine.date])].join(" and ") },
    rounds: Math.min(old.rounds, data.rounds),
    runs: [...old.runs, ...data.runs],
    failures: [...new Map(failures.map((failure) => [JSON.stringify(failure), failure])).values()],
    results: [
      ...old.results.map((result) => fresh.get(keyOf(result)) ?? kept(result)),
      ...data.results.filter((result) => !onFile.has(keyOf(result))),
    ],
  };
}
