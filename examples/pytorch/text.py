"""Text to token ids and back, as seqgrad's ``source.json`` and ``target.json`` say."""
import re
import sys
import unicodedata
from dataclasses import dataclass

PAD, UNK, BOS, EOS = range(4)
SPECIALS = ("<pad>", "<unk>", "<bos>", "<eos>")
JOINER, ESCAPE = "￭", "￮"
"""The joiner, on an end of a token: no space stands on that side. In the text itself both signs are escaped."""

INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c"  # control characters, soft hyphens
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"  # zero-width spaces, marks of direction and of byte order
)
SPACES = re.compile("[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")


def normalize(text: str, lowercase: bool = False) -> str:
    """NFC, nothing invisible, single plain spaces, none at either end, and lower case when asked."""
    visible = INVISIBLE.sub("", text)
    folded = visible.lower() if lowercase else visible
    return SPACES.sub(" ", unicodedata.normalize("NFC", folded)).strip(" ")


class SpaceTokenizer:
    """What stands between spaces."""

    def __init__(self, lowercase: bool):
        self.lowercase = lowercase

    def tokenize(self, text: str) -> list[str]:
        return normalize(text, self.lowercase).split()

    def detokenize(self, tokens: list[str]) -> str:
        return normalize(" ".join(tokens))

    def other_forms(self, token: str) -> list[str]:
        """Tokens that stand for the same word in other surroundings, likeliest first."""
        return []


class CharacterTokenizer(SpaceTokenizer):
    """Code points, the space among them."""

    def tokenize(self, text: str) -> list[str]:
        return list(normalize(text, self.lowercase))

    def detokenize(self, tokens: list[str]) -> str:
        return normalize("".join(tokens))


class WordTokenizer(SpaceTokenizer):
    """Words, numbers and signs, with joiners: "L'arbre est-il grand ?" → L'￭ arbre est ￭-￭ il grand ?"""

    def tokenize(self, text: str) -> list[str]:
        return [token for stretch in super().tokenize(text) for token in cut_words(stretch)]

    def detokenize(self, tokens: list[str]) -> str:
        text, glued = "", True
        for token in tokens:
            left, body, right = take_apart(token)
            original = body.replace(f"{ESCAPE}1", JOINER).replace(f"{ESCAPE}0", ESCAPE)
            text += ("" if glued or left else " ") + original
            glued = right
        return normalize(text)

    def other_forms(self, token: str) -> list[str]:
        left, body, right = take_apart(token)
        return [join(not left, body, right), join(left, body, not right), join(not left, body, not right)]


def join(left: bool, body: str, right: bool) -> str:
    return (JOINER if left else "") + body + (JOINER if right else "")


def take_apart(token: str) -> tuple[bool, str, bool]:
    """The inverse of ``join``."""
    left, right = token.startswith(JOINER), token.endswith(JOINER)
    return left, token[left : len(token) - right], right


def characters(categories: str) -> str:
    """All characters of Unicode's general categories that begin with one of these letters, for a regular expression."""
    ranges: list[list[int]] = []
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code))[0] not in categories:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


L, M, N = (characters(each) for each in "LMN")  # letters, marks, numbers
ENDS = f"(?![{L}{M}{N}])"
NEGATION = f"(?i:n['’]t){ENDS}"
CLITIC = f"(?i:['’](?:s|t|re|ve|ll|d|m)){ENDS}"
LETTERS = f"[{L}][{L}{M}\u200c\u200d]*"
STEM = f"(?!{NEGATION})[{L}](?:(?!{NEGATION})[{L}{M}\u200c\u200d])*"  # "don't" is do + n't
PIECES = re.compile(
    "|".join(
        [
            # French elision: l', qu', jusqu' before a word, a number or an opening quotation mark, or standing apart
            f"(?<![{L}{M}{N}])(?i:(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’])(?=[{L}{N}\"«“]|\\Z)",
            NEGATION,
            CLITIC,
            f"{STEM}(?:(?!{CLITIC})['’]{LETTERS})*",
            f"[{N}][{N}{M}]*(?:[.,:][{N}][{N}{M}]*)*",
            r"\.{2,}|-{2,}",
            f"(?s:.)[{M}]*",
        ]
    )
)
WORDLIKE = re.compile(f"[{L}{N}]")


