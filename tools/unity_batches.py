#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sorts the source files of each module into batches that are compiled as one file each: where every header is read once for a
batch and not once for a file, a build takes little more than half the time.

unity_batches.py FOLDER SOURCES    SOURCES: the folder with a folder for each module

Writes FOLDER/NAME/batch_N.cc for what module NAME is made of and FOLDER/NAME_test/batch_N.cc for its tests, each only when it
changed, and FOLDER/batches.cmake, which says so to CMake. What two files call the same in an anonymous namespace (functions, types,
constants, enumerators, macros besides) would meet in a batch, so such files come into different ones; so do a file that has its own
and one whose headers give that name to all.
"""
import pathlib
import re
import sys

# Of source text in a batch, so that two processors share what there is.
BATCH_BYTES = 48 * 1024
TOKEN = re.compile(r"""
    //[^\n]* | /\*.*?\*/                                            # comments
  | R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"                            # raw strings
  | "(?:\\.|[^"\\\n])*" | (?<![\w])'(?:\\.|[^'\\\n])+'              # strings, characters
  | \#[ ]*define[ ]+(?P<macro>\w+)(?:\\\n|[^\n])*                   # macros
  | \#(?:\\\n|[^\n])*                                               # other directives
  | [A-Za-z_]\w* | ::|\[\[|\]\]|->|&&|[^\s\w]                       # what counts
""", re.VERBOSE | re.DOTALL)
INCLUDE = re.compile(r'^#include "([^"]+)"', re.MULTILINE)
# What declares the same as a header of the kernel.
APART = re.compile(r"^#include <pcap/", re.MULTILINE)
# Modules of large templates (Boost.Asio, CLI11): clang takes time by the square of how many functions a file has, when it counts
# which of them ran.
ALONE = {"app", "http"}
OF_NO_LIBRARY = re.compile(r"_(test|bench|fuzz)\.cc$|^main\.cc$")
KEYWORDS = set("""alignas alignof auto bool break case catch char class const constexpr constinit consteval continue decltype default
    delete do double else enum explicit extern false float for friend goto if inline int long mutable namespace noexcept nullptr
    operator private protected public requires return short signed sizeof static static_assert struct switch template this throw
    true try typedef typename union unsigned using virtual void volatile while concept final override""".split())
NO_NAME_AFTER = {"namespace", "::", ".", "->", ":", ",", "public", "private", "protected", "virtual"}
OF_TYPES = {"struct", "class", "enum", "union", "concept"}


def tokens_of(text):
    """The words and signs of a file, and the names of its macros."""
    tokens, macros = [], set()
    for found in TOKEN.finditer(text):
        word = found[0]
        if found["macro"]:
            macros.add(found["macro"])
        elif word[0] not in "\"'#" and not word.startswith(("//", "/*", 'R"')):
            tokens.append(word)
    return tokens, macros


class Declarations:
    """What a file declares outside of types and functions: `own`, in anonymous namespaces or static, `shared`, all else, and `used`,
    names of other namespaces."""

    def __init__(self, tokens):
        self.own, self.shared, self.used = set(), set(), set()
        self.scopes = []  # "a" for an anonymous namespace, "n" for a named one, "e" for an enum without class, "-" for all else
        self.statement = []
        parentheses = 0
        for i, word in enumerate(tokens):
            parentheses += (word == "(") - (word == ")")
            if word == "{":
                self.scopes.append(self.scope())
            elif word == "}" and self.scopes:
                self.scopes.pop()
            elif parentheses == 0 and self.is_name(word, tokens[i - 1] if i else "", tokens[i + 1] if i + 1 < len(tokens) else ""):
                self.kind(tokens[i - 1]).add(word)
            if word in "{}" or (word == ";" and parentheses == 0):
                self.statement = []
            else:
                self.statement.append(word)

    def kind(self, before):
        if before == "::":
            return self.used
        return self.own if "a" in self.scopes or "static" in self.statement else self.shared

    def scope(self):
        """What a brace opens here."""
        words = [word for word in self.statement if word not in ("inline", "static")]
        if words[:1] == ["namespace"]:
            return "a" if len(words) == 1 else "n"
        return "e" if words[:1] == ["enum"] and words[1:2] not in (["class"], ["struct"]) else "-"

    def is_name(self, word, before, after):
        if not (word[0].isalpha() or word[0] == "_") or word in KEYWORDS:
            return False
        if self.scopes[-1:] == ["e"] and set(self.scopes[:-1]) <= {"a", "n"}:
            return before in ("{", ",")
        if not set(self.scopes) <= {"a", "n"} or not self.statement or "=" in self.statement:
            return False
        if self.statement[0] == "using" and before == "::":
            return after == ";" and self.statement[1] != "namespace"
        return before in OF_TYPES or (before not in NO_NAME_AFTER and after in ("(", "{", "[", "=", ";"))


class Names:
    """What files are called by: names of a file's own, and those that the headers it includes give to all."""

    def __init__(self, root):
        self.root = root
        self.given_by = {}

    def given(self, text):
        """The names in the headers that the text includes, and in the headers of those."""
        names = set()
        for include in INCLUDE.findall(text):
            if include not in self.given_by:
                self.given_by[include] = set()
                header = self.root / include
                if header.exists():
                    found = header.read_text()
                    self.given_by[include] = Declarations(tokens_of(found)[0]).shared | self.given(found)
            names |= self.given_by[include]
        return names

    def of(self, text):
        """(its own, taken from elsewhere, given) of a file to compile."""
        tokens, macros = tokens_of(text)
        found = Declarations(tokens)
        return found.own | macros, found.used, self.given(text)


class Batch:
    def __init__(self):
        self.files = []
        self.size = 0
        self.own, self.used, self.given = set(), set(), set()

    def takes(self, size, own, used, given):
        meets = own & (self.own | self.used | self.given) or self.own & (used | given)
        return self.size + size <= BATCH_BYTES and not meets

    def add(self, path, size, own, used, given):
        self.files.append(path)
        self.size += size
        self.own |= own
        self.used |= used
        self.given |= given


def batches_of(files, names):
    """Lists of files, in their order: each file comes into the first batch that has room and no use for its names."""
    batches = []
    for path in files:
        text = path.read_text()
        size = BATCH_BYTES if APART.search(text) else len(text)
        found = names.of(text)
        fitting = next((batch for batch in batches if batch.takes(size, *found)), None)
        if not fitting:
            fitting = Batch()
            batches.append(fitting)
        fitting.add(path, size, *found)
    return [batch.files for batch in batches]


def write_batches(folder, files, names):
    """The names of the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for number, batch in enumerate(batches_of(files, names)):
        path = folder / f"batch_{number}.cc"
        text = "".join(f'#include "{file}"\n' for file in batch)
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        written.append(path)
    return written


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, root = (pathlib.Path(name).absolute() for name in sys.argv[1:])
    names = Names(root)
    lists = []
    for module in sorted(path for path in root.iterdir() if path.is_dir()):
        files = sorted(path for path in module.glob("*.cc") if not OF_NO_LIBRARY.search(path.name))
        if module.name in ALONE:
            files = []
        for name, part in ((module.name, files), (f"{module.name}_test", sorted(module.glob("*_test.cc")))):
            written = write_batches(folder / name, part, names)
            lists.append(f"set(WEIR_BATCHES_{name} {' '.join(str(path) for path in written)})\n")
    (folder / "batches.cmake").write_text("".join(lists))


if __name__ == "__main__":
    main()
