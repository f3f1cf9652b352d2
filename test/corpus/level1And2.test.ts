import { describe, expect, it } from "vitest";
import { exclamation } from "../../src/corpus/grammar/level2/adjectives.js";
import { thereIs } from "../../src/corpus/grammar/level2/existence.js";
import { POLITE_YOU, politeQuestion } from "../../src/corpus/grammar/level2/modals.js";
import { howMany, whereIs } from "../../src/corpus/grammar/level2/openQuestions.js";
import { openQuestion, question, statement } from "../../src/corpus/grammar/sentence.js";
import { FREQUENCIES } from "../../src/corpus/lexicon/adverbs.js";
import { MODALS } from "../../src/corpus/lexicon/idioms.js";
import { NUMBERS } from "../../src/corpus/lexicon/numbers.js";
import { ADDRESSES, QUESTION_WORDS } from "../../src/corpus/lexicon/questions.js";
import { BE, BE_IN_STATE } from "../../src/corpus/lexicon/verb.js";
import { adjective, adjunct, clause, entry, name, phrase, shown, subject } from "./meaning.js";

const says = (expected: string, told: ReturnType<typeof clause>) => expect(shown(statement(told))).toBe(expected);
const asks = (expected: string, asked: ReturnType<typeof clause>) => expect(shown(question(asked))).toBe(expected);
const is = (about: Parameters<typeof subject>[0], quality: string) => ({
  subject: subject(about),
  verb: BE,
  quality: adjective(quality),
});
const number = (value: number) => entry(NUMBERS, (row) => row.value === value);
const modal = (english: string) => entry(MODALS, (row) => row.english === english);
const word = (english: string) => entry(QUESTION_WORDS, (row) => row.english === english);

describe("level 1", () => {
  it("agrees the verb with its subject", () => {
    says("I sleep a lot. | Je dors beaucoup.", clause("I", "sleep", { adjuncts: [adjunct("a lot", "beaucoup")] }));
    says("The dogs run. | Les chiens courent.", clause(phrase("the", "dogs"), "run"));
    says("Anna sings. | Anna chante.", clause("Anna", "sing"));
    says("The children swim. | Les enfants nagent.", clause(phrase("the", "children"), "swim"));
  });

  it("gives the object its article, its partitive or its elision", () => {
    says(
      "The girl eats an apple. | La fille mange une pomme.",
      clause(phrase("the", "girl"), "eat", { object: phrase("a", "apple") }),
    );
    says("They eat apples. | Ils mangent des pommes.", clause("they", "eat", { object: phrase("bare", "apples") }));
    says("You drink milk. | Tu bois du lait.", clause("you", "drink", { object: phrase("bare", "milk") }));
    says("We drink water. | Nous buvons de l'eau.", clause("we", "drink", { object: phrase("bare", "water") }));
    says("He eats meat. | Il mange de la viande.", clause("he", "eat", { object: phrase("bare", "meat") }));
    says("I like apples. | J'aime les pommes.", clause("I", "like", { object: phrase("generic", "apples") }));
    says("I like water. | J'aime l'eau.", clause("I", "like", { object: phrase("generic", "water") }));
    says(
      "The man looks for the keys. | L'homme cherche les clés.",
      clause(phrase("the", "man"), "look for", { object: phrase("the", "keys") }),
    );
  });
});

describe("adjectives", () => {
  const buys = (object: ReturnType<typeof phrase>) => clause("she", "buy", { object });

  it("stand on the right side of the noun, in the right form", () => {
    says("She buys an old plane. | Elle achète un vieil avion.", buys(phrase("a", "plane", "old")));
    says("She buys an old car. | Elle achète une vieille voiture.", buys(phrase("a", "car", "old")));
    says("She buys a new uniform. | Elle achète un nouvel uniforme.", buys(phrase("a", "uniform", "new")));
    says("She buys new hats. | Elle achète de nouveaux chapeaux.", buys(phrase("bare", "hats", "new")));
    says("She buys white shirts. | Elle achète des chemises blanches.", buys(phrase("bare", "shirts", "white")));
    says("She buys the brown boots. | Elle achète les bottes marron.", buys(phrase("the", "boots", "brown")));
    says("She buys good bread. | Elle achète du bon pain.", buys(phrase("bare", "bread", "good")));
    says("She buys a beautiful owl. | Elle achète un beau hibou.", buys(phrase("a", "owl", "beautiful")));
    says("She buys a beautiful bird. | Elle achète un bel oiseau.", buys(phrase("a", "bird", "beautiful")));
    says("She buys an English magazine. | Elle achète un magazine anglais.", buys(phrase("a", "magazine", "English")));
  });

  it("agree after to be", () => {
    says("The waitresses are happy. | Les serveuses sont heureuses.", is(phrase("the", "waitresses"), "happy"));
    says("My mother is jealous. | Ma mère est jalouse.", is(phrase("my", "mother"), "jealous"));
    says("Our peaches are fresh. | Nos pêches sont fraîches.", is(phrase("our", "peaches"), "fresh"));
    says("I am kind. | Je suis gentil.", is("I", "kind"));
    says("This soup is delicious. | Cette soupe est délicieuse.", is(phrase("this", "soup"), "delicious"));
  });

  it("are exclaimed", () => {
    expect(shown(exclamation(phrase("a", "dress", "beautiful")))).toBe("What a beautiful dress! | Quelle belle robe !");
    expect(shown(exclamation(phrase("a", "plane", "old")))).toBe("What an old plane! | Quel vieil avion !");
    expect(shown(exclamation(phrase("bare", "birds", "beautiful")))).toBe(
      "What beautiful birds! | Quels beaux oiseaux !",
    );
  });
});

