// Small worlds in which people walk about and carry things: what happened in them, sentence by sentence, and a question on it,
// in the manner of bAbI's tasks 1, 2 and 6 (Weston et al., 2015). People, places and words are our own.

const PEOPLE = ["Nora", "Felix", "Irene", "Oscar"];
const PLACES = ["attic", "cellar", "stable", "library", "orchard", "bakery"];
const THINGS = ["lantern", "violin", "kettle"];
const WALKED = ["walked to", "ran to", "went to", "hurried to"];
const TOOK = ["picked up", "took", "lifted"];
const PUT = ["put down", "left", "dropped"];

/** What is asked, by the name of the task: how long its stories are, whether there are things in them, and the question. */
const TASKS = {
  one: { longest: 10, hasThings: false, ask: askForPerson },
  two: { longest: 20, hasThings: true, ask: askForThing },
  yesno: { longest: 10, hasThings: true, ask: askWhether },
};
export const tasks = Object.keys(TASKS);

/**
 * A story and what is asked about it: `{ question, sentences, facts, answer }`, `facts` being what the answer goes by: who had
 * the thing last, or where the person really is.
 */
export function drawStory(task, generator) {
  const { longest, hasThings, ask } = TASKS[task];
  const length = 2 + generator.integer(longest - 1);
  for (;;) {
    const world = new World(generator);
    while (world.sentences.length < length) world.goOn(hasThings);
    const asked = ask(world, (items) => items[generator.integer(items.length)]);
    if (asked) return { ...asked, sentences: world.sentences };
  }
}

class World {
  sentences = [];
  #generator;
  /** Where people are, once it was said, and where things lie that nobody carries. */
  #places = new Map();
  /** Who has a thing. */
  #holders = new Map();
  /** Who had a thing last, or has it. */
  #last = new Map();

  constructor(generator) {
    this.#generator = generator;
    for (const thing of THINGS) this.#places.set(thing, this.#pick(PLACES));
  }

  /** The people of whom it was said where they are, and the things that somebody has had. */
  get people() {
    return PEOPLE.filter((person) => this.#places.has(person));
  }

  get things() {
    return [...this.#last.keys()];
  }

  lastWith(thing) {
    return this.#last.get(thing);
  }

  placeOf(one) {
    return this.#places.get(this.#holders.get(one) ?? one);
  }

  /** Somebody takes something, puts something down, or walks elsewhere. */
  goOn(hasThings) {
    const person = this.#pick(PEOPLE);
    const here = this.placeOf(person);
    const own = THINGS.filter((thing) => this.#holders.get(thing) === person);
    const lying = THINGS.filter((thing) => !this.#holders.has(thing) && this.#places.get(thing) === here);
    const chance = this.#generator.random();
    if (hasThings && lying.length > 0 && chance < 0.7) this.#take(person, this.#pick(lying));
    else if (hasThings && own.length > 0 && chance < 0.3) this.#put(person, this.#pick(own));
    else this.#walk(person, this.#pick(PLACES.filter((place) => place !== here)));
  }

  #walk(person, place) {
    this.#places.set(person, place);
    this.#tell(`${person} ${this.#pick(WALKED)} the ${place}.`);
  }

  #take(person, thing) {
    this.#holders.set(thing, person);
    this.#last.set(thing, person);
    this.#tell(`${person} ${this.#pick(TOOK)} the ${thing}.`);
  }

  #put(person, thing) {
    this.#holders.delete(thing);
    this.#places.set(thing, this.placeOf(person));
    this.#tell(`${person} ${this.#pick(PUT)} the ${thing}.`);
  }

  #tell(sentence) {
    this.sentences.push(sentence);
  }

  #pick(items) {
    return items[this.#generator.integer(items.length)];
  }
}

function askForPerson(world, pick) {
  const person = pick(world.people);
  return { question: `Where is ${person}?`, facts: [], answer: world.placeOf(person) };
}

/** Two facts: who had it last, and where he was when he put it down, or is. */
function askForThing(world, pick) {
  if (world.things.length === 0) return null;
  const thing = pick(world.things);
  return { question: `Where is the ${thing}?`, facts: [world.lastWith(thing)], answer: world.placeOf(thing) };
}

function askWhether(world, pick) {
  const person = pick(world.people);
  const place = world.placeOf(person);
  const answer = pick(["yes", "no"]);
  const asked = answer === "yes" ? place : pick(PLACES.filter((other) => other !== place));
  return { question: `Is ${person} in the ${asked}?`, facts: [place], answer };
}
