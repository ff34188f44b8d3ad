#!/usr/bin/env python3
"""Models of contexts against the real headers of their libraries.

    drift.py [--bless] [PACK.yaml...]

Every function, member, type, constant and macro that a pack names is declared, every alternative
of every pattern is the name of something, every argument exists and is what the model takes it
for: a callback where a function is said to be, a pointer where a carrier is. places.txt beside this
file has, for each function, how many arguments it takes and what the header calls those that the
pack speaks of: --bless writes it anew. Without arguments, all packs; totals at the end.
"""
import argparse
import glob
import itertools
import os
import re
import sys

import pack as packs
from headers import HERE, ROOT, Headers, Missing, is_pointer, member_of, prototype

try:
    import re._parser as parser
except ImportError:
    import sre_parse as parser

# Where the headers of a pack are: modules of pkg-config; "-" is the C library.
MODULES = {
    "apr": ["apr-1", "apr-util-1"],
    "glib": ["gio-2.0", "gobject-2.0"],
    "grpc": ["grpc"],
    "hiredis": ["hiredis"],
    "httpd": ["apr-1", "apr-util-1", "apache2"],
    "libcurl": ["libcurl"],
    "libevent": ["libevent"],
    "libmicrohttpd": ["libmicrohttpd"],
    "libpq": ["libpq"],
    "librdkafka": ["rdkafka"],
    "libuv": ["libuv"],
    "mosquitto": ["libmosquitto"],
    "nats": ["libnats"],
    "nghttp2": ["libnghttp2"],
    "nginx": ["nginx"],
    "opentracing": ["opentracing-c-wrapper"],
    "pthread": ["-"],
    "rabbitmq": ["librabbitmq"],
    "tevent": ["tevent"],
    "text": ["glib-2.0", "libbsd", "talloc"],
}
# Of packs that speak of several libraries, and name no headers themselves.
HEADERS = {
    "text": ["stdio.h", "string.h", "stdint.h", "stdarg.h", "stdbool.h", "bsd/string.h", "glib.h", "talloc.h"],
}
# No library, or none that Debian has headers of.
UNCHECKED = {
    "opentelemetry": "no Debian package has the headers",
    "telemetry": "addresses only",
}
# In versions other than Debian's: compared by hand.
ELSEWHERE = {
    "nghttp2_submit_request2": "nghttp2 1.60",
    "_tevent_req_set_callback": "tevent 0.17",
    "__builtin_snprintf": "the compiler",
}
# What keys hold patterns of things that are called.
CALLS = {"call", "push", "pop", "result_of"}
PLACES = {"from", "on", "into", "carrier", "value", "data", "item", "arg", "out", "reason", "headers", "also",
          "context", "fn", "intrusive", "deadline", "result"}
POINTERS = {"from", "on", "into", "data", "item", "arg", "out", "intrusive"}
LISTS_OF_CALLS = {"new", "suspend", "lost_after", "fresh_in", "key_from", "infinite", "shared_work"}


def expansions(tree, limit=4096):
    """(text, choices made) of everything a pattern without loops matches; None: too much, or no such pattern."""
    parts = [("", frozenset())]
    for op, value in tree:
        name = str(op)
        if name == "LITERAL":
            here = [(chr(value), frozenset())]
        elif name in ("AT", "GROUPREF"):
            here = [("", frozenset())]
        elif name == "SUBPATTERN":
            here = expansions(value[-1], limit)
        elif name == "IN" and all(str(item[0]) == "LITERAL" for item in value):
            here = [(chr(item[1]), frozenset([f"[{chr(item[1])}]"])) for item in value]
        elif name == "BRANCH":
            here = []
            for branch in value[1]:
                inner = expansions(branch, limit)
                if inner is None:
                    return None
                label = "|".join(sorted({text for text, _ in inner})[:3])
                here += [(text, choices | {f"'{label}'"}) for text, choices in inner]
        elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0] == 0 and value[1] == 1:
            inner = expansions(value[2], limit)
            if inner is None:
                return None
            label = "|".join(sorted({text for text, _ in inner})[:3])
            here = [("", frozenset())] + [(text, choices | {f"'{label}'?"}) for text, choices in inner]
        else:
            return None
        if here is None or len(parts) * len(here) > limit:
            return None
        parts = [(a + b, x | y) for (a, x), (b, y) in itertools.product(parts, here)]
    return parts


