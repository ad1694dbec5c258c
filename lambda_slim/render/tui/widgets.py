"""The parts of the screen: the tree with its keys, and what is laid over it."""

from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static, Tree

from lambda_slim.render.console import wrapped
from lambda_slim.render.tui.model import TreeItem

HELP = """\
↑ ↓          move
→ or Enter   open
← Backspace  close, or go to what it is in
s            sort: size, import time, name
u            unzipped or zipped bytes
t            bytes or imports in time order
f            next function
/            search; n finds the next
w            why is it here
x            exclude it from the package (asks first)
?            this help
q            quit"""


class Words(ModalScreen[None]):
    """Text over the screen, until any key."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        """The text."""
        yield VerticalScroll(Static(Text(self.text), id="words"), id="box")

    def on_key(self, event: events.Key) -> None:
        """Any key but those that scroll closes it."""
        if event.key not in ("up", "down", "pageup", "pagedown"):
            event.stop()
            self.dismiss()


class Details(Static):
    """What is known of a line, folded at the width of the pane: figures keep their units, and lines their indents."""

    text = ""

    def tell(self, text: str) -> None:
        """Shows another text."""
        self.text = text
        self.refresh(layout=True)

    def render(self) -> Text:
        """The text as it fits now."""
        return Text("\n".join(self._lines(self.content_size.width)))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002  (textual's)
        """Lines that the text takes."""
        return len(self._lines(width))

    def _lines(self, width: int) -> list[str]:
        lines: list[str] = []
        for line in self.text.splitlines():
            indent = line[: len(line) - len(line.lstrip())]
            lines += (wrapped(line, width, indent=indent) if width > len(indent) else [line]) or [""]
        return lines


class Question(ModalScreen[bool]):
    """Text over the screen, until it is answered with y or n."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "yes"),
        Binding("n,escape,q", "answer(False)", "no"),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        """The text and its answers."""
        yield VerticalScroll(Static(Text(f"{self.text}\n\ny  yes     n  no"), id="words"), id="box")

    def action_answer(self, answer: bool) -> None:
        """Closes with the answer."""
        self.dismiss(answer)


class SizeTree(Tree[TreeItem]):
    """The tree, with keys that open and close as in ncdu."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "open", "open"),
        Binding("left,backspace", "close", "close"),
    ]

    def action_open(self) -> None:
        """Opens what is selected, or goes to the first thing in it."""
        node = self.cursor_node
        if node is None or not node.allow_expand:
            return
        if node.is_expanded:
            self.action_cursor_down()
        else:
            node.expand()

    def action_close(self) -> None:
        """Closes what is selected, or goes to what it is in."""
        node = self.cursor_node
        if node is None:
            return
        if node.is_expanded and not node.is_root:
            node.collapse()
        elif node.parent:
            self.move_cursor(node.parent)
