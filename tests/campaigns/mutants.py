"""The changes that the mutation campaign makes to the rules: each in one place of one module's syntax tree."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RULES = ROOT / "models" / "rules"

SIGNS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitOr: (ast.BitAnd,),
    ast.BitAnd: (ast.BitOr,),
}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "sin": "cos", "cos": "sin"}
METHODS = {"lower": "upper", "upper": "lower", "strip": "lstrip", "partition": "rpartition", "endswith": "startswith"}
NOISE = {"annotation", "returns", "decorator_list", "bases", "ctx"}
"""Fields of the tree that say nothing of what a rule does."""

Enums = dict[str, list[str]]
Holder = dict[str, Any] | list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """One change: what stands in `holder` at `key` is `instead`, or is gone (None, in lists only). `around` is the
    smallest expression or statement that has a line of its own."""

    path: Path
    tree: ast.Module
    around: ast.expr | ast.stmt
    holder: Holder
    key: Any
    instead: ast.AST | None

    def make(self) -> None:
        """Change the tree."""
        if isinstance(self.holder, list):
            self.holder[self.key : self.key + 1] = [] if self.instead is None else [self.instead]
        else:
            self.holder[self.key] = self.instead

    def __str__(self) -> str:
        """Where, what stood there, what stands there now: of a statement its first line."""
        kept, before = self.holder.copy(), ast.unparse(self.around)
        whole = self.holder[self.key] is self.around
        self.make()
        after = ("" if self.instead is None else ast.unparse(self.instead)) if whole else ast.unparse(self.around)
        if isinstance(self.holder, list):
            self.holder[:] = kept
        else:
            self.holder.update(kept)
        was, is_now = (text.partition("\n")[0] or "nothing" for text in (before, after))
        return f"{self.path.relative_to(ROOT)}:{self.around.lineno}: {was}  ->  {is_now}"


def enums_of(tree: ast.Module) -> Enums:
    """The members of each vocabulary in a module."""
    return {
        each.name: [name.id for line in each.body if isinstance(line, ast.Assign) for name in line.targets]
        for each in tree.body
        if isinstance(each, ast.ClassDef) and any(ast.unparse(base) == "StrEnum" for base in each.bases)
    }


def mutants_of(path: Path, tree: ast.Module, enums: Enums) -> Iterator[Mutant]:
    """Every change to a module: signs, numbers, words, conditions, arguments left out, statements left out. None to
    docstrings, types, decorators, what an error says, and zip's check on ourselves (strict)."""

    def below(node: ast.AST, around: ast.expr | ast.stmt) -> Iterator[Mutant]:
        for field, value in ast.iter_fields(node):
            if field in NOISE:
                continue
            holder: Holder = value if isinstance(value, list) else vars(node)
            for key, child in list(enumerate(value)) if isinstance(value, list) else [(field, value)]:
                if not isinstance(child, ast.AST) or _is_noise(child):
                    continue
                for instead in _instead(child, node, field, enums):
                    yield Mutant(path, tree, _around(child, around), holder, key, instead)
                if not isinstance(child, ast.Raise):
                    yield from below(child, _around(child, around))

    yield from below(tree, ast.Pass(lineno=0))


def _is_noise(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.keyword("strict") | ast.AnnAssign(annotation=ast.Name("TypeAlias")):
            return True
    return False


def _around(node: ast.AST, otherwise: ast.expr | ast.stmt) -> ast.expr | ast.stmt:
    whole = isinstance(node, ast.expr | ast.stmt) and not isinstance(node, ast.Constant | ast.Name | ast.Attribute)
    return node if whole else otherwise


def _instead(node: ast.AST, parent: ast.AST, field: str, enums: Enums) -> Iterator[ast.AST | None]:
    """What may stand where a node stands; None that nothing does."""
    if field == "test" or (field == "ifs" and isinstance(parent, ast.comprehension)):
        yield from (ast.Constant(True), ast.Constant(False))
    if isinstance(parent, ast.Call) and (
        field == "keywords" or (field == "args" and len(parent.args) > 1 and node is parent.args[-1])
    ):
        yield None
    yield from (sign() for sign in SIGNS.get(type(node), ()))
    match node:
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.Constant(str(value)):
            yield ast.Constant(_other(value))
        case ast.UnaryOp(ast.Not() | ast.USub(), operand) | ast.Call(ast.Name("abs"), [operand]):
            yield operand
        case ast.Name(name) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Attribute(ast.Name(name), member) if member in enums.get(name, ()):
            members = enums[name]
            yield ast.Attribute(ast.Name(name, ast.Load()), members[members.index(member) - 1], ast.Load())
        case ast.Attribute(value, name) if name in METHODS:
            yield ast.Attribute(value, METHODS[name], ast.Load())
        case ast.Expr() | ast.AugAssign() | ast.Raise():
            yield ast.Pass()
        case ast.Break():
            yield ast.Continue()


def _other(text: str) -> str:
    """Another number where the text is one, else another word."""
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return f"{text}X"


def every_mutant(stems: Iterable[str]) -> list[Mutant]:
    """The mutants of the modules of the rules that are named, or of all."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in sorted(RULES.glob("*.py"))}
    everywhere = {name: members for tree in trees.values() for name, members in enums_of(tree).items()}
    wanted = set(stems) or {path.stem for path in trees}
    return [
        mutant
        for path, tree in trees.items()
        if path.stem in wanted
        for mutant in mutants_of(path, tree, everywhere | enums_of(tree))
    ]