class Pack:
    """One pack against what its headers declare."""

    def __init__(self, path, headers):
        self.document = packs.load(path)
        self.name = self.document["pack"]
        self.headers = headers
        self.wrong = []
        self.places = {}  # function -> {place: name in the header}
        self.checked = set()  # every name that was found

    def complain(self, where, what):
        self.wrong.append(f"{self.name}: {where}: {what}")

    # --- patterns ----------------------------------------------------------------------

    def find(self, pattern, known, what):
        """The names of `known` that a pattern matches; each alternative must be one of them."""
        found = [name for name in known if re.search(pattern, name)]
        self.checked.update(found)
        if not found:
            gone = [name for name in ELSEWHERE if re.search(pattern, name)]
            if not gone:
                self.complain(pattern, f"no {what} has such a name")
            return []
        every = expansions(parser.parse(pattern))
        if every is not None:
            used, offered = set(), set()
            names = set(found) | set(ELSEWHERE)
            for text, choices in every:
                offered |= choices
                if text in names:
                    used |= choices
            for choice in sorted(offered - used):
                self.complain(pattern, f"no {what} has the alternative {choice}")
        return sorted(found)

    def constant(self, name, where):
        if name in self.headers.constants or name in self.headers.macros:
            self.checked.add(name)
        else:
            self.complain(where, f"{name} is no constant")

    def find_constant(self, pattern):
        return self.find(pattern, self.headers.constants | set(self.headers.macros), "constant")

    def find_type(self, pattern):
        """Each alternative at the top level of the pattern is the type of something."""
        known = self.headers.spellings()
        for part in re.split(r"\|(?=\^)", pattern):
            if not any(re.search(part, name) for name in known):
                self.complain(part, "nothing has such a type")
            else:
                self.checked.add(part)

    # --- places ------------------------------------------------------------------------

    def path(self, type_, steps, where):
        """The type at the end of a path of members; None: there is none."""
        for step in steps:
            inner = member_of(type_, step)
            if inner is None:
                self.complain(where, f"{type_.spelling} has no member {step}")
                return None
            type_ = inner
        return type_

    def place_at(self, name, function, place, text):
        number = int(re.match(r"arg(\d+)", text).group(1))
        where = f"{name}({place}: {text})"
        if number >= len(function.types):
            if not function.variadic:
                self.complain(where, f"it takes {len(function.types)} arguments")
            return None
        self.note(name, function, place, number, text[text.index(str(number)) + len(str(number)):])
        steps = [step for step in re.split(r"->|\.", text)[1:] if step]
        return self.path(function.types[number], steps, where)

    def note(self, name, function, place, number, path=""):
        called = function.names[number] or function.types[number].spelling
        self.places.setdefault(name, {})[f"{place}=arg{number}{path}"] = called

    def first(self, function, wanted):
        for number, type_ in enumerate(function.types):
            if wanted(type_):
                return number
        return None

    def place(self, name, function, place, value, after=None):
        """One place of an action; the type of what stands there, None: not known."""
        where = f"{name}({place})"
        if isinstance(value, list):
            for one in value:
                self.place(name, function, place, one)
            return None
        if isinstance(value, dict):
            return self.place_form(name, function, place, value, after)
        text = f"arg{value}" if isinstance(value, int) else value
        if text == "ret":
            if function.result.get_canonical().spelling == "void":
                self.complain(where, "it has no result")
                return None
            return function.result
        if text == "last":
            if not function.types:
                self.complain(where, "it takes no argument")
                return None
            self.note(name, function, place, len(function.types) - 1)
            return function.types[-1]
        if re.fullmatch(r"[A-Z][A-Z0-9_]*", text):
            self.constant(text, where)
            return None
        if text in ("same", "ambient"):
            return None
        return self.place_at(name, function, place, text)

    def place_form(self, name, function, place, value, after):
        where = f"{name}({place})"
        if "after_tag" in value:
            self.constant(value["after_tag"], where)
            if not function.variadic:
                self.complain(where, "it has no arguments behind tags")
        elif "first_of_type" in value or "first_fn" in value:
            wanted = value.get("first_of_type")
            number = self.first(
                function, lambda type_: type_.spelling == wanted if wanted else prototype(type_) is not None)
            if number is None:
                self.complain(where, f"no argument is a {wanted or 'function'}")
                return None
            self.note(name, function, place, number)
            return function.types[number]
        elif "next" in value:
            if after is None or after + value["next"] >= len(function.types):
                self.complain(where, "nothing is behind the function")
                return None
            self.note(name, function, place, after + value["next"])
            return function.types[after + value["next"]]
        elif "array" in value:
            self.place_array(name, function, place, value)
        elif "ctor" in value or "call" in value:
            other = value.get("ctor") or value.get("call")
            made = self.headers.functions.get(other)
            if made is None:
                self.complain(where, f"no function is called {other}")
            else:
                self.checked.add(other)
                self.place_at(other, made, place, f"arg{value['arg']}")
        elif "path" in value:
            self.place_at(name, function, place, value["path"])
        return None

    def place_array(self, name, function, place, value):
        type_ = self.place(name, function, place, value["array"])
        if type_ is None:
            return
        where = f"{name}({place})"
        self.path(type_, [value["where"]["field"]], where)
        self.constant(value["where"]["equals"], where)
        self.path(type_, value["path"].split("."), where)

    # --- actions -----------------------------------------------------------------------

    def action(self, role, item, wanted=None):
        """{call: PATTERN, place: arg0, ...}, or a pattern alone; `wanted`: the type of the context it makes."""
        if isinstance(item, str):
            item = {"call": item}
        if "macro" in item:
            self.find(item["macro"], self.headers.macros, "macro")
        if "fn_type" in item:
            self.find(item["fn_type"], self.headers.function_types(), "type of a function")
        if "field" in item and "call" not in item:
            return
        pattern = item.get("call")
        if pattern is None:
            return
        for name in self.find(pattern, self.headers.calls(), "function"):
            self.call(role, name, self.headers.calls()[name], item, wanted)

    def call(self, role, name, function, item, wanted):
        self.places.setdefault(name, {})
        after = None
        fn = item.get("fn")
        if fn is not None:
            after = self.callback(name, function, fn)
        for key in sorted(set(item) & PLACES - {"fn"}):
            if key == "key":
                continue
            type_ = self.place(name, function, key, item[key], after)
            if type_ is not None and key in POINTERS and not self.may_point(type_):
                self.complain(f"{name}({key})", f"{type_.spelling} is no pointer")
            if type_ is not None and key == "out" and role == "origin" and not self.is_of(type_.get_pointee(), wanted):
                self.complain(f"{name}(out)", f"{type_.spelling} does not lead to {wanted}")
        if "key" in item and isinstance(item["key"], dict) and "arg" in item["key"]:
            self.place_at(name, function, "key", f"arg{item['key']['arg']}")
        for place, constant in item.get("when", {}).items():
            self.place_at(name, function, "when", place)
            if not constant.startswith("(?i)"):
                self.find_constant(constant)
        if "use_instead" in item:
            self.find(f"^{item['use_instead']}$", self.headers.functions, "function")
        if "flag" in item:
            self.place_at(name, function, "flag", item["flag"]["path"])
            self.constant(item["flag"]["has"], f"{name}(flag)")
        if isinstance(item.get("async"), dict) and "data" in item["async"]:
            self.place(name, function, "async", item["async"]["data"])

    @staticmethod
    def may_point(type_):
        return is_pointer(type_) or type_.get_canonical().kind.name == "RECORD"

    def callback(self, name, function, value):
        """Checks the function that is handed over; gives the number of its argument."""
        last = None
        for one in value if isinstance(value, list) else [value]:
            type_ = self.place(name, function, "fn", one)
            if type_ is not None and prototype(type_) is None and type_.get_canonical().spelling != "void *":
                self.complain(f"{name}(fn)", f"{type_.spelling} is no function")
            for number, other in enumerate(function.types):
                if type_ is not None and other == type_:
                    last = number
        return last

    # --- sections ----------------------------------------------------------------------

    def entry(self, item):
        context = item.get("context")
        param = context.get("param") if isinstance(context, dict) else context
        param = f"arg{param}" if isinstance(param, int) else param
        for name, function in self.entry_functions(item):
            for key in ("per_request", "per_connection"):
                if key in item:
                    self.place(name, function, key, item[key])
            if param and not ("result_of" in item and "out" not in item):
                type_ = self.place(name, function, "context", param)
                wanted = context.get("type") if isinstance(context, dict) else None
                if type_ is not None and wanted and not self.is_of(type_, wanted):
                    self.complain(f"{name}(context)", f"{type_.spelling} is not {wanted}")
            if "out" in item:
                self.place(name, function, "out", item["out"])
        if isinstance(context, dict) and "headers" in context:
            self.action("headers", context["headers"])

    @staticmethod
    def is_of(type_, pattern):
        return any(re.search(pattern, text) for text in (type_.spelling, type_.get_canonical().spelling))

    def entry_functions(self, item):
        """(name, the function that runs or is called) for each that an entry names."""
        if "fn_type" in item:
            types = self.headers.function_types()
            return [(name, types[name]) for name in self.find(item["fn_type"], types, "type of a function")]
        if "field" in item:
            calls = {name: call for name, call in self.headers.calls().items() if "::" in name}
            return [(name, calls[name]) for name in self.find(item["field"], calls, "member")]
        if "result_of" in item:
            calls = self.headers.functions
            return [(name, calls[name]) for name in self.find(item["result_of"], calls, "function")]
        found = []
        register = item.get("register", {})
        for name in self.find(register["call"], self.headers.functions, "function") if register else []:
            function = self.headers.functions[name]
            self.callback(name, function, register["fn"])
            type_ = self.place(name, function, "fn", register["fn"])
            if type_ is not None and prototype(type_) is not None:
                inner = type(function).of_type(prototype(type_))
                found.append((f"{name}:callback", inner))
        return found

    def context(self, item):
        if "type" in item:
            self.find_type(item["type"])
            self.fields(item["type"], [one["field"] for one in item.get("derive", []) if "field" in one])
        for key in ("derive", "detach", "root", "origin", "end", "read"):
            for one in item.get(key, []):
                self.action(key, one, item.get("type"))
                if key == "read" and "field" in one:
                    self.fields(item["type"], one["field"].split("."))
        for key in ("suspend", "lost_after"):
            for one in item.get(key, []):
                self.action(key, one)
        for key in ("slot", "ambient"):
            for role, value in item.get(key, {}).items():
                for one in value if isinstance(value, list) else [value]:
                    self.action(role, one)

    def fields(self, pattern, names):
        """The members exist in what the pattern's types point to."""
        for type_name, type_ in self.headers.typedefs.items():
            if re.search(pattern, f"{type_name} *"):
                for name in names:
                    if member_of(type_, name) is None:
                        self.complain(pattern, f"{type_name} has no member {name}")
                    else:
                        self.checked.add(f"{type_name}.{name}")

    def carrier(self, item):
        if "type" in item:
            self.find_type(item["type"])
        for key in ("put", "copy", "reset", "drop", "free", "attach"):
            for one in item.get(key, []):
                self.action(key, one)
        for key in ("new", "key_from"):
            for one in item.get(key, []):
                self.action(key, one)
        if "endpoint" in item:
            self.action("endpoint", item["endpoint"])
        self.deadline(item)
        if "parent" in item:
            self.parent(item)
        if "put_field" in item:
            self.fields(item["type"], list(item["put_field"].values()))
            self.fields_of_array(item)
        if "iterate" in item:
            name = item["iterate"]["follow"]
            if not any(member.endswith(f"::{name}") for member in self.headers.members):
                self.complain(item["type"], f"nothing has a member {name}")

    def fields_of_array(self, item):
        for name in item["put_field"].values():
            known = [type_ for type_ in self.headers.typedefs if re.search(item["type"], f"{type_}[4]")]
            if not any(member_of(self.headers.typedefs[type_], name) is not None for type_ in known):
                self.complain(item["type"], f"no type has a member {name}")

    def deadline(self, item):
        deadline = item.get("deadline", [])
        if isinstance(deadline, list):
            for one in deadline:
                self.action("deadline", one)
            return
        for name, number in deadline.get("arg_of_new", {}).items():
            for found in self.find(f"^{name}$", self.headers.functions, "function"):
                self.place_at(found, self.headers.functions[found], "deadline", f"arg{number}")
        for one in deadline.get("infinite", []):
            self.action("infinite", one)

    def parent(self, item):
        parent = item["parent"]
        for pattern in item["new"]:
            for name in self.find(pattern, self.headers.functions, "function"):
                function = self.headers.functions[name]
                self.place_at(name, function, "parent", f"arg{parent['arg']}")
                if "mask" in parent:
                    self.place_at(name, function, "mask", f"arg{parent['mask']['arg']}")
        for constant in parent.get("mask", {}).get("must_include", []):
            self.constant(constant, "mask")

    def queue(self, item):
        self.action("push", {"call": item["push"], "item": item["item"]})
        self.action("pop", {"call": item["pop"], "out": item["result"]})

    def check(self):
        document = self.document
        for item in document.get("entries", []):
            self.entry(item)
        for item in document.get("contexts", []):
            self.context(item)
        for item in document.get("carriers", []):
            self.carrier(item)
        for role in ("injectors", "extractors", "sinks", "handoffs", "log", "texts"):
            for item in document.get(role, []):
                self.action(role, item)
        for item in document.get("queues", []):
            self.queue(item)
        for role, items in document.get("spans", {}).items():
            for item in items:
                self.action(role, item)

    def table(self):
        """A line for each function: how many arguments it takes, and what stands where."""
        lines = []
        for name in sorted(self.places):
            function = self.headers.calls().get(name)
            count = "" if function is None else f"/{len(function.types)}{'+' if function.variadic else ''}"
            at = " ".join(f"{place}:{called}" for place, called in sorted(self.places[name].items()))
            lines.append(f"{self.name} {name}{count} {at}".rstrip())
        return lines