def cut_words(stretch: str) -> list[str]:
    """The tokens of a stretch without spaces. Where two touch, the sign or the function word carries the joiner."""
    texts = PIECES.findall(stretch)
    holds_word = WORDLIKE.search(stretch) is not None
    tokens, word_seen, left = [], False, False
    for i, text in enumerate(texts):
        is_word = WORDLIKE.match(text) is not None
        word_seen = word_seen or is_word
        right = False
        if i + 1 < len(texts):
            if is_word:
                right = text[-1] in "'’"
            else:  # signs before the first word lean on it; later ones on what precedes them
                right = WORDLIKE.match(texts[i + 1]) is not None or (holds_word and not word_seen)
        body = text.replace(ESCAPE, f"{ESCAPE}0").replace(JOINER, f"{ESCAPE}1")
        tokens.append(join(left, body, right))
        left = not right
    return tokens


class SubwordTokenizer:
    """Words of another tokeniser, cut by byte pair encoding; a piece that does not end its word ends in "@@"."""

    def __init__(self, words: SpaceTokenizer, merges: list[str]):
        self.words = words
        self.ranks: dict[tuple[str, ...], int] = {}
        for rank, merge in enumerate(merges):
            self.ranks.setdefault(tuple(merge.split(" ")), rank)

    def tokenize(self, text: str) -> list[str]:
        return [piece for word in self.words.tokenize(text) for piece in self.cut(word)]

    def cut(self, word: str) -> list[str]:
        """The merge that was learned first is made first, wherever it can be. (Sennrich, Haddow and Birch, 2016)"""
        symbols = [*word[:-1], word[-1] + "</w>" + (" " if word.endswith("@@") else "")]
        while len(symbols) > 1:
            rank, pair = min((self.ranks.get(pair, len(self.ranks)), pair) for pair in zip(symbols, symbols[1:]))
            if rank == len(self.ranks):
                break
            merged: list[str] = []
            while symbols:
                taken = 2 if tuple(symbols[:2]) == pair else 1
                merged.append("".join(symbols[:taken]))
                symbols = symbols[taken:]
            symbols = merged
        return [f"{symbol}@@" for symbol in symbols[:-1]] + [symbols[-1][: symbols[-1].rindex("</w>")]]

    def detokenize(self, tokens: list[str]) -> str:
        words, is_open = [], False
        for token in tokens:
            text = token[:-2] if token.endswith("@@") else token
            words = [*words[:-1], words[-1] + text] if is_open else [*words, text]
            is_open = token.endswith("@@")
        return self.words.detokenize(words)

    def other_forms(self, token: str) -> list[str]:
        end = "@@" if token.endswith("@@") else ""
        return [form + end for form in self.words.other_forms(token[: len(token) - len(end)])]


def make_tokenizer(config: dict) -> SpaceTokenizer | SubwordTokenizer:
    if config["kind"] == "bpe":
        return SubwordTokenizer(make_tokenizer(config["words"]), config["merges"])
    kinds = {"word": WordTokenizer, "space": SpaceTokenizer, "character": CharacterTokenizer}
    return kinds[config["kind"]](config["lowercase"])


@dataclass
class Language:
    """A tokeniser and a vocabulary: what one side of a translator reads or writes."""

    tokenizer: SpaceTokenizer | SubwordTokenizer
    tokens: list[str]

    def __post_init__(self) -> None:
        self.ids = {token: i for i, token in enumerate(self.tokens) if i >= len(SPECIALS)}

    @staticmethod
    def from_json(json: dict) -> "Language":
        return Language(make_tokenizer(json["tokenizer"]), json["vocabulary"]["tokens"])

    def id(self, token: str) -> int:
        """A token's id or, where it has none, that of the same sign joined otherwise."""
        for form in [token, *self.tokenizer.other_forms(token)]:
            if form in self.ids:
                return self.ids[form]
        return UNK

    def encode(self, text: str) -> list[int]:
        return [self.id(token) for token in self.tokenizer.tokenize(text)]

    def decode(self, ids: list[int]) -> str:
        return self.tokenizer.detokenize([self.tokens[i] for i in ids])
