"""A generated program as a tree of lines, and its two renderings.

Programs are written as C text with a few marks. A line that ends with "{" opens a block, "}"
closes it, "} else {" goes on with another one; every other line is one statement.

    @p  @{p->q}     a pointer that is dereferenced right here
    ^p  ^{p->q}     a pointer to a function that is called right here
    ?p  ?{p->q}     a pointer that is tested for null
    ~{f(a)}         a call that comes back with a value; ~~{f(a)} one without
    $name           a name of this program
    PDATA           before a variable that lives as long as the program
    #idiom          at the end of a line: what it was made as, for lists of disagreements

`plain` is what the analyzer reads; the marks are gone. `traced` is what is run: the same
lines in the same order, where each mark became a macro of trace.inc that knows its line.
"""
import re

HEADER = "program.h"
# What the world outside does is known to be nothing more than this; trace.inc has its own.
WORLD = ["extern volatile int outside;", "int input(void) {", "    return outside;", "}", "int decide(void) {",
         "    return outside & 1;", "}", "void note(int what) {", "    outside = what;", "}"]
MARKED = re.compile(r"[@?^]\{|[@?^][A-Za-z_$][A-Za-z_0-9$]*|~~?\{|\$|PDATA ")
LOOP = re.compile(r"^(?:for|while|do)\b")
BRANCH = re.compile(r"^((?:\} else )?if \(|while \(|for \([^;]*; )(.*?)((?:;[^;]*)?\) \{)$")
RESULT = re.compile(r"^(?!(?:static )?void \$).*\(")  # the head of a function with a result
UNSET = re.compile(r"^((?:const )?(?:struct \S+|char|void) \*\w+);$")


class Node:
    """A statement, or a chain of blocks: [(header, nodes), ...] and what ends the last."""
    __slots__ = ("text", "parts", "end", "same", "idiom")
    made = 0

    def __init__(self, text=None, parts=None, end="}", same=None, idiom=""):
        self.text, self.parts, self.end, self.idiom = text, parts, end, idiom
        Node.made += 1
        self.same = Node.made if same is None else same  # what copies have in common

    def copy(self):
        if self.parts is None:
            return Node(self.text, same=self.same, idiom=self.idiom)
        parts = [(head, [n.copy() for n in kids]) for head, kids in self.parts]
        return Node(None, parts, self.end, self.same, self.idiom)


class Program:
    """`units`: a list of lists of nodes at file level; `header`: lines all units share."""

    def __init__(self, seed, header, units):
        self.seed, self.header, self.units = seed, header, units

    def copy(self):
        return Program(self.seed, list(self.header), [[n.copy() for n in u] for u in self.units])


def parse(lines):
    """Nodes from lines of text."""
    root = Node(None, [("", [])])
    stack = [root]
    for line in lines:
        line, _, idiom = line.strip().partition(" #")
        if not line:
            continue
        if line.startswith("}"):
            top = stack[-1]
            if line.endswith("{"):
                top.parts.append((line, []))
                continue
            top.end = line
            stack.pop()
            continue
        node = Node(line, idiom=idiom)
        stack[-1].parts[-1][1].append(node)
        if line.endswith("{"):
            node.text, node.parts = None, [(line, [])]
            stack.append(node)
    if len(stack) != 1:
        raise ValueError("unbalanced braces: " + "\n".join(lines))
    return root.parts[0][1]


def tagged(lines, idiom):
    return [line if " #" in line or line.startswith("}") else "%s #%s" % (line, idiom) for line in lines]


def closing(text, at):
    """Where the brace that opened just before `at` is closed."""
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
    return at - 1


def marked(text, prefix, site):
    """The text with its marks replaced. site None: plain."""
    out, at = [], 0
    while True:
        found = MARKED.search(text, at)
        if not found:
            return "".join(out) + text[at:]
        out.append(text[at:found.start()])
        mark, at = found.group(), found.end()
        if mark == "$":
            out.append(prefix)
        elif mark == "PDATA ":
            if site is not None:
                out.append('__attribute__((section("data_%s"))) ' % prefix)
        else:
            if mark.endswith("{"):
                end = closing(text, at)
                inner, at = text[at:end], end + 1
            else:
                inner = mark[1:]
            inner = marked(inner, prefix, site)
            word = {"@": "AT", "^": "FUNCTION", "?": "TEST", "~": "CALL"}[mark[0]]
            if mark.startswith("~~"):
                word = "RUN"
            out.append(inner if site is None else "%s(%d, %s)" % (word, site, inner))


