import { describe, expect, it } from "vitest";
import {
  englishPlural,
  indefiniteArticle,
  pastTense,
  progressive,
  thirdPerson,
} from "../../src/corpus/english/inflect.js";
import { agree, frenchPlural } from "../../src/corpus/french/agree.js";
import { conjugate, participle } from "../../src/corpus/french/conjugate.js";
import { contract, joinFrench } from "../../src/corpus/french/join.js";
import { startsWithVowelSound } from "../../src/corpus/french/sound.js";

/** je, tu, il, nous, vous, ils. */
function forms(infinitive: string, tense: "present" | "imperfect" | "future"): string {
  return (["singular", "plural"] as const)
    .flatMap((count) => ([1, 2, 3] as const).map((person) => conjugate(infinitive, tense, { person, count })))
    .join(" ");
}

describe("the French present", () => {
  it.each([
    ["chanter", "chante chantes chante chantons chantez chantent"],
    ["manger", "mange manges mange mangeons mangez mangent"],
    ["commencer", "commence commences commence commençons commencez commencent"],
    ["acheter", "achète achètes achète achetons achetez achètent"],
    ["appeler", "appelle appelles appelle appelons appelez appellent"],
    ["nettoyer", "nettoie nettoies nettoie nettoyons nettoyez nettoient"],
    ["envoyer", "envoie envoies envoie envoyons envoyez envoient"],
    ["lever", "lève lèves lève levons levez lèvent"],
    ["finir", "finis finis finit finissons finissez finissent"],
    ["attendre", "attends attends attend attendons attendez attendent"],
    ["être", "suis es est sommes êtes sont"],
    ["avoir", "ai as a avons avez ont"],
    ["aller", "vais vas va allons allez vont"],
    ["faire", "fais fais fait faisons faites font"],
    ["boire", "bois bois boit buvons buvez boivent"],
    ["prendre", "prends prends prend prenons prenez prennent"],
    ["vouloir", "veux veux veut voulons voulez veulent"],
    ["ouvrir", "ouvre ouvres ouvre ouvrons ouvrez ouvrent"],
    ["connaître", "connais connais connaît connaissons connaissez connaissent"],
  ])("of %s", (infinitive, expected) => expect(forms(infinitive, "present")).toBe(expected));
});

describe("the French imperfect", () => {
  it.each([
    ["manger", "mangeais mangeais mangeait mangions mangiez mangeaient"],
    ["être", "étais étais était étions étiez étaient"],
    ["boire", "buvais buvais buvait buvions buviez buvaient"],
    ["faire", "faisais faisais faisait faisions faisiez faisaient"],
    ["acheter", "achetais achetais achetait achetions achetiez achetaient"],
    ["étudier", "étudiais étudiais étudiait étudiions étudiiez étudiaient"],
    ["voir", "voyais voyais voyait voyions voyiez voyaient"],
  ])("of %s", (infinitive, expected) => expect(forms(infinitive, "imperfect")).toBe(expected));
});

describe("the French future", () => {
  it.each([
    ["chanter", "chanterai chanteras chantera chanterons chanterez chanteront"],
    ["acheter", "achèterai achèteras achètera achèterons achèterez achèteront"],
    ["attendre", "attendrai attendras attendra attendrons attendrez attendront"],
    ["nettoyer", "nettoierai nettoieras nettoiera nettoierons nettoierez nettoieront"],
    ["envoyer", "enverrai enverras enverra enverrons enverrez enverront"],
    ["être", "serai seras sera serons serez seront"],
    ["avoir", "aurai auras aura aurons aurez auront"],
    ["aller", "irai iras ira irons irez iront"],
    ["venir", "viendrai viendras viendra viendrons viendrez viendront"],
    ["voir", "verrai verras verra verrons verrez verront"],
    ["faire", "ferai feras fera ferons ferez feront"],
    ["dormir", "dormirai dormiras dormira dormirons dormirez dormiront"],
  ])("of %s", (infinitive, expected) => expect(forms(infinitive, "future")).toBe(expected));
});

