import { describe, expect, it } from "vitest";
import { joined } from "../../src/corpus/grammar/level3/complex.js";
import { thatIs, whoIs } from "../../src/corpus/grammar/level3/relatives.js";
import { question, statement } from "../../src/corpus/grammar/sentence.js";
import { MODALS } from "../../src/corpus/lexicon/idioms.js";
import { BE, BE_IN_STATE } from "../../src/corpus/lexicon/verb.js";
import { adjective, adjunct, clause, entry, phrase, pronoun, shown, subject, verb } from "./meaning.js";

const says = (expected: string, told: ReturnType<typeof clause>) => expect(shown(statement(told))).toBe(expected);
const past = { tense: "past" } as const;
const imperfect = { tense: "imperfect" } as const;
const future = { tense: "future" } as const;

describe("the imperfect", () => {
  it("is what was going on, or a habit", () => {
    says(
      "She was eating an apple. | Elle mangeait une pomme.",
      clause("she", "eat", { ...imperfect, object: phrase("a", "apple") }),
    );
    says("We were not working. | Nous ne travaillions pas.", clause("we", "work", { ...imperfect, negation: "not" }));
    says(
      "I used to have a dog. | J'avais un chien.",
      clause("I", "have", { ...imperfect, object: phrase("a", "dog") }),
    );
    says(
      "He used to sing every day. | Il chantait tous les jours.",
      clause("he", "sing", { ...imperfect, habit: true, adjuncts: [adjunct("every day", "tous les jours")] }),
    );
    says("The queens were sad. | Les reines étaient tristes.", {
      subject: subject(phrase("the", "queens")),
      verb: BE,
      quality: adjective("sad"),
      ...imperfect,
    });
    expect(shown(question(clause("you", "play the", { ...imperfect, object: phrase("generic", "flute") })))).toBe(
      "Were you playing the flute? | Est-ce que tu jouais de la flûte ?",
    );
    says("I was hungry. | J'avais faim.", {
      subject: subject("I"),
      verb: BE_IN_STATE,
      adjuncts: [adjunct("hungry", "faim")],
      ...imperfect,
    });
  });
});

describe("the passé composé", () => {
  it("with avoir leaves its participle alone before its object", () => {
    says(
      "The girls ate the apples. | Les filles ont mangé les pommes.",
      clause(phrase("the", "girls"), "eat", { ...past, object: phrase("the", "apples") }),
    );
    says(
      "He never wrote poems. | Il n'a jamais écrit de poèmes.",
      clause("he", "write", { ...past, negation: "never", object: phrase("bare", "poems") }),
    );
    expect(shown(question(clause("you", "read", { ...past, object: phrase("the", "novel") })))).toBe(
      "Did you read the novel? | Est-ce que tu as lu le roman ?",
    );
  });

  it("with être agrees with its subject", () => {
    const toTheMarket = [adjunct("to the market", "au marché")];
    says(
      "She went to the market. | Elle est allée au marché.",
      clause("she", "go", { ...past, adjuncts: toTheMarket }),
    );
    says("I went to the market. | Je suis allé au marché.", clause("I", "go", { ...past, adjuncts: toTheMarket }));
    says("Anna and Marie left. | Anna et Marie sont parties.", clause("Anna and Marie", "leave", past));
    says("Anna and Paul left. | Anna et Paul sont partis.", clause("Anna and Paul", "leave", past));
    says(
      "My aunts did not stay. | Mes tantes ne sont pas restées.",
      clause(phrase("my", "aunts"), "stay", { ...past, negation: "not" }),
    );
    says("The actress fell. | L'actrice est tombée.", clause(phrase("the", "actress"), "fall", past));
    const born = { english: "be born", french: "naître", level: 3 } as const;
    says("We were born in Italy. | Nous sommes nés en Italie.", {
      subject: subject("we"),
      verb: born,
      ...past,
      adjuncts: [adjunct("in Italy", "en Italie")],
    });
  });

  it("of pronominal verbs agrees too", () => {
    says("I never got up. | Je ne me suis jamais levé.", clause("I", "get up", { ...past, negation: "never" }));
    says("The girls went to bed. | Les filles se sont couchées.", clause(phrase("the", "girls"), "go to bed", past));
    expect(shown(question(clause("you", "go for a walk", past)))).toBe(
      "Did you go for a walk? | Est-ce que tu t'es promené ?",
    );
    says("Julie woke up. | Julie s'est réveillée.", clause("Julie", "wake up", past));
    says("We got dressed. | Nous nous sommes habillés.", clause("we", "get dressed", past));
    says(
      "The women did not rest. | Les femmes ne se sont pas reposées.",
      clause(phrase("the", "women"), "rest", { ...past, negation: "not" }),
    );
  });

  it("with avoir agrees with a pronoun before it", () => {
    const saw = (english: string) => clause("Paul", "see", { ...past, pronoun: pronoun(english) });
    says("Paul saw her. | Paul l'a vue.", saw("her"));
    says("Paul saw him. | Paul l'a vu.", saw("him"));
    says("Paul saw them. | Paul les a vus.", saw("them"));
    says("Paul saw us. | Paul nous a vus.", saw("us"));
    says("Paul saw me. | Paul m'a vu.", saw("me"));
    says("Paul never saw you. | Paul ne t'a jamais vu.", { ...saw("you"), negation: "never" });
    says("She spoke to them. | Elle leur a parlé.", clause("she", "speak to", { ...past, pronoun: pronoun("them") }));
  });
});