describe("possessives and demonstratives", () => {
  const loses = (object: ReturnType<typeof phrase>) => clause("Paul", "lose", { object });

  it("agree with the thing, and sound right before a vowel", () => {
    says("Paul loses his key. | Paul perd sa clé.", loses(phrase("his", "key")));
    says("Paul loses my plate. | Paul perd mon assiette.", loses(phrase("my", "plate")));
    says("Paul loses your scarf. | Paul perd ton écharpe.", loses(phrase("your", "scarf")));
    says("Paul loses their gloves. | Paul perd leurs gants.", loses(phrase("their", "gloves")));
    says("Paul loses this computer. | Paul perd cet ordinateur.", loses(phrase("this", "computer")));
    says("Paul loses this ladder. | Paul perd cette échelle.", loses(phrase("this", "ladder")));
    says("Paul loses these hats. | Paul perd ces chapeaux.", loses(phrase("this", "hats")));
    says("Paul loses Anna's ring. | Paul perd la bague d'Anna.", loses(phrase({ owner: name("Anna") }, "ring")));
    says("Her uncle laughs. | Son oncle rit.", clause(phrase("her", "uncle"), "laugh"));
  });
});

describe("an aspirated h", () => {
  it("takes the forms that a consonant takes", () => {
    says(
      "The hero helps the king. | Le héros aide le roi.",
      clause(phrase("the", "hero"), "help", { object: phrase("the", "king") }),
    );
    says("I speak to the hero. | Je parle au héros.", clause("I", "speak to", { object: phrase("the", "hero") }));
    says("I know this hero. | Je connais ce héros.", clause("I", "know", { object: phrase("this", "hero") }));
    says(
      "She plays the harp. | Elle joue de la harpe.",
      clause("she", "play the", { object: phrase("generic", "harp") }),
    );
    says(
      "He does not eat beans. | Il ne mange pas de haricots.",
      clause("he", "eat", { negation: "not", object: phrase("bare", "beans") }),
    );
    says(
      "Paul has an old hamster. | Paul a un vieux hamster.",
      clause("Paul", "have", { object: phrase("a", "hamster", "old") }),
    );
    says("My hamster sleeps. | Mon hamster dort.", clause(phrase("my", "hamster"), "sleep"));
  });
});

describe("negation", () => {
  it("closes round the verb and turns du, un and des into de", () => {
    says("She does not sleep. | Elle ne dort pas.", clause("she", "sleep", { negation: "not" }));
    says(
      "He does not have a dog. | Il n'a pas de chien.",
      clause("he", "have", { negation: "not", object: phrase("a", "dog") }),
    );
    says(
      "I do not eat eggs. | Je ne mange pas d'œufs.",
      clause("I", "eat", { negation: "not", object: phrase("bare", "eggs") }),
    );
    says(
      "We never drink water. | Nous ne buvons jamais d'eau.",
      clause("we", "drink", { negation: "never", object: phrase("bare", "water") }),
    );
    says(
      "They do not like fish. | Ils n'aiment pas le poisson.",
      clause("they", "like", { negation: "not", object: phrase("generic", "fish") }),
    );
    says(
      "He never draws owls. | Il ne dessine jamais de hiboux.",
      clause("he", "draw", { negation: "never", object: phrase("bare", "owls") }),
    );
    says("Marie is not tired. | Marie n'est pas fatiguée.", { ...is("Marie", "tired"), negation: "not" });
  });
});

