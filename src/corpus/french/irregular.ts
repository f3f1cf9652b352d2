/** The forms of a verb that no rule gives. */
export interface IrregularVerb {
  /** je, tu, il, nous, vous, ils. */
  readonly present: readonly string[];
  /** The future without its ending. */
  readonly future: string;
  readonly participle: string;
}

function irregular(present: string, future: string, participle: string): IrregularVerb {
  return { present: present.split(" "), future, participle };
}

export const IRREGULAR_VERBS: Readonly<Record<string, IrregularVerb>> = {
  aller: irregular("vais vas va allons allez vont", "ir", "allé"),
  apprendre: irregular("apprends apprends apprend apprenons apprenez apprennent", "apprendr", "appris"),
  avoir: irregular("ai as a avons avez ont", "aur", "eu"),
  boire: irregular("bois bois boit buvons buvez boivent", "boir", "bu"),
  comprendre: irregular("comprends comprends comprend comprenons comprenez comprennent", "comprendr", "compris"),
  connaître: irregular("connais connais connaît connaissons connaissez connaissent", "connaîtr", "connu"),
  courir: irregular("cours cours court courons courez courent", "courr", "couru"),
  devoir: irregular("dois dois doit devons devez doivent", "devr", "dû"),
  dire: irregular("dis dis dit disons dites disent", "dir", "dit"),
  dormir: irregular("dors dors dort dormons dormez dorment", "dormir", "dormi"),
  écrire: irregular("écris écris écrit écrivons écrivez écrivent", "écrir", "écrit"),
  être: irregular("suis es est sommes êtes sont", "ser", "été"),
  faire: irregular("fais fais fait faisons faites font", "fer", "fait"),
  lire: irregular("lis lis lit lisons lisez lisent", "lir", "lu"),
  mettre: irregular("mets mets met mettons mettez mettent", "mettr", "mis"),
  naître: irregular("nais nais naît naissons naissez naissent", "naîtr", "né"),
  ouvrir: irregular("ouvre ouvres ouvre ouvrons ouvrez ouvrent", "ouvrir", "ouvert"),
  partir: irregular("pars pars part partons partez partent", "partir", "parti"),
  pouvoir: irregular("peux peux peut pouvons pouvez peuvent", "pourr", "pu"),
  prendre: irregular("prends prends prend prenons prenez prennent", "prendr", "pris"),
  revenir: irregular("reviens reviens revient revenons revenez reviennent", "reviendr", "revenu"),
  rire: irregular("ris ris rit rions riez rient", "rir", "ri"),
  savoir: irregular("sais sais sait savons savez savent", "saur", "su"),
  sortir: irregular("sors sors sort sortons sortez sortent", "sortir", "sorti"),
  suivre: irregular("suis suis suit suivons suivez suivent", "suivr", "suivi"),
  venir: irregular("viens viens vient venons venez viennent", "viendr", "venu"),
  voir: irregular("vois vois voit voyons voyez voient", "verr", "vu"),
  vouloir: irregular("veux veux veut voulons voulez veulent", "voudr", "voulu"),
};

/** The stem that verbs in -er take before a silent ending and, but for `envoyer`, in the future. */
export const STRONG_STEMS: Readonly<Record<string, string>> = {
  acheter: "achèt",
  appeler: "appell",
  envoyer: "envoi",
  jeter: "jett",
  lever: "lèv",
  nettoyer: "nettoi",
  promener: "promèn",
};

/** Verbs that take `être` in the passé composé; so does every pronominal verb. */
export const WITH_ETRE: ReadonlySet<string> = new Set(
  "aller arriver descendre entrer monter naître partir rentrer rester revenir sortir tomber venir".split(" "),
);