describe("the future", () => {
  it("is one word in French", () => {
    says(
      "We will buy bread tomorrow. | Nous achèterons du pain demain.",
      clause("we", "buy", { ...future, object: phrase("bare", "bread"), adjuncts: [adjunct("tomorrow", "demain")] }),
    );
    says(
      "I will not go to Canada. | Je n'irai pas au Canada.",
      clause("I", "go", { ...future, negation: "not", adjuncts: [adjunct("to Canada", "au Canada")] }),
    );
    says("His daughters will be rich. | Ses filles seront riches.", {
      subject: subject(phrase("his", "daughters")),
      verb: BE,
      quality: adjective("rich"),
      ...future,
    });
    expect(shown(question(clause("they", "leave", future)))).toBe("Will they leave? | Est-ce qu'ils partiront ?");
  });
});

describe("object pronouns", () => {
  it("stand before the verb, elided and negated", () => {
    const helps = (english: string) => clause("she", "help", { pronoun: pronoun(english) });
    says("She helps me. | Elle m'aide.", helps("me"));
    says("She helps him. | Elle l'aide.", helps("him"));
    says("She does not help us. | Elle ne nous aide pas.", { ...helps("us"), negation: "not" });
    says(
      "He was looking for her. | Il la cherchait.",
      clause("he", "look for", { ...imperfect, pronoun: pronoun("her") }),
    );
    says("I will see you. | Je te verrai.", clause("I", "see", { ...future, pronoun: pronoun("you") }));
    const want = entry(MODALS, ({ english }) => english === "want");
    says(
      "He wants to invite her. | Il veut l'inviter.",
      clause("he", "invite", { modal: want, pronoun: pronoun("her") }),
    );
  });

  it("stand between ne and the verb, and before the auxiliary", () => {
    const asked = (told: ReturnType<typeof clause>) => shown(question(told));
    says(
      "We never call them. | Nous ne les appelons jamais.",
      clause("we", "call", { pronoun: pronoun("them"), negation: "never" }),
    );
    says(
      "They did not find her. | Ils ne l'ont pas trouvée.",
      clause("they", "find", { ...past, pronoun: pronoun("her"), negation: "not" }),
    );
    says(
      "You never answered us. | Tu ne nous as jamais répondu.",
      clause("you", "answer", { ...past, pronoun: pronoun("us"), negation: "never" }),
    );
    says(
      "She will not help me. | Elle ne m'aidera pas.",
      clause("she", "help", { ...future, pronoun: pronoun("me"), negation: "not" }),
    );
    expect(asked(clause("you", "see", { ...past, pronoun: pronoun("her") }))).toBe(
      "Did you see her? | Est-ce que tu l'as vue ?",
    );
    expect(asked(clause("Anna", "wait for", { pronoun: pronoun("him") }))).toBe(
      "Does Anna wait for him? | Est-ce qu'Anna l'attend ?",
    );
  });

  it("are lui and leur for whom one speaks and gives to", () => {
    says("He answers her. | Il lui répond.", clause("he", "answer", { pronoun: pronoun("her") }));
    says(
      "You give them a book. | Tu leur donnes un livre.",
      clause("you", "give", { pronoun: pronoun("them"), object: phrase("a", "book") }),
    );
    says(
      "She sent me the letters. | Elle m'a envoyé les lettres.",
      clause("she", "send", { ...past, pronoun: pronoun("me"), object: phrase("the", "letters") }),
    );
    says(
      "I show the key to the king. | Je montre la clé au roi.",
      clause("I", "show", { object: phrase("the", "key"), recipient: subject(phrase("the", "king")) }),
    );
    says(
      "We sent a postcard to the waitresses. | Nous avons envoyé une carte postale aux serveuses.",
      clause("we", "send", {
        ...past,
        object: phrase("a", "postcard"),
        recipient: subject(phrase("the", "waitresses")),
      }),
    );
    says(
      "Paul will give the cake to Alice. | Paul donnera le gâteau à Alice.",
      clause("Paul", "give", { ...future, object: phrase("the", "cake"), recipient: subject("Alice") }),
    );
    says(
      "My sisters spoke to her. | Mes sœurs lui ont parlé.",
      clause(phrase("my", "sisters"), "speak to", { ...past, pronoun: pronoun("her") }),
    );
  });
});