describe("French agreement", () => {
  it.each([
    ["manger", "mangé"],
    ["choisir", "choisi"],
    ["perdre", "perdu"],
    ["prendre", "pris"],
    ["ouvrir", "ouvert"],
    ["naître", "né"],
  ])("participle of %s", (infinitive, expected) => expect(participle(infinitive)).toBe(expected));

  it("adds e, s and es to a participle", () => {
    expect(agree("allé", { gender: "f", count: "singular" })).toBe("allée");
    expect(agree("parti", { gender: "f", count: "plural" })).toBe("parties");
    expect(agree("pris", { gender: "m", count: "plural" })).toBe("pris");
    expect(agree("vu", { gender: "m", count: "plural" })).toBe("vus");
  });

  it.each([
    ["chat", "chats"],
    ["gâteau", "gâteaux"],
    ["neveu", "neveux"],
    ["journal", "journaux"],
    ["souris", "souris"],
    ["bleu", "bleus"],
  ])("plural of %s", (one, many) => expect(frenchPlural(one)).toBe(many));
});

describe("French elision and contraction", () => {
  it("elides before a vowel and a mute h, not before an aspirated one", () => {
    expect(joinFrench(["je", "aime", "le", "homme"])).toBe("j'aime l'homme");
    expect(joinFrench(["je", "aime", "le", "hibou"])).toBe("j'aime le hibou");
    expect(joinFrench(["elle", "ne", "a", "pas", "de", "œuf"])).toBe("elle n'a pas d'œuf");
    expect(joinFrench(["est-ce", "que", "il", "te", "aide"])).toBe("est-ce qu'il t'aide");
    expect(["été", "œuf", "hôtel", "île"].every(startsWithVowelSound)).toBe(true);
    expect(["haricot", "hamsters", "héros", "harpe", "huit", "onze", "yaourt"].some(startsWithVowelSound)).toBe(false);
  });

  it("contracts à and de with le and les", () => {
    const say = (preposition: "à" | "de", ...words: string[]) => joinFrench(contract(preposition, words));
    expect(say("à", "le", "marché")).toBe("au marché");
    expect(say("à", "la", "plage")).toBe("à la plage");
    expect(say("à", "le", "hôpital")).toBe("à l'hôpital");
    expect(say("à", "le", "héros")).toBe("au héros");
    expect(say("de", "la", "harpe")).toBe("de la harpe");
    expect(say("à", "les", "enfants")).toBe("aux enfants");
    expect(say("de", "le", "piano")).toBe("du piano");
    expect(say("de", "la", "eau")).toBe("de l'eau");
    expect(say("de", "les", "enfants")).toBe("des enfants");
    expect(say("de", "Anna")).toBe("d'Anna");
  });
});

describe("English inflection", () => {
  it("plurals", () => {
    expect(["cat", "box", "story", "toy", "peach", "bus"].map(englishPlural)).toEqual([
      ...["cats", "boxes", "stories", "toys", "peaches", "buses"],
    ]);
  });

  it("a and an", () => {
    expect(["apple", "old car", "Italian lady", "English book"].map(indefiniteArticle)).toEqual(Array(4).fill("an"));
    expect(["pear", "uniform", "university", "French lady"].map(indefiniteArticle)).toEqual(Array(4).fill("a"));
  });

  it("third person", () => {
    expect(["sing", "go", "have", "wash", "carry", "play"].map(thirdPerson)).toEqual([
      ...["sings", "goes", "has", "washes", "carries", "plays"],
    ]);
  });

  it("past", () => {
    expect(["open", "like", "cry", "play", "travel", "go", "draw"].map(pastTense)).toEqual([
      ...["opened", "liked", "cried", "played", "travelled", "went", "drew"],
    ]);
  });

  it("-ing", () => {
    expect(["eat", "make", "run", "cut", "see", "carry", "open"].map(progressive)).toEqual([
      ...["eating", "making", "running", "cutting", "seeing", "carrying", "opening"],
    ]);
  });
});
