"""Rules about questions: small functions, and the table that names them and the kinds they hold for.

Each function answers where the item breaks the rule: ids of options, "stem", "options", or nothing.
"""

import re
from collections.abc import Iterable
from itertools import combinations

from question_bank.errors import sentence as _
from question_bank.item_kinds import MultipleResponse, Option, Question, SingleBestAnswer, TrueFalse
from question_bank.lint.rules import Rule, Severity, content_words, lead_in, pattern, words

STEM = ["stem"]
OPTIONS = ["options"]

# Whole options only: an option may well speak of "all of these visits".
OF_THEM = r"(?:of )?(?:the )?(?:above|these|options|answers|choices)(?: (?:is|are) \w+)?\W*"
ALL_OF_THEM = re.compile(rf"\W*(?:all {OF_THEM}|todas las anteriores\W*)", re.IGNORECASE)
NONE_OF_THEM = re.compile(rf"\W*(?:none {OF_THEM}|ninguna de las anteriores\W*)", re.IGNORECASE)
LETTERS = re.compile(r"\W*(?:[Bb]oth )?[A-H]\)? ?(?:and|or|&|,|y|o) \(?[A-H](?:\W+(?:only|above|are correct))?\W*")
NUMBERED = r"(?:[1-9]|i{1,3}|iv|v)"
NUMBERS = re.compile(
    rf"\(?{NUMBERED}\)?(?:(?:, and|,| and| &|, &) \(?{NUMBERED}\)?){{0,8}}( only)?\.?", re.IGNORECASE
)  # fmt: skip
STATEMENT_LIST = re.compile(r"(?:^|\s)\(?(?:1|I)[.):]\s")
NEGATIVE = pattern("not", "except", r"(?<!at )least", "false", "incorrect", "untrue", flags=re.NOFLAG)
OPINION = pattern(r"do you (?:think|feel|believe|agree)", r"in your (?:opinion|view)", r"would you rather")
NEGATIVE_OPTION = pattern("not", "never", "cannot", r"\w+n['’]t")
ABSOLUTE = pattern(
    "always", "never", "only", "all", "every", "none", "completely", "entirely", "totally", "impossible", "everyone",
    "no one", "nobody",
)  # fmt: skip
VAGUE = pattern(
    "usually", "often", "sometimes", "occasionally", "frequently", "rarely", "seldom", "generally", "typically",
    "normally",
)  # fmt: skip
UNFOCUSED = pattern(r"which (?:one )?of (?:the following|these)(?: statements?)? (?:is|are) (?:true|correct|false)")
BLANK = re.compile(r"_{2,}|\.{4,}")
RANGE = re.compile(r"(\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)")
NUMBER = re.compile(r"[^\w.]*(\d+(?:\.\d+)?)\s*(?:%|[^\W\d]+)?\W*")
ACRONYM = re.compile(r"(?<![\w-])[A-Z]{3,6}(?![\w-])")
NOT_ACRONYMS = frozenset("NOT EXCEPT LEAST MOST BEST FIRST NEXT MAIN ONLY DSM USA NMAIMH".split())


def keys_of(item: Question) -> list[Option]:
    keys = item.parts(item.key_text())
    return [option for option in item.offered() if option.id in keys]


def distractors(item: Question) -> list[Option]:
    keys = keys_of(item)
    return [option for option in item.offered() if option not in keys]


def ids(options: Iterable[Option]) -> list[str]:
    return [option.id for option in options]


def options_like(expression: re.Pattern[str], item: Question) -> list[str]:
    return [option.id for option in item.offered() if expression.search(option.text)]


def whole_options_like(expression: re.Pattern[str], item: Question) -> list[str]:
    return [option.id for option in item.offered() if expression.fullmatch(option.text)]


def number_sets(item: Question) -> list[str]:
    """K-type: options that combine numbered statements. Bare numbers are fine unless the stem lists statements."""
    matches = {option.id: NUMBERS.fullmatch(option.text.strip()) for option in item.offered()}
    listed = bool(STATEMENT_LIST.search(item.stem))
    combined = any(m and not m.group().strip("().").isalnum() for m in matches.values())
    return [id_ for id_, match in matches.items() if match and (match.group(1) or (listed and combined))]


def plain_negative(item: Question) -> list[str]:
    """A negative in small letters in the question itself; in the vignette it does no harm."""
    return STEM if NEGATIVE.search(lead_in(item.stem)) else []