describe("two clauses", () => {
  it("are joined by when, because and that", () => {
    const sleeping = clause("they", "sleep", imperfect);
    expect(shown(joined({ first: sleeping, second: clause("Emma", "arrive", past) }, "when", ["quand"]))).toBe(
      "They were sleeping when Emma arrived. | Ils dormaient quand Emma est arrivée.",
    );
    const sick = { subject: subject("she"), verb: BE, quality: adjective("sick"), ...imperfect };
    expect(shown(joined({ first: clause("Alice", "go home", past), second: sick }, "because", ["parce", "que"]))).toBe(
      "Alice went home because she was sick. | Alice est rentrée parce qu'elle était malade.",
    );
    const kind = { subject: subject("he"), verb: BE, quality: adjective("kind") };
    expect(shown(joined({ first: clause("I", "think"), second: kind }, "that", ["que"]))).toBe(
      "I think that he is kind. | Je pense qu'il est gentil.",
    );
  });

  it("are joined by a relative pronoun, with which the participle agrees", () => {
    const bought = { ...clause("she", "buy", { ...past, object: phrase("the", "apples") }), object: undefined };
    expect(
      shown(thatIs({ head: { phrase: phrase("the", "apples"), quality: adjective("delicious") }, relative: bought })),
    ).toBe("The apples that she bought are delicious. | Les pommes qu'elle a achetées sont délicieuses.");
    const lost = { ...clause("Paul", "lose", { ...past, object: phrase("the", "hat") }), object: undefined };
    expect(shown(thatIs({ head: { phrase: phrase("the", "hat"), quality: adjective("black") }, relative: lost }))).toBe(
      "The hat that Paul lost is black. | Le chapeau que Paul a perdu est noir.",
    );
    const sings = { head: { phrase: phrase("the", "woman"), quality: adjective("famous") }, verb: verb("sing") };
    expect(shown(whoIs(sings))).toBe("The woman who sings is famous. | La femme qui chante est célèbre.");
  });
});
