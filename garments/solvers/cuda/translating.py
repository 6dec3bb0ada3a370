"""The solver's own loops as kernels for a graphics card: one thread for each round of a function's outer loop.

A kernel of this room is a plain loop over vertices, faces or pairs. What such a function does is parted here (its
syntax tree; numba's own compilers make the machine code): what stands before, between and after its outermost loops is
done by the host, on arrays of the card; each outermost loop becomes the work of one lane, called for every round at
once. Sums over rounds are kept by round and added afterwards; what several rounds add to is added to atomically; rows
that a loop collects one after another are written where the round stands and picked out at last. So whatever is changed
in a kernel is changed for the card, too.

What a lane may not do: read what another round wrote, or leave the loop. Functions that do are not for the card.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

TOOLS = "_cuda"
"""What lanes know numba.cuda by: to add to a place that others add to, and for scratch of their own."""

SINGLE = {"np.sqrt": "_sqrt", "np.floor": "_floor"}
"""Functions of numpy and what they are called in lanes."""


@dataclass(frozen=True, slots=True)
class Parted:
    """A function's host part and its lanes, as source by name; the names of the lanes in order."""

    host: ast.FunctionDef
    lanes: tuple[ast.FunctionDef, ...]


def plain(function: Callable[..., Any]) -> ast.FunctionDef:
    """A function's syntax tree, with `math` instead of numpy for single numbers, which is all that lanes know."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    return _Single().visit(tree)


def parted(function: Callable[..., Any]) -> Parted:
    """What the host and what the lanes do of a function. Raises ValueError where an outer loop is no range."""
    return _Parting(plain(function)).parted()


class _Parting:
    """One function on its way."""

    def __init__(self, tree: ast.FunctionDef) -> None:
        self.tree = tree
        self.known = {argument.arg for argument in tree.args.args}
        self.scratch: dict[str, tuple[ast.expr, ast.expr | None]] = {}
        self.masks: dict[str, str] = {}
        self.lanes: list[ast.FunctionDef] = []

    def parted(self) -> Parted:
        body: list[ast.stmt] = []
        for statement in self.tree.body:
            body += self._loop(statement) if isinstance(statement, ast.For) else self._outside(statement)
        names = [ast.arg("_card"), *self.tree.args.args]
        host = _function(self.tree.name, names, body or [ast.Pass()])
        return Parted(host, tuple(self.lanes))

    def _outside(self, statement: ast.stmt) -> list[ast.stmt]:
        """What the host does; scratch of fixed size is left to the lanes."""
        kept: list[ast.stmt] = []
        for each in _single(statement):
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                room = _fixed_room(each.value)
                if room is not None:
                    self.scratch[each.targets[0].id] = room
                    continue
            if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
                continue
            if isinstance(each, ast.Return) and each.value is not None:
                each = ast.Return(_Picked(self.masks).visit(each.value))
            self.known |= _stored(each)
            kept.append(_Host().visit(each))
        return kept

    def _loop(self, loop: ast.For) -> list[ast.stmt]:
        """The call of a lane for every round of a loop."""
        if not (isinstance(loop.target, ast.Name) and isinstance(loop.iter, ast.Call) and len(loop.iter.args) == 1):
            raise ValueError(f"the loop in line {loop.lineno} of {self.tree.name} is not over one range")
        number, inside = loop.target.id, ast.Module(loop.body, [])
        grown = {
            each.target.id for each in ast.walk(inside)
            if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name) and each.target.id in self.known
        }  # fmt: skip
        indices = {
            name.id for each in ast.walk(inside) if isinstance(each, ast.Subscript)
            for name in ast.walk(each.slice) if isinstance(name, ast.Name)
        }  # fmt: skip
        own, collects = _stored(inside) | {number}, sorted(grown & indices)
        sums = sorted(grown - indices - _plainly_stored(inside))
        given = sorted((_loaded(inside) & self.known) - own - set(self.scratch))
        mask = f"_mask{len(self.lanes)}" if collects else None
        for name in collects:
            self.masks[name] = str(mask)
        lane = f"_lane{len(self.lanes)}"
        sure = _Lane(number, set(self.scratch), sums, collects, mask, given).body(loop.body)
        start: list[ast.stmt] = [
            _assign(name, ast.Call(_parse(f"{TOOLS}.local.array"), [room, kind or _parse("np.float64")], []))
            for name, (room, kind) in self.scratch.items() if name in _loaded(inside) | _stored(inside)
        ]  # fmt: skip
        start += [_assign(name, ast.Constant(0.0)) for name in sums] + [
            _assign(each, _name(number)) for each in collects
        ]
        arguments = given + ([mask] if mask else [])
        self.lanes.append(
            _function(lane, [ast.arg(name) for name in (number, *arguments)], [*start, *sure, _ending(sums)])
        )
        rounds = _Host().visit(loop.iter.args[0])
        before = [_assign(mask, _parse("_card.flags(0)"))] if mask else []
        if mask:
            before[0].value.args[0] = rounds  # type: ignore[attr-defined]
        values = ast.Tuple([_name(each) for each in arguments], ast.Load())
        call = ast.Call(_parse("_card.run"), [_name(lane), rounds, values, ast.Constant(len(sums))], [])
        if not sums:
            return [*before, ast.Expr(call)]
        found = _assign("_sums", call)
        return [*before, found, *(_parse_statement(f"{name} = {name} + _sums[{k}]") for k, name in enumerate(sums))]


class _Lane(ast.NodeTransformer):
    """A loop's body as one lane does it."""

    def __init__(
        self, number: str, scratch: set[str], sums: list[str], collects: list[str], mask: str | None, given: list[str]
    ) -> None:
        self.number, self.sums, self.collects, self.mask = number, sums, set(collects), mask
        self.shared, self.depth = set(given) - scratch, 0

    def body(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        out: list[ast.stmt] = []
        for statement in statements:
            out += _as_list(self.visit(statement))
        return out

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._deeper(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._deeper(node)

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return node if self.depth else _ending(self.sums)

    def visit_Break(self, node: ast.Break) -> ast.AST:
        if not self.depth:
            raise ValueError("a loop that is left before its end is not for lanes")
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        for target in node.targets:
            names = target.elts if isinstance(target, ast.Tuple) else [target]
            values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(names)
            for name, value in zip(names, values, strict=False):
                if isinstance(name, ast.Name) and isinstance(value, ast.Subscript) and _root(value) in self.shared:
                    self.shared.add(name.id)  # A row of what all share.
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        node.value = self.visit(node.value)
        if isinstance(node.target, ast.Name):
            if node.target.id in self.collects:
                return _parse_statement(f"{self.mask}[{self.number}] = True")
            return node
        assert isinstance(node.target, ast.Subscript)
        if _root(node.target) not in self.shared or self._mine(node.target):
            return node
        if not isinstance(node.op, ast.Add | ast.Sub):
            raise ValueError("lanes can add to what they share, and nothing else")
        value = node.value if isinstance(node.op, ast.Add) else ast.UnaryOp(ast.USub(), node.value)
        return ast.Expr(
            ast.Call(_parse(f"{TOOLS}.atomic.add"), [_loading(node.target.value), node.target.slice, value], [])
        )

    def _mine(self, target: ast.Subscript) -> bool:
        """Whether no other lane can add to this place: it is in this lane's own row."""
        first = target.slice.elts[0] if isinstance(target.slice, ast.Tuple) else target.slice
        return isinstance(target.value, ast.Name) and isinstance(first, ast.Name) and first.id == self.number

    def _deeper(self, node: Any) -> ast.AST:
        self.depth += 1
        node = self.generic_visit(node)
        self.depth -= 1
        return node


class _Host(ast.NodeTransformer):
    """Host statements: arrays are the card's, functions of the room are called on it."""

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return _parse("_card.xp") if node.id == "np" else node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id not in ("len", "range", "float", "int", "min", "max"):
            return ast.Call(_parse("_card.call"), [node.func, *node.args], node.keywords)
        return node


class _Single(ast.NodeTransformer):
    """Functions of single numbers by another name."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return _name(SINGLE[ast.unparse(node)]) if ast.unparse(node) in SINGLE else self.generic_visit(node)


class _Picked(ast.NodeTransformer):
    """Rows that were collected, in what a function returns."""

    def __init__(self, masks: dict[str, str]) -> None:
        self.masks = masks

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        upper = node.slice.upper if isinstance(node.slice, ast.Slice) else None
        if isinstance(upper, ast.Name) and upper.id in self.masks:
            return ast.Subscript(node.value, _name(self.masks[upper.id]), ast.Load())
        return node


def _single(statement: ast.stmt) -> list[ast.stmt]:
    """Assignments of several names as one each, where their values are given one by one."""
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return [statement]
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Tuple) or not isinstance(value, ast.Tuple):
        return [statement]
    return [ast.Assign([one], each) for one, each in zip(target.elts, value.elts, strict=True)]


def _fixed_room(value: ast.expr) -> tuple[ast.expr, ast.expr | None] | None:
    """Shape and kind of an array of fixed size that is made here."""
    if not (isinstance(value, ast.Call) and ast.unparse(value.func) in ("np.empty", "np.zeros")):
        return None
    fixed = all(isinstance(each, ast.Constant | ast.Tuple | ast.Load) for each in ast.walk(value.args[0]))
    return (value.args[0], value.args[1] if len(value.args) > 1 else None) if fixed else None


def _stored(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}


def _plainly_stored(tree: ast.AST) -> set[str]:
    """Names that are set, not only added to."""
    targets = [target for each in ast.walk(tree) if isinstance(each, ast.Assign) for target in each.targets]
    return {name for target in targets for name in _stored(target)}


def _loaded(tree: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Subscript):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _ending(sums: list[str]) -> ast.stmt:
    return ast.Return(ast.Tuple([_name(each) for each in sums], ast.Load()) if sums else None)


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _loading(node: ast.expr) -> ast.expr:
    node.ctx = ast.Load()  # type: ignore[attr-defined]
    return node


def _assign(name: str, value: ast.expr) -> ast.Assign:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def _parse(text: str) -> Any:
    return ast.parse(text, mode="eval").body


def _parse_statement(text: str) -> ast.stmt:
    return ast.parse(text).body[0]


def _as_list(found: Any) -> list[ast.stmt]:
    return found if isinstance(found, list) else [found]


def _function(name: str, arguments: list[ast.arg], body: list[ast.stmt]) -> ast.FunctionDef:
    given = ast.arguments(posonlyargs=[], args=arguments, kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.fix_missing_locations(ast.FunctionDef(name, given, body, [], lineno=1))