def absolute_distractors(item: Question) -> list[str]:
    found = options_like(ABSOLUTE, item)
    return [] if set(ids(keys_of(item))) & set(found) else found


def absolute_options(item: Question) -> list[str]:
    found = options_like(ABSOLUTE, item)
    return found if set(ids(keys_of(item))) & set(found) else []


def absolute_statement(item: Question) -> list[str]:
    return STEM if ABSOLUTE.search(item.stem) else []


def longest_key(item: Question) -> list[str]:
    keys, others = keys_of(item), [len(option.text) for option in distractors(item)]
    if not keys or not others:
        return []
    length = min(len(key.text) for key in keys)
    # Among words of a few letters a ratio means nothing.
    outstanding = length > 1.25 * sum(others) / len(others) and length >= max(others) + 5
    return ids(keys) if outstanding else []


def article_cue(item: Question) -> list[str]:
    """The stem ends in a or an, and that rules some distractor out."""
    last = next(reversed(words(BLANK.sub(" ", item.stem))), "")
    keys = keys_of(item)
    if last not in ("a", "an") or item.stem.rstrip(" :_.").endswith("(n)") or not keys:
        return []
    fitting = [
        option for option in item.offered() if (option.text.lstrip()[:1].casefold() in "aeiou") == (last == "an")
    ]
    return STEM if all(key in fitting for key in keys) and len(fitting) < len(item.offered()) else []


def clang(item: Question) -> list[str]:
    elsewhere = set[str]().union(*(content_words(option.text) for option in distractors(item)))
    stem = words(item.stem)
    rare = {word for word in stem if len(word) > 6 and stem.count(word) == 1} - elsewhere
    return ids(key for key in keys_of(item) if content_words(key.text) & rare)


def convergence(item: Question) -> list[str]:
    """The one key is made of what the other options have in common."""
    keys = keys_of(item)
    vocabularies = {option.id: content_words(option.text) for option in item.offered()}
    shared = {
        id_: sum(len(vocabulary & other) for name, other in vocabularies.items() if name != id_)
        for id_, vocabulary in vocabularies.items()
    }
    rest = [shared[option.id] for option in distractors(item)]
    return ids(key for key in keys if rest and shared[key.id] >= 3 and shared[key.id] >= max(rest) + 2)


def overlapping_ranges(item: Question) -> list[str]:
    found = ((option.id, RANGE.search(option.text)) for option in item.offered())
    ranges = [(id_, float(match[1]), float(match[2])) for id_, match in found if match]
    pairs = combinations(ranges, 2)
    return sorted({id_ for a, b in pairs if a[1] <= b[2] and b[1] <= a[2] for id_ in (a[0], b[0])})


def contained_options(item: Question) -> list[str]:
    folded = {option.id: f" {' '.join(words(option.text))} " for option in item.offered() if words(option.text)}
    return [id_ for id_, text in folded.items() if any(text in o for name, o in folded.items() if name != id_)]


def unfocused(item: Question) -> list[str]:
    """With the options covered there is nothing to answer."""
    count = len(words(item.stem))
    return STEM if (0 < count < 5) or (count < 15 and UNFOCUSED.search(item.stem)) else []


def opinion(item: Question) -> list[str]:
    return STEM if OPINION.search(item.stem) else []


def blank_in_middle(item: Question) -> list[str]:
    *before, after = BLANK.split(item.stem)
    return STEM if before and words(after) else []


def uneven_length(item: Question) -> list[str]:
    lengths = [len(option.text) for option in item.offered() if option.text]
    return OPTIONS if lengths and max(lengths) > 2 * min(lengths) and max(lengths) > 20 else []


def uneven_style(item: Question) -> list[str]:
    texts = [option.text.strip() for option in item.offered() if option.text.strip()]
    stops = {text.endswith(".") for text in texts}
    capitals = {text[0].isupper() for text in texts if text[0].isalpha()}
    return OPTIONS if len(stops) > 1 or len(capitals) > 1 else []


def unordered_numbers(item: Question) -> list[str]:
    matches = [NUMBER.fullmatch(option.text) for option in item.offered()]
    numbers = [float(match[1]) for match in matches if match]
    complete = len(numbers) == len(item.offered()) > 1
    return OPTIONS if complete and numbers not in (sorted(numbers), sorted(numbers, reverse=True)) else []


def long_stem(item: Question) -> list[str]:
    return STEM if len(words(item.stem)) > 120 else []


