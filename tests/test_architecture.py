"""The doors of docs/architecture.md, executed: who may import whom, and how large things may grow."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent
FEATURES = (
    "accounts", "authoring", "endorsements", "registration", "delivery", "proctoring", "scoring", "reporting", "admin",
    "demo",
)  # fmt: skip
WEB = ("flask", "flask_babel", "flask_limiter", "flask_login", "flask_wtf", "werkzeug", "wtforms")


@dataclass(frozen=True)
class Module:
    """One file of the product, read as a syntax tree."""

    path: Path

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def feature(self) -> str:
        return feature_of(self.name)

    @property
    def layer(self) -> str:
        return layer_of(self.name)

    @property
    def is_rules(self) -> bool:
        """Rules and tables: all of the bank, and of a feature everything but its forms, views and commands."""
        if self.feature:
            return self.layer not in ("forms", "views", "commands")
        return within(self.name, "question_bank")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        return list(ast.walk(ast.parse(self.path.read_text(), str(self.path))))

    @property
    def functions(self) -> list[ast.FunctionDef]:
        return [node for node in self.nodes if isinstance(node, ast.FunctionDef)]

    @property
    def imports(self) -> set[str]:
        return set(imports_among(self.nodes))

    @property
    def attributes(self) -> set[str]:
        """Every name used after a dot."""
        return {node.attr for node in self.nodes if isinstance(node, ast.Attribute)}

    @property
    def names(self) -> set[str]:
        """Every name used: plain, after a dot, or imported."""
        plain = {node.id for node in self.nodes if isinstance(node, ast.Name)}
        return plain | self.attributes | {name.rpartition(".")[2] for name in self.imports}


def imports_among(nodes: list[ast.AST]) -> Iterator[str]:
    """Every module imported, and every name from it, so that `from examapp import scoring` counts too."""
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def feature_of(name: str) -> str:
    """The feature a module of examapp belongs to; empty outside the features."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[0] == "examapp" and parts[1] in FEATURES else ""


def layer_of(name: str) -> str:
    """The file of a feature, or the folder when a layer has become a folder of nouns."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else ""


def lines(node: ast.FunctionDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def is_handler(function: ast.FunctionDef) -> bool:
    """Whether a route decorator stands on it: `@bp.get(…)`, `@bp.post(…)`, `@bp.route(…)`."""
    calls = [decorator.func for decorator in function.decorator_list if isinstance(decorator, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr in ("get", "post", "route") for call in calls)


PRODUCT = [
    Module(path)
    for path in sorted([*ROOT.glob("examapp/**/*.py"), *ROOT.glob("question_bank/**/*.py"), ROOT / "wsgi.py"])
]
RULES = [module for module in PRODUCT if module.is_rules]


def test_every_feature_of_the_order_exists() -> None:
    assert {module.feature for module in PRODUCT} == {"", *FEATURES}


def test_the_question_bank_knows_neither_the_web_nor_the_application() -> None:
    bank = [module for module in PRODUCT if within(module.name, "question_bank")]
    assert bank
    assert not [(module.name, name) for module in bank for name in module.imports if within(name, "examapp", *WEB)]


def test_a_feature_imports_only_features_to_its_left() -> None:
    assert not [
        f"{module.name} imports {name}"
        for module in PRODUCT
        for name in module.imports
        if module.feature and feature_of(name) and FEATURES.index(feature_of(name)) > FEATURES.index(module.feature)
    ]


def test_layers_look_down_only() -> None:
    above = {"models": {"services", "forms", "views"}, "forms": {"views"}, "views": set()}
    assert not [
        f"{module.name} imports {name}"
        for module in PRODUCT
        for name in module.imports
        if module.feature and feature_of(name) and layer_of(name) in above.get(module.layer, {"forms", "views"})
    ]


def test_rules_and_tables_know_no_request() -> None:
    exception = ("examapp.accounts.models", "flask_login.UserMixin")
    web = {(module.name, name) for module in RULES for name in module.imports if within(name, *WEB)}
    assert web <= {exception}


def test_rules_are_told_the_time() -> None:
    asks = {"now", "utcnow", "today"}
    assert not [(module.name, name) for module in RULES for name in module.attributes & asks]
    assert not [module.name for module in RULES if "examapp.clock.now" in module.imports]


def test_rules_flush_and_never_commit() -> None:
    assert not [(module.name, name) for module in RULES for name in module.attributes & {"commit", "rollback"}]


def test_imports_stand_at_the_top_of_the_file() -> None:
    assert not [
        f"{module.name}.{function.name} imports {name}"
        for module in PRODUCT
        for function in module.functions
        for name in imports_among(list(ast.walk(function)))
    ]


def test_only_the_release_of_scores_writes_the_written_examination_record() -> None:
    callers = {module.name for module in PRODUCT if "write_written_examination_record" in module.names}
    assert not [name for name in callers if not within(name, "examapp.scoring")]


def test_handlers_stay_within_twenty_five_lines() -> None:
    handlers = [(module.name, function) for module in PRODUCT for function in module.functions if is_handler(function)]
    assert handlers
    assert not [(name, handler.name, lines(handler)) for name, handler in handlers if lines(handler) > 25]


def test_functions_stay_within_forty_lines() -> None:
    functions = [(module.name, function) for module in PRODUCT for function in module.functions]
    assert not [(name, function.name, lines(function)) for name, function in functions if lines(function) > 40]


def test_files_stay_within_four_hundred_lines() -> None:
    sizes = {str(path.relative_to(ROOT)): path.read_text().count("\n") for path in own_files()}
    assert not {name: size for name, size in sizes.items() if size > 400}


def own_files() -> Iterator[Path]:
    """What people write by hand: neither vendored nor generated."""
    yield from (module.path for module in PRODUCT)
    yield from ROOT.glob("tests/**/*.py")
    for pattern in ("templates/**/*.html", "static/js/**/*.js"):
        yield from ROOT.glob(f"examapp/{pattern}")