class Writer:
    def __init__(self, prefix, unit):
        self.prefix, self.unit = prefix, unit
        self.lines, self.nodes, self.number = [], {}, 0

    def site(self, ahead):
        return None if self.unit is None else self.unit * 10000 + self.number + ahead

    def line(self, depth, text, node=None, more=""):
        site = self.site(1)
        self.number += 1
        if site is not None and depth > 0:
            text = UNSET.sub(r"\1 = (void *)UNSET;", text)
        if site is not None and "PDATA " in text and "=" not in text:
            text = text.replace(";", " = {0};")  # or it may come to lie outside the section
        if site is not None:
            text = BRANCH.sub(r"\1BRANCH(%d, \2)\3" % site, text)
        self.lines.append("    " * depth + marked(text, self.prefix, site) + more)
        if node is not None:
            self.nodes[self.number] = node

    def write(self, nodes, depth):
        for node in nodes:
            if node.parts is None:
                label = node.text.endswith(":")
                self.line(depth - 1 if label else depth, node.text, node)
                continue
            for head, kids in node.parts:
                more = ""
                if self.unit is not None:
                    more = " ENTER(%d);" % self.site(1) if depth == 0 and "(" in head else " TICK;" if LOOP.match(head) else ""
                self.line(depth, head, node, more)
                self.write(kids, depth + 1)
            lost = depth == 0 and RESULT.match(node.parts[0][0]) and self.unit is not None
            self.line(depth, "LOST; }" if lost else node.end, node)


def unit_name(unit):
    return "%s.c" % "abcdefgh"[unit]


def plain(program, world=True):
    """{file name: text}, and {(unit, line): node}."""
    files = {HEADER: "\n".join(marked(line, "", None) for line in program.header) + "\n"}
    places = {}
    for unit, nodes in enumerate(program.units):
        writer = Writer("", None)
        writer.line(0, '#include "%s"' % HEADER)
        writer.write(nodes, 0)
        if unit == 0 and world:
            writer.lines += WORLD
        files[unit_name(unit)] = "\n".join(writer.lines) + "\n"
        for number, node in writer.nodes.items():
            places[unit, number] = node
    return files, places


def traced(program, prefix):
    """One text for all units, every name under the prefix."""
    lines = [marked(line, prefix, 0) for line in program.header]
    for unit, nodes in enumerate(program.units):
        writer = Writer(prefix, unit)
        writer.number = 1
        writer.write(nodes, 0)
        lines += writer.lines
    return "\n".join(lines) + "\n"


def reachable(program):
    """Drops the functions, and their prototypes, that main does not lead to."""
    heads = {}
    for nodes in program.units:
        for node in nodes:
            if node.parts and "(" in node.parts[0][0]:
                heads[re.search(r"(\$\w+)\(", node.parts[0][0]).group(1)] = node
    seen, open_ends = set(), ["$main"]
    while open_ends:
        name = open_ends.pop()
        if name in seen:
            continue
        seen.add(name)
        open_ends += [n for n in re.findall(r"\$\w+", text_of(heads[name])) if n in heads]
    for nodes in program.units:
        for node in nodes:
            if node.parts is None:
                seen.update(n for n in re.findall(r"\$\w+", node.text) if n in heads)
    gone = {name for name in heads if name not in seen}
    program.units = [[n for n in nodes if not any(heads[g] is n for g in gone)] for nodes in program.units]
    program.header = [line for line in program.header
                      if not (line.endswith(");") and set(re.findall(r"(\$\w+)\(", line)) & gone)]
    return program


def text_of(node):
    if node.parts is None:
        return node.text
    return "\n".join(head + "\n" + "\n".join(text_of(kid) for kid in kids) for head, kids in node.parts)


def functions(program):
    """{(unit, line): (unit, line of the head)} of every line inside a function."""
    inside = {}
    for unit, nodes in enumerate(program.units):
        writer = Writer("", None)
        writer.number = 1
        for node in nodes:
            first = writer.number + 1
            writer.write([node], 0)
            for number in range(first, writer.number + 1):
                inside[unit, number] = (unit, first)
    return inside


def listing(program):
    """For people: all files one after the other, with line numbers."""
    files, _ = plain(program)
    out = []
    for name, text in files.items():
        out.append("// %s" % name)
        out += ["%3d  %s" % (n, line) for n, line in enumerate(text.splitlines(), 1)]
    return "\n".join(out)