def packs_of(arguments):
    return arguments or sorted(glob.glob(os.path.join(ROOT, "rules/models/context/*.yaml")))


def check_pack(path, totals):
    document = packs.load(path)
    name = document["pack"]
    headers = document.get("headers", []) or HEADERS.get(name, [])
    if name in UNCHECKED:
        print(f"{name}: not checked: {UNCHECKED[name]}")
        totals["unchecked"] += 1
        return [], [f"{name}: it has headers after all"] if headers else []
    if name not in MODULES or not headers:
        return [], [f"{name}: compared with no header: name it in tests/model/drift.py"]
    pack = Pack(path, Headers(headers, MODULES[name]))
    pack.check()
    calls = len(pack.places)
    print(f"{name}: {calls} functions, {len(pack.checked)} names in {', '.join(headers)}")
    totals["functions"] += calls
    totals["names"] += len(pack.checked)
    totals["packs"] += 1
    return pack.table(), pack.wrong


def compare_table(table, bless):
    path = os.path.join(HERE, "places.txt")
    text = "".join(line + "\n" for line in table)
    if bless:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        before = file.read().splitlines()
    gone = [f"places.txt: no longer so: {line}" for line in before if line not in set(table)]
    return gone + [f"places.txt: does not say: {line}" for line in table if line not in set(before)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--bless", action="store_true")
    arguments.add_argument("packs", nargs="*")
    options = arguments.parse_args()
    totals = {"packs": 0, "functions": 0, "names": 0, "unchecked": 0}
    table, wrong = [], []
    for path in packs_of(options.packs):
        try:
            lines, bad = check_pack(path, totals)
        except Missing as error:
            lines, bad = [], [f"{os.path.basename(path)}: {error}"]
        table += lines
        wrong += bad
    if not options.packs:
        wrong += compare_table(table, options.bless and not wrong)
    for line in wrong:
        print(line, file=sys.stderr)
    print("{packs} packs, {functions} functions, {names} names compared with headers; "
          "{unchecked} packs without".format(**totals) + f"; {len(wrong)} wrong")
    return 1 if wrong or not totals["packs"] else 0


if __name__ == "__main__":
    sys.exit(main())
