"""Files stay small, functions stay short; complexity is ruff's C901."""

import ast

from tests.house.sources import name, python_files, tracked

FILE_LINES = 500
FUNCTION_LINES = 60


def test_files_are_short() -> None:
    sources = [
        *python_files("src", "tests", "bench", "tools"),
        *tracked("src/**/*.sql", "src/**/*.html", "src/**/*.typ"),
    ]
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert not {path: length for path, length in lengths.items() if length > FILE_LINES}


def test_functions_are_short() -> None:
    found = []
    for path in python_files("src", "tests", "bench", "tools"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{name(path)}:{node.lineno} {node.name}: {length} lines")
    assert not found


def test_public_functions_say_what_they_do() -> None:
    found = []
    for path in python_files("src"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if "migrations" in path.parts or path.name == "__init__.py":
            continue
        if ast.get_docstring(tree) is None:
            found.append(name(path))
        public = [
            node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
        ]
        found += [f"{name(path)}:{node.lineno} {node.name}" for node in public if ast.get_docstring(node) is None]
    assert not found
