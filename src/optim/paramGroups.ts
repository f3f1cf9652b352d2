import { asObject, checkOption, type OptionTable, readOptions } from "../options.js";
import { show } from "../show.js";
import { describe } from "../tensor/checks.js";
import { Tensor } from "../tensor/index.js";
import { formatShape } from "../tensor/shape.js";

/**
 * Parameters that share their options, which are read off the group itself: `optimizer.paramGroups[1].weightDecay`. The
 * learning rate may be set there, too; setting it throws `RangeError` unless it is finite and ≥ 0.
 */
export type ParamGroup<O> = Readonly<O> & { readonly params: readonly Tensor[]; lr: number };

/** Some parameters, with options of their own; those left out are as for all groups. */
export type ParamGroupOptions<O> = O & { readonly params: Tensor | Iterable<Tensor> };

/** What an optimiser is made of: parameters, or groups of them. */
export type Params<O> = Iterable<Tensor> | Iterable<ParamGroupOptions<O>>;

/**
 * The groups that an optimiser is given; parameters without a group make one. Throws as the optimisers say.
 */
export function readGroups<O extends { lr: number }>(
  kind: string,
  params: Params<object>,
  table: OptionTable<O>,
  defaults: O,
): ParamGroup<O>[] {
  if (typeof params?.[Symbol.iterator] !== "function") {
    throw new TypeError(`${kind}: expected an iterable of tensors or of groups, got ${show(params)}`);
  }
  const given: readonly unknown[] = [...params];
  const groups = given.some(isGroup)
    ? given.map((group, i) => readGroup(`${kind}: group ${i}`, group, table, defaults))
    : [makeGroup(kind, given as Tensor[], table, defaults)];
  checkParameters(
    kind,
    groups.flatMap((group) => group.params),
  );
  return groups;
}

/** All options but the learning rate stay what they are. */
export function makeGroup<O extends { lr: number }>(
  kind: string,
  params: readonly Tensor[],
  table: OptionTable<O>,
  options: O,
): ParamGroup<O> {
  let { lr } = options;
  return Object.freeze({
    ...options,
    params: Object.freeze([...params]),
    get lr(): number {
      return lr;
    },
    set lr(value: number) {
      checkOption(kind, "lr", table.lr, value);
      lr = value;
    },
  });
}

function isGroup(given: unknown): boolean {
  return typeof given === "object" && given !== null && !(given instanceof Tensor) && "params" in given;
}

function readGroup<O extends { lr: number }>(
  op: string,
  group: unknown,
  table: OptionTable<O>,
  defaults: O,
): ParamGroup<O> {
  if (!isGroup(group)) {
    throw new TypeError(`${op}: expected an object with params, got ${show(group)}`);
  }
  const { params, ...options } = asObject(op, "an object with params", group);
  const list = params instanceof Tensor ? [params] : (params as Iterable<Tensor> | undefined);
  if (typeof list?.[Symbol.iterator] !== "function") {
    throw new TypeError(`${op}: expected params to be a tensor or an iterable of them, got ${show(params)}`);
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return makeGroup(op, [...list], table, readOptions(op, table, { ...defaults, ...given }));
}

function checkParameters(op: string, list: readonly Tensor[]): void {
  if (list.length === 0) {
    throw new RangeError(
      `${op}: expected at least one parameter, got none (a module's parameters are those it registered with ` +
        "registerParameter and registerModule)",
    );
  }
  const places = new Map<Tensor, number>();
  list.forEach((parameter, i) => {
    if (!(parameter instanceof Tensor)) {
      throw new TypeError(`${op}: expected parameter ${i} to be a tensor, got ${describe(parameter, "Tensor")}`);
    }
    const shape = formatShape(parameter.shape);
    if (parameter.history) {
      throw new RangeError(`${op}: expected parameter ${i} ${shape} to be a leaf, got the result of ${parameter.op}`);
    }
    const first = places.get(parameter);
    if (first !== undefined) {
      throw new RangeError(`${op}: expected parameter ${i} ${shape} once, got it at ${first} too`);
    }
    places.set(parameter, i);
  });
}