describe("questions", () => {
  it("open with est-ce que", () => {
    asks(
      "Does he open the window? | Est-ce qu'il ouvre la fenêtre ?",
      clause("he", "open", { object: phrase("the", "window") }),
    );
    asks("Do the women dance? | Est-ce que les femmes dansent ?", clause(phrase("the", "women"), "dance"));
    asks("Are you ready? | Est-ce que tu es prêt ?", is("you", "ready"));
  });

  it("open with a question word", () => {
    const open = (english: string, asked: ReturnType<typeof clause>) => shown(openQuestion(word(english), asked));
    expect(open("where", clause("Anna", "live"))).toBe("Where does Anna live? | Où est-ce qu'Anna habite ?");
    expect(open("when", clause("they", "leave"))).toBe("When do they leave? | Quand est-ce qu'ils partent ?");
    expect(open("why", clause("she", "cry"))).toBe("Why does she cry? | Pourquoi est-ce qu'elle pleure ?");
    expect(open("what", clause("Paul", "draw", { object: phrase("a", "cat") }))).toContain(
      "Qu'est-ce que Paul dessine",
    );
    expect(open("who", { ...clause("he", "help", { object: phrase("the", "king") }), object: undefined })).toBe(
      "Who does he help? | Qui est-ce qu'il aide ?",
    );
    expect(shown(whereIs({ subject: subject(phrase("my", "keys")), verb: BE }))).toBe(
      "Where are my keys? | Où sont mes clés ?",
    );
    const writes = { ...clause("she", "write", { object: phrase("a", "letter") }), object: undefined };
    expect(shown(howMany(phrase("a", "letter").noun, writes))).toBe(
      "How many letters does she write? | Combien de lettres est-ce qu'elle écrit ?",
    );
  });

  it("say vous to sir and madam", () => {
    const opens = {
      ...clause("you", "open", { object: phrase("the", "door"), modal: modal("can") }),
      subject: POLITE_YOU,
    };
    expect(shown(politeQuestion(opens, ADDRESSES[0]))).toBe(
      "Can you open the door, sir? | Est-ce que vous pouvez ouvrir la porte, monsieur ?",
    );
  });
});

describe("numbers", () => {
  it("are words, and un agrees", () => {
    says(
      "I buy twenty-one pears. | J'achète vingt et une poires.",
      clause("I", "buy", { object: phrase(number(21), "pears") }),
    );
    says("I buy one melon. | J'achète un melon.", clause("I", "buy", { object: phrase(number(1), "melon") }));
    says(
      "We see eleven horses. | Nous voyons onze chevaux.",
      clause("we", "see", { object: phrase(number(11), "horses") }),
    );
    const ten = { subject: subject("Anna"), verb: BE_IN_STATE, adjuncts: [adjunct("ten years old", "dix ans")] };
    says("Anna is ten years old. | Anna a dix ans.", ten);
  });

  it("count what there is", () => {
    const place = adjunct("in the garden", "dans le jardin");
    expect(shown(thereIs({ phrase: phrase(number(3), "cats"), place }, false))).toBe(
      "There are three cats in the garden. | Il y a trois chats dans le jardin.",
    );
    expect(shown(thereIs({ phrase: phrase("bare", "eagles"), place }, true))).toBe(
      "There are no eagles in the garden. | Il n'y a pas d'aigles dans le jardin.",
    );
  });
});

describe("time, modals and idioms", () => {
  it("place adverbs of frequency", () => {
    const often = entry(FREQUENCIES, ({ english }) => english === "often");
    says(
      "She often eats cherries. | Elle mange souvent des cerises.",
      clause("she", "eat", { frequency: often, object: phrase("bare", "cherries") }),
    );
    says("He often gets up. | Il se lève souvent.", clause("he", "get up", { frequency: often }));
  });

  it("set an infinitive after want, can and must", () => {
    says("I want to get dressed. | Je veux m'habiller.", clause("I", "get dressed", { modal: modal("want") }));
    says(
      "The princes do not want to get up. | Les princes ne veulent pas se lever.",
      clause(phrase("the", "princes"), "get up", { modal: modal("want"), negation: "not" }),
    );
    says(
      "We must not run. | Nous ne devons pas courir.",
      clause("we", "run", { modal: modal("must"), negation: "not" }),
    );
    says("She cannot swim. | Elle ne peut pas nager.", clause("she", "swim", { modal: modal("can"), negation: "not" }));
    says(
      "They must close the door. | Ils doivent fermer la porte.",
      clause("they", "close", { modal: modal("must"), object: phrase("the", "door") }),
    );
    asks("Does he want to sleep? | Est-ce qu'il veut dormir ?", clause("he", "sleep", { modal: modal("want") }));
  });

  it("contract jouer and parler with their prepositions", () => {
    says(
      "She plays the piano. | Elle joue du piano.",
      clause("she", "play the", { object: phrase("generic", "piano") }),
    );
    says("He plays football. | Il joue au football.", clause("he", "play", { object: phrase("generic", "football") }));
    says("I speak to the boys. | Je parle aux garçons.", clause("I", "speak to", { object: phrase("the", "boys") }));
    says(
      "We learn English. | Nous apprenons l'anglais.",
      clause("we", "learn", { object: phrase("generic", "English") }),
    );
  });
});
