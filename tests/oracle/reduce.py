"""Makes a program smaller while one disagreement stays what it is."""
import re

from compare import judge, report
from execute import MANY_RUNS, WIDE, execute
from program import plain, reachable


class Found(dict):
    forks = fixed = frozenset()  # branches that go both ways, and those that do not


def disagreements(program, sluice, key=None):
    """{(kind, rule, the node it is at, whether the line runs): a finding or a site}. With a
    key, nothing when it cannot be among them; nothing when the program is no good."""
    _, places = plain(program)
    try:
        findings = None
        if key and key[0] == "false":  # the analyzer is quicker than compiler and runs
            findings = report(program, sluice)
            at = {(f.rule, places[f.place].same) for f in findings if f.place in places}
            if key[1:3] not in at:
                return Found()
        truth = execute([program], *(WIDE + (MANY_RUNS,) if key and key[0] == "false" else ()))[program.seed]
        if not truth.whole:
            return Found()
        verdict = judge(program, truth, report(program, sluice) if findings is None else findings)
    except RuntimeError:
        return Found()
    found = Found()
    found.forks = {places[site].same for site, ways in truth.went.items() if ways == 3}
    found.fixed = {places[site].same for site, ways in truth.went.items() if ways != 3}
    for finding in verdict.false:
        if finding.place in places:
            run = finding.place in truth.executed
            found["false", finding.rule, places[finding.place].same, run] = finding
    for kind, sites in (("miss", verdict.misses), ("note", verdict.notes)):
        for site in sites:
            found[kind, "", places[site].same, False] = site
    return found


class Reducer:
    def __init__(self, program, sluice, key):
        self.best, self.sluice, self.key, self.tries = program, sluice, key, 0
        self.forks = disagreements(program, sluice).forks

    def attempt(self, candidate):
        self.tries += 1
        if self.tries > 1500:
            return False
        found = disagreements(candidate, self.sluice, self.key)
        # A branch that went both ways must not come to be decided by what was cut away.
        if self.key in found and not found.fixed & self.forks:
            self.best = candidate
            return True
        return False

    # Each pass changes a copy of the best program, by position, and keeps what works.

    def reduce(self):
        self.one_unit()
        size = None
        while size != self.size():
            size = self.size()
            self.each_list(self.drop_chunks)
            self.each_list(self.unwrap)
            self.each_text(self.simpler)
            self.tidy()
        self.drop_header()
        return self.best

    def size(self):
        return sum(len(text) for text in plain(self.best)[0].values())

    def one_unit(self):
        candidate = self.best.copy()
        heads = [node for unit in candidate.units for node in unit if node.parts is None]
        bodies = [node for unit in candidate.units for node in unit if node.parts is not None]
        candidate.units = [heads + bodies]
        self.attempt(candidate)

    def tidy(self):
        self.attempt(reachable(self.best.copy()))

    def each_list(self, action):
        """Every list of nodes of the best program, by its path, the outer ones first."""
        for path in list(paths(self.best)):
            try:
                action(path)
            except (IndexError, TypeError):
                pass  # the path is gone meanwhile

    def drop_chunks(self, path):
        size = len(list_at(self.best, path))
        while size >= 1:
            at = 0
            while at < len(list_at(self.best, path)):
                candidate = self.best.copy()
                nodes = list_at(candidate, path)
                cut = nodes[at:at + size]
                if not path[1:] and any(n.parts and "$main" in n.parts[0][0] for n in cut):
                    at += 1
                    continue
                del nodes[at:at + size]
                if not self.attempt(candidate):
                    at += size
            size //= 2

    def unwrap(self, path):
        at = 0
        while at < len(list_at(self.best, path)):
            node = list_at(self.best, path)[at]
            if node.parts is not None and path[1:]:
                for which in range(len(node.parts)):
                    candidate = self.best.copy()
                    nodes = list_at(candidate, path)
                    nodes[at:at + 1] = nodes[at].parts[which][1]
                    if self.attempt(candidate):
                        break
                else:
                    if len(node.parts) > 1:
                        candidate = self.best.copy()
                        del list_at(candidate, path)[at].parts[-1]
                        self.attempt(candidate)
            at += 1

    def each_text(self, options):
        """Every line, header of a block included."""
        for path in list(paths(self.best)):
            try:
                for at in range(len(list_at(self.best, path))):
                    node = list_at(self.best, path)[at]
                    texts = [node.text] if node.parts is None else [head for head, _ in node.parts]
                    for which, text in enumerate(texts):
                        for option in options(text):
                            candidate = self.best.copy()
                            changed = list_at(candidate, path)[at]
                            if changed.parts is None:
                                changed.text = option
                            else:
                                changed.parts[which] = (option, changed.parts[which][1])
                            if self.attempt(candidate):
                                break
            except (IndexError, TypeError):
                pass

    def simpler(self, text):
        head = re.match(r"^((?:\} else )?if \()(.*)(\) \{)$", text)
        if head:
            for sign in ("&&", "||"):
                cut = head.group(2).split(" %s " % sign, 1)
                if len(cut) == 2:
                    for part in cut:
                        yield head.group(1) + part + head.group(3)
        value = re.match(r"^(.* = )(?!NULL;)(.*);$", text)
        if value and "? " in value.group(2) and " : " in value.group(2):
            parts = re.split(r" \? | : ", value.group(2))
            for part in parts[1:]:
                yield "%s%s;" % (value.group(1), part)
        call = re.match(r"^([a-z]\d+ = )~\{.*\};$", text)
        if call:
            yield call.group(1) + "NULL;"
        call = re.match(r"^((?:r|status\w*) [-+]?= )~\{.*\};$", text)
        if call:
            yield call.group(1) + "0;"
            yield call.group(1) + "1;"

    def drop_header(self):
        from generate import TRACED_PRELUDE
        at = TRACED_PRELUDE
        while at < len(self.best.header):
            candidate = self.best.copy()
            del candidate.header[at]
            if not self.attempt(candidate):
                at += 1
        at = 0
        while at < len(self.best.header):  # the prelude is only for the analyzer
            line = self.best.header[at]
            name = re.search(r"(\w+)\(", line)
            used = any(name.group(1) + "(" in text for text in plain(self.best)[0].values() if text) if name else True
            if name and not used:
                del self.best.header[at]
            else:
                at += 1


def paths(program):
    def inner(nodes, path):
        yield path
        for at, node in enumerate(nodes):
            if node.parts is not None:
                for which, (_, kids) in enumerate(node.parts):
                    yield from inner(kids, path + ((at, which),))
    for unit, nodes in enumerate(program.units):
        yield from inner(nodes, (unit,))


def list_at(program, path):
    nodes = program.units[path[0]]
    for at, which in path[1:]:
        nodes = nodes[at].parts[which][1]
    return nodes


def reduce(program, sluice, key):
    reducer = Reducer(program, sluice, key)
    return reducer.reduce(), reducer.tries