def undefined_acronym(item: Question) -> list[str]:
    found = set(ACRONYM.findall(item.stem)) - NOT_ACRONYMS
    return STEM if any(f"({acronym})" not in item.stem for acronym in found) else []


BLOCK, WARN, NOTE = Severity
EVERY_KIND = (Question,)
CHOICE = (SingleBestAnswer, MultipleResponse)
ONE_KEY = (SingleBestAnswer,)
STATEMENT = (TrueFalse,)

QUESTION_RULES = (
    Rule("all-of-the-above", BLOCK, CHOICE,
         _("“All of the above” rewards knowing two options out of four. Write an option that stands by itself."),
         lambda item: whole_options_like(ALL_OF_THEM, item)),
    Rule("both-a-and-b", BLOCK, CHOICE,
         _("An option that combines other options can be solved by elimination. Give each option one idea."),
         lambda item: whole_options_like(LETTERS, item)),
    Rule("k-type", BLOCK, CHOICE,
         _("Combinations of numbered statements test logic, not knowledge. Ask for the one best answer."),
         number_sets),
    Rule("none-of-the-above", WARN, CHOICE,
         _("“None of the above” shows only what a candidate rejects. Write a plausible option instead."),
         lambda item: whole_options_like(NONE_OF_THEM, item)),
    Rule("negative-stem", WARN, EVERY_KIND,
         _("The question is negative and easily misread. Ask it positively, or write the negative in capitals."),
         plain_negative),
    Rule("negative-option", WARN, CHOICE,
         _("A negative in an option is easily overlooked. Say what is, rather than what is not."),
         lambda item: options_like(NEGATIVE_OPTION, item)),
    Rule("absolute-distractor", WARN, CHOICE,
         _("Only wrong options hold an absolute word (always, never, only, all …), which gives them away."),
         absolute_distractors),
    Rule("absolute-term", WARN, CHOICE,
         _("An absolute word (always, never, only, all …) makes an option easy to judge without knowledge."),
         absolute_options),
    Rule("absolute-statement", WARN, STATEMENT,
         _("An absolute word (always, never, only, all …) gives a statement away. Say it as it is."),
         absolute_statement),
    Rule("vague-frequency", WARN, CHOICE,
         _("Readers differ on what usually, often or rarely mean. Say how much, or leave it out."),
         lambda item: options_like(VAGUE, item)),
    Rule("longest-key", WARN, CHOICE,
         _("The key is clearly the longest option. Shorten it, or give the others the same detail."),
         longest_key),
    Rule("grammar-cue", WARN, CHOICE,
         _("The article at the end of the stem fits the key but not every option. Move it into the options."),
         article_cue),
    Rule("clang", WARN, CHOICE,
         _("A rare word of the stem returns in the key only. Use it in a distractor too, or not at all."),
         clang),
    Rule("convergence", WARN, ONE_KEY,
         _("The key shares most words with the other options, so it can be guessed. Vary the distractors."),
         convergence),
    Rule("overlapping-ranges", WARN, ONE_KEY,
         _("Two ranges overlap, so both could be right. Make them exclusive."),
         overlapping_ranges),
    Rule("contained-option", WARN, ONE_KEY,
         _("This option is contained in another, so both could be right."),
         contained_options),
    Rule("unfocused", WARN, CHOICE,
         _("With the options covered, the stem asks nothing. Put the whole question into the stem."),
         unfocused),
    Rule("opinion", WARN, EVERY_KIND,
         _("Asks for an opinion, which cannot be wrong. Ask what is best supported, and by what."),
         opinion),
    Rule("blank-in-middle", WARN, CHOICE,
         _("The blank stands inside the sentence. Ask a question, or move the blank to the end."),
         blank_in_middle),
    Rule("uneven-length", NOTE, CHOICE,
         _("The longest option is more than twice as long as the shortest."),
         uneven_length),
    Rule("uneven-style", NOTE, CHOICE,
         _("The options are not parallel: capitals or full stops differ."),
         uneven_style),
    Rule("unordered-numbers", NOTE, CHOICE,
         _("Put numbers in order, so that nobody has to search."),
         unordered_numbers),
    Rule("long-stem", NOTE, EVERY_KIND,
         _("The stem has more than 120 words. Keep what is needed to answer."),
         long_stem),
    Rule("undefined-acronym", NOTE, EVERY_KIND,
         _("An acronym is not spelled out. Write it in full once, with the acronym in parentheses."),
         undefined_acronym),
)  # fmt: skip
