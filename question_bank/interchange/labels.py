"""What files say about a question beside its text: the columns of a sheet, "name: text" labels, explanations."""

import unicodedata
from collections.abc import Iterable, Mapping

from question_bank.item_kinds import MarkingRule
from question_bank.items import ItemKind

NAMES = {
    "stem": "stem question questiontext questionstem item itemtext prompt text pregunta enunciado reactivo texto",
    "key": "key answer correct correctanswer rightanswer answerkey correctoption solution clave respuesta correcta "
    "respuestacorrecta opcioncorrecta solucion",
    "stimulus": "stimulus vignette passage vineta caso pasaje",
    "vignette_set": "vignetteset stimulusset conjuntodevineta conjuntodevinetas",
    "area": "area areaofexpertise domain areadeespecializacion areadepericia dominio",
    "term": "term terms knowledgearea skillarea topic termino terminos tema temas",
    "levels": "level levels endorsementlevel nivel niveles",
    "tracks": "track tracks endorsementtrack via vias",
    "responsibility_codes": "responsibilitycode responsibilitycodes responsibility responsibilities codes "
    "codigoderesponsabilidad codigosderesponsabilidad responsabilidad responsabilidades",
    "competency": "competency competencies competencycode behavior behaviour competencia competencias conducta",
    "cognitive_level": "cognitivelevel cognitive cognition bloom blooms bloomlevel bloomslevel nivelcognitivo",
    "slot": "slot vignettekind kindofvignette tipodevineta",
    "rationale": "rationale explanation feedback generalfeedback justification justificacion explicacion "
    "retroalimentacion",
    "reference": "reference references source citation referencia referencias fuente cita bibliografia",
    "title": "title name titulo nombre",
    "code": "code id itemid questionid no number codigo numero num",
    "kind": "kind type questiontype itemtype tipo tipodepregunta",
    "marking": "marking markingrule partmarks calificacion puntuacion",
}
COLUMN_OF = {name: column for column, names in NAMES.items() for name in names.split()}
# What is said about an item; the rest is the item itself.
TAGS = (
    "area", "term", "levels", "tracks", "responsibility_codes", "competency", "cognitive_level", "slot", "rationale",
    "reference", "marking", "vignette_set",
)  # fmt: skip
REFERENCE = "Reference: "
MARKING_NAMES = {
    MarkingRule.ALL_OR_NOTHING: "all or nothing",
    MarkingRule.PARTIAL: "part marks",
    MarkingRule.PARTIAL_WITH_PENALTY: "part marks with penalty",
}


# What a cell may call each kind. Whatever else it says, the question is one with options and a key.
KIND_WORDS = {
    ItemKind.MULTIPLE_RESPONSE: "multipleresponse multipleanswer multipleanswers multiselect severalrightanswers "
    "respuestamultiple",
    ItemKind.TRUE_FALSE: "truefalse trueorfalse tf verdaderofalso verdaderoofalso vf",
    ItemKind.MATCHING: "matching match relacionar emparejamiento",
    ItemKind.SHORT_TEXT: "shortanswer shorttext typed fillin respuestacorta",
    ItemKind.ESSAY: "essay vignette openended constructedresponse ensayo",
}
KIND_OF_WORD = {word: kind for kind, words in KIND_WORDS.items() for word in words.split()}


def squeezed(heading: str) -> str:
    """Letters and digits only, without accents."""
    return "".join(char for char in unicodedata.normalize("NFD", heading.casefold()) if char.isalnum())


def by_name(*rules: MarkingRule) -> dict[str, MarkingRule]:
    return {squeezed(name): rule for rule in rules for name in (MARKING_NAMES[rule], rule.value)}


# Kind -> how its items may be marked, by the names that files give; other kinds leave no choice.
WAYS_OF_MARKING = {
    ItemKind.MULTIPLE_RESPONSE: by_name(*MarkingRule),
    ItemKind.MATCHING: by_name(MarkingRule.PARTIAL, MarkingRule.ALL_OR_NOTHING),
}


def column_named(heading: str) -> str | None:
    """What a heading stands for, however it is written."""
    return COLUMN_OF.get(squeezed(heading))


def tags_of(value: Mapping[str, str], others: Mapping[str, str]) -> dict[str, str]:
    """Tags from what is known by name; everything else becomes a note."""
    tags = {name: value[name] for name in TAGS if value.get(name)}
    note = "\n".join(f"{heading}: {text}" for heading, text in others.items() if text)
    return {**tags, "note": note} if note else tags


def tags_from_labels(labels: Iterable[str], explanation: str = "") -> dict[str, str]:
    """Tags from labels such as "level: 4" and from the explanation of the key."""
    rationale, reference = split_explanation(explanation)
    value, plain = {"rationale": rationale, "reference": reference}, list[str]()
    for label in labels:
        heading, found, text = label.partition(":")
        column = column_named(heading) if found else None
        if column in TAGS:
            value[column] = text.strip()
        elif label.strip():
            plain.append(label.strip())
    return tags_of(value, {"Tags": ", ".join(plain)})


def explanation_of(rationale: str, reference: str) -> str:
    """Rationale and reference as the one text that other programs show after the answer."""
    return "\n".join(part for part in (rationale, REFERENCE + reference if reference else "") if part)


def split_explanation(text: str) -> tuple[str, str]:
    if text.startswith(REFERENCE):
        return "", text.removeprefix(REFERENCE).strip()
    rationale, _found, reference = text.partition("\n" + REFERENCE)
    return rationale.strip(), reference.strip()
