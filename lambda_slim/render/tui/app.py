"""The screen: a tree with bars beside the details of what is selected. Keys as in ncdu and dive."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Input, Static, Tree
from textual.widgets.tree import TreeNode

from lambda_slim.base.errors import SlimError
from lambda_slim.base.text import shown
from lambda_slim.base.units import show_size, show_time
from lambda_slim.model.report import FunctionReport, Report
from lambda_slim.render.tui.details import details, freed, title
from lambda_slim.render.tui.exclude import add_exclusions
from lambda_slim.render.tui.model import ORDERS, TIME_ORDERS, TreeItem, exclusion, find, size_tree, time_tree, why
from lambda_slim.render.tui.widgets import HELP, Details, Question, SizeTree, Words

_BAR = 12


class Explorer(App[None]):
    """One report; nothing is measured here, and nothing written but exclusions that were confirmed.

    Args:
        report: What to show.
        settings: The file that exclusions are added to; None where there is no project, as with a saved report.
    """

    ENABLE_COMMAND_PALETTE = False
    TITLE = "lambda-slim"
    CSS = """
    #title { height: 1; background: $panel; padding: 0 1; }
    #tree { width: 3fr; border: round $panel; }
    #pane { width: 2fr; border: round $panel; padding: 0 1; }
    #search { display: none; dock: bottom; }
    #search.shown { display: block; }
    Words, Question { align: center middle; }
    #box { width: 80%; height: auto; max-height: 80%; border: round $accent; background: $surface; padding: 1 2; }
    #words { width: 1fr; height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "sort", "sort"),
        Binding("u", "unit", "un/zipped"),
        Binding("t", "view", "time"),
        Binding("f", "function", "function"),
        Binding("slash", "search", "find"),
        Binding("n", "again", "next", show=False),
        Binding("w", "why", "why"),
        Binding("x", "exclude", "exclude"),
        Binding("question_mark", "help", "help"),
        Binding("q", "quit", "quit"),
    ]

    def __init__(self, report: Report, settings: Path | None = None) -> None:
        super().__init__()
        self.report = report
        self.settings = settings
        self.number = 0
        self.timed = False
        self.zipped = False
        self.order = 0
        self.wanted = ""
        self.gone: set[str] = set()
        self.top = size_tree(self.function)

    @property
    def function(self) -> FunctionReport:
        """The function that is shown."""
        return self.report.functions[self.number]

    @property
    def orders(self) -> list[str]:
        """What the tree can be sorted by."""
        if self.timed:
            return list(TIME_ORDERS)
        return ["zipped size" if self.zipped else "size", "import time", "name"]

    @property
    def selected(self) -> TreeItem:
        """What the cursor is on."""
        node = self.query_one(SizeTree).cursor_node
        return node.data if node and node.data else self.top

    def compose(self) -> ComposeResult:
        """Title, tree, details, search, keys."""
        yield Static(id="title")
        with Horizontal():
            yield SizeTree("", id="tree")
            with VerticalScroll(id="pane", can_focus=False):
                yield Details(id="details")
        yield Input(placeholder="part of a name or path", id="search")
        yield Footer()

    def on_mount(self) -> None:
        """Fills the tree."""
        self.query_one(SizeTree).guide_depth = 2
        self.refill()
        self.query_one(SizeTree).focus()

    def refill(self, select: str = "") -> None:
        """Builds the visible tree anew; branches are filled when they are opened."""
        tree = self.query_one(SizeTree)
        tree.clear()
        tree.root.data = self.top
        tree.root.set_label(self.label(self.top))
        self.fill(tree.root)
        tree.root.expand()
        selected = next((item for item in self.top.walk() if select and item.path == select), None)
        self.reveal(selected) if selected else tree.move_cursor(tree.root)
        self.tell(selected or self.top)
        self.retitle()

    def retitle(self) -> None:
        """What is shown, and sorted how."""
        order = self.orders[self.order % len(self.orders)]
        self.query_one("#title", Static).update(Text(f"{shown(title(self.function))}   by {order}", no_wrap=True))

    def fill(self, node: TreeNode[TreeItem]) -> None:
        """Puts the children of a branch below it, sorted."""
        item = node.data
        if item is None or node.children:
            return
        key = {**ORDERS, **TIME_ORDERS}[self.orders[self.order % len(self.orders)]]
        for child in sorted(item.children, key=key):
            node.add(self.label(child), child, allow_expand=bool(child.children))

    def label(self, item: TreeItem) -> Text:
        """Amount, bar, name, and time or fate."""
        amount, whole = self.amount(item), max(1, self.amount(self.top))
        full = round(_BAR * amount / whole)
        excluded = self.is_gone(item)
        text = Text("" if item.children else "  ", no_wrap=True)  # where a branch has its arrow
        text.append(f"{show_time(amount) if self.timed else show_size(amount):>10} ", "bold")
        text.append("█" * full + " " * (_BAR - full), "cyan")
        text.append(f" {shown(item.name)}", "strike dim" if excluded else "")
        for note, style in self.notes(item, excluded=excluded):
            text.append(f"  {note}", style)
        return text

    def notes(self, item: TreeItem, *, excluded: bool) -> Iterator[tuple[str, str]]:
        """What stands behind a name, each with its style."""
        if item.node and item.node.status == "failed":
            yield "failed", "yellow"
        if not self.timed and item.us >= 1000:
            yield show_time(item.us), "magenta"
        if excluded:
            yield "excluded", "dim"
        elif item.file and item.file.decision == "dropped":
            yield "left out", "dim"

    def is_gone(self, item: TreeItem) -> bool:
        """Whether it was excluded just now."""
        return any(item.path == path or item.path.startswith(f"{path}/") for path in self.gone) if item.path else False

    def amount(self, item: TreeItem) -> int:
        """What the bars show."""
        if self.timed:
            return item.us
        return item.zipped if self.zipped else item.bytes

    def reveal(self, item: TreeItem) -> None:
        """Opens what an item is in and moves the cursor to it."""
        tree = self.query_one(SizeTree)
        node = tree.root
        for step in [*item.above()[1:], item] if item is not self.top else []:
            self.fill(node)
            node.expand()
            node = next(child for child in node.children if child.data is step)
        self.call_after_refresh(tree.move_cursor, node)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[TreeItem]) -> None:
        """Fills a branch when it is opened."""
        self.fill(event.node)

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[TreeItem]) -> None:
        """Shows the details of what the cursor is on."""
        if event.node.data:
            self.tell(event.node.data)

    def tell(self, item: TreeItem) -> None:
        """Puts what is known of an item into the pane."""
        self.query_one(Details).tell(details(item, self.function, self.top))

    def action_sort(self) -> None:
        """The next order."""
        self.order += 1
        self.refill(self.selected.path)

    def action_unit(self) -> None:
        """Unzipped or zipped bytes."""
        self.zipped = not self.zipped
        if self.timed:
            self.notify("these are times; t shows bytes")
        else:
            self.refill(self.selected.path)

    def action_view(self) -> None:
        """Bytes or imports."""
        if not self.timed and not self.function.imports:
            self.notify("imports were not measured", severity="warning")
            return
        path = self.selected.path
        self.timed = not self.timed
        self.show_function(path)

    def show_function(self, select: str = "") -> None:
        """Makes the tree of the present function and view."""
        self.order = 0
        self.top = time_tree(self.function) if self.timed else size_tree(self.function)
        self.refill(select)

    def action_function(self) -> None:
        """The next function."""
        if len(self.report.functions) == 1:
            self.notify("there is one function")
            return
        self.number = (self.number + 1) % len(self.report.functions)
        self.timed = self.timed and self.function.imports is not None
        self.show_function()

    def action_search(self) -> None:
        """Asks for what to find."""
        field = self.query_one("#search", Input)
        field.add_class("shown")
        field.value = ""
        field.focus()

    def on_key(self, event: events.Key) -> None:
        """Escape leaves the search."""
        if event.key == "escape" and self.focused is self.query_one("#search", Input):
            self.close_search()

    def close_search(self) -> None:
        """Back to the tree."""
        self.query_one("#search", Input).remove_class("shown")
        self.query_one(SizeTree).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Goes to the first match."""
        self.wanted = event.value.strip()
        self.close_search()
        self.action_again()

    def action_again(self) -> None:
        """Goes to the match after the cursor, from the start again at the end."""
        matches = find(self.top, self.wanted) if self.wanted else []
        if not matches:
            self.notify(f"nothing has `{self.wanted}` in its name" if self.wanted else "press / to search")
            return
        places = {id(item): place for place, item in enumerate(self.top.walk())}
        here = places.get(id(self.selected), 0)
        self.reveal(next((item for item in matches if places[id(item)] > here), matches[0]))

    def action_why(self) -> None:
        """Why it is in the package."""
        self.push_screen(Words("\n".join(why(self.selected, self.function))))

    def action_help(self) -> None:
        """The keys."""
        self.push_screen(Words(HELP))

    def action_exclude(self) -> None:
        """Says what an exclusion frees, asks, and adds it to the settings."""
        item = self.selected
        if self.settings is None:
            self.notify("a saved report has no settings to change", severity="warning")
        elif self.timed or item.kind in ("all", "module", "call"):
            self.notify("choose a distribution, folder or file; t shows bytes", severity="warning")
        elif not item.kept[0]:
            self.notify("nothing of it ships: it is left out already")
        else:
            patterns = exclusion(item, self.top)
            self.push_screen(
                Question(freed(item, patterns, self.settings)), lambda yes: self.exclude(item, patterns, bool(yes))
            )

    def exclude(self, item: TreeItem, patterns: tuple[str, ...], yes: bool) -> None:
        """Writes the patterns where the answer was yes."""
        if not yes or self.settings is None:
            return
        try:
            add_exclusions(self.settings, patterns)
        except SlimError as error:
            self.notify(f"{error.message}: {error.cause}. {error.hint}", severity="error", timeout=20)
            return
        self.gone.update(leaf.path for leaf in item.walk() if leaf.file)
        self.gone.update({item.path} - {""})
        self.notify(f"added to {self.settings.name}; analyze again to see what follows from it")
        self.refill(item.path)


def run(report: Report, settings: Path | None) -> None:
    """Shows the report until the user quits."""
    Explorer(report, settings).run()
