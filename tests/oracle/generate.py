"""Whole random programs, made of the idioms of service code.

A program has a few record types, shared objects, makers (functions that give a pointer in one
of the ways C has: returned, through an out-parameter with a status, allocated, kept in a
global), users (functions that take one), handlers that combine them at random, and main,
which reads inputs and picks a handler. Each idiom has forms that are right and forms that
are wrong the way people get it wrong.
"""
import random
import re

from body import Body
from program import Program, parse, reachable, tagged

PRELUDE = [
    "#define NULL ((void *)0)",
    "int input(void);",
    "int decide(void);",
    "void note(int what);",
    "void inspect(const void *what);",
    "void *malloc(unsigned long size);",
    "void *calloc(unsigned long count, unsigned long size);",
    "void *realloc(void *memory, unsigned long size);",
    "void *memset(void *memory, int byte, unsigned long size);",
    "void free(void *memory);",
    "char *strchr(const char *text, int letter);",
    "char *getenv(const char *name);",
    "void abort(void) __attribute__((noreturn));",
]
TRACED_PRELUDE = 1 + PRELUDE.index("void abort(void) __attribute__((noreturn));")
MACROS = [
    "#define CHECK(x) do { if (!(x)) abort(); } while (0)",
    "#define RETURN_IF_NULL(p, result) do { if ((p) == NULL) return result; } while (0)",
    "#define IS_SET(p) ((p) != NULL)",
    "#define ERR_PTR(code) ((void *)(long)(code))",
    "#define IS_ERR(p) ((unsigned long)(p) >= (unsigned long)-4095L)",
    "#define CONTAINER_OF(p, type, member) ((type *)((char *)(p) - __builtin_offsetof(type, member)))",
]
TYPE_NAMES = ["node", "conn", "item", "user", "entry", "request", "session", "buffer"]
POINTER_FIELDS = ["peer", "owner", "head", "data", "last"]


class Type:
    def __init__(self, name):
        self.name = name
        self.c = "struct $%s" % name
        self.fields = {}
        self.next = False


class Function:
    """What callers need to know. `how`: "return", "out", "int" (a user), ..."""

    def __init__(self, name, how, type, **more):
        self.name, self.how, self.type = name, how, type
        self.__dict__.update(more)


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.seed = seed
        self.units = [[] for _ in range(self.random.choice([1, 1, 2, 3]))]
        self.prototypes, self.counter = [], 0
        self.types, self.makers, self.users, self.setters = [], [], [], []
        self.globals, self.initially = [], {}
        self.structs, self.header_tail, self.start, self.helpers = [], [], [], set()
        self.risk = self.random.choice([0.1, 0.2, 0.3])

    # ---- small things

    def chance(self, p):
        return self.random.random() < p

    def pick(self, options):
        return self.random.choice(options)

    def fresh(self, base):
        self.counter += 1
        return "%s_%d" % (base, self.counter)

    def function(self, head, body, unit=None, shared=None):
        """Adds a function; it is seen by all units, or static in its own."""
        unit = self.pick(self.units) if unit is None else unit
        if shared is False:
            head = "static " + head
        else:
            self.prototypes.append(head + ";")
        unit.append(tagged([head + " {"] + body + ["}"], "in " + re.sub(r".*\$(\w+?)(_\d+)?\(.*", r"\1", head)))

    def helper(self, name, make):
        """Makes what several idioms share, once."""
        if name not in self.helpers:
            self.helpers.add(name)
            make()

    def global_int(self, name):
        self.header_tail.append("extern PDATA int %s;" % name)
        self.units[0].append(["PDATA int %s;" % name])

    # ---- types and objects

    def make_types(self):
        names = self.random.sample(TYPE_NAMES, self.pick([2, 2, 3]))
        self.types = [Type(name) for name in names]
        for type in self.types:
            type.next = self.chance(0.6) or type is self.types[0]
            for field in self.random.sample(POINTER_FIELDS, self.pick([1, 1, 2])):
                type.fields[field] = self.pick(self.types)

    def type_lines(self):
        lines = []
        for type in self.types:
            lines.append("%s;" % type.c)
        for type in self.types:
            lines += ["%s {" % type.c, "    int key, value, flags;"]
            for field, target in type.fields.items():
                lines.append("    %s *%s;" % (target.c, field))
            if type.next:
                lines.append("    %s *next;" % type.c)
            lines.append("};")
        return lines

    def make_objects(self):
        """A few objects of each type that are always there, and globals that may be null."""
        self.objects = {}
        self.unset = []
        for type in self.types:
            name = "$%s_pool" % type.name
            entries = ", ".join("{.key = %d%s}" % (n, self.initial(type, n)) for n in range(3))
            self.units[0].append(["PDATA %s %s[3] = {%s};" % (type.c, name, entries)])
            self.prototypes.append("extern PDATA %s %s[3];" % (type.c, name))
            self.objects[type] = ["&%s[%d]" % (name, n) for n in (0, 1, 1, 0, 2)]
        for type in self.types:
            if not self.chance(0.6):
                continue
            name = "$g_%s" % type.name
            value = self.pick(["", " = %s" % self.objects[type][0]])
            self.units[0].append(["PDATA %s *%s%s;" % (type.c, name, value)])
            self.prototypes.append("extern PDATA %s *%s;" % (type.c, name))
            self.globals.append((name, type))
            self.initially[name] = value != ""

    def initial(self, type, n):
        """Initializers of most pointer fields; the others are null at first."""
        text = ", .next = &$%s_pool[%d]" % (type.name, n + 1) if type.next and n < 2 else ""
        for field, target in type.fields.items():
            if self.chance(0.85):
                text += ", .%s = &$%s_pool[%d]" % (field, target.name, n)
            else:
                self.unset.append("$%s_pool[%d].%s = &$%s_pool[%d];" % (type.name, n, field, target.name, n))
        return text

    def object(self, type):
        return self.pick(self.objects[type])

    def some_object(self, type):
        """Its fields are set or not, as the input has it."""
        return "&$%s_pool[decide()]" % type.name if self.chance(0.4) else self.object(type)

    def vary(self):
        """Some of what the initializers say is changed by input before anything else."""
        lines = []
        for type in self.random.sample(self.types, self.pick([0, 1, 1, 2])):
            field, target = self.pick(list(type.fields.items()))
            n = self.pick([0, 1])
            lines += ["if (decide()) {", "$%s_pool[%d].%s = NULL;" % (type.name, n, field), "}"]
        return lines + self.vary_others()

    def vary_others(self):
        """What nobody writes stays as it is, and a condition on it never goes the other way."""
        lines = ["if (decide()) {"] + self.unset
        for type in self.types:
            for n in range(3):
                lines += ["$%s_pool[%d].value = %s;" % (type.name, n, self.pick(["1", "2", "-1"])),
                          "$%s_pool[%d].flags = %s;" % (type.name, n, self.pick(["1", "2", "3"]))]
        return lines + ["}"]

    # ---- makers

    def make_finder(self, type):
        """Returns null when there is no such thing."""
        name = self.fresh("$find")
        head = "%s *%s(int key)" % (type.c, name)
        k = self.pick([0, 1, 2])
        form = self.pick(["range", "switch", "pool", "loop"])
        if form == "range":
            body = ["if (key %s %d) {" % (self.pick([">", "<", "==", "!="]), k), "return NULL;", "}",
                    "return %s;" % self.object(type)]
        elif form == "switch":
            body = ["switch (key) {", "case 0:", "return %s;" % self.object(type), "case 2:",
                    self.pick(["return NULL;", "return %s;" % self.object(type)]),
                    "default:", "return %s;" % self.pick(["NULL", self.object(type)]), "}"]
        elif form == "pool":
            body = ["if (key < 0 || key > 2) {", "return NULL;", "}", "return &$%s_pool[key];" % type.name]
        else:
            body = ["int i;", "for (i = 0; i < 3; i++) {", "if ($%s_pool[i].key == key) {" % type.name,
                    "return &$%s_pool[i];" % type.name, "}", "}", "return NULL;"]
        self.function(head, body)
        self.makers.append(Function(name, "return", type, searches=form == "loop"))

    def make_allocator(self, type):
        name = self.fresh("$new")
        head = "%s *%s(int key)" % (type.c, name)
        body = ["%s *made = %s;" % (type.c, self.pick([
            "malloc(sizeof *made)", "calloc(1, sizeof(%s))" % type.c]))]
        form = self.pick(["null", "null", "die", "none"])
        if form == "null":
            body += ["if (?made == NULL) {", "return NULL;", "}"]
        elif form == "die":
            body += ["if (!?made) {", "~~{%s(3)};" % self.die(), "}"]
        elif self.chance(0.5):
            body += ["if (?made) {", "note(key);", "}"]
        body += ["@made->key = key;", "@made->value = 0;", "@made->flags = 0;"]
        for field, target in type.fields.items():
            value = self.pick(["NULL", "NULL", self.object(target)])
            body.append("@made->%s = %s;" % (field, value))
        if type.next:
            body.append("@made->next = NULL;")
        body.append("return made;")
        self.function(head, body)
        self.makers.append(Function(name, "return", type, searches=False))

    def die(self):
        if not getattr(self, "die_name", None):
            self.die_name = "$die"
            body = ["note(code);", "abort();"]
            if self.chance(0.3):
                self.units[0].append(["static void $default_handler(int code) {", "note(code);", "abort();", "}"])
                self.units[0].append(["static PDATA void (*$handler)(int code) = $default_handler;"])
                body = ["~~{^$handler(code)};"]
                self.function("void $die(int code)", body, self.units[0])
            else:
                self.function("void $die(int code)", body)
        return self.die_name

    def make_getter(self, type):
        """An out-parameter with a status."""
        name = self.fresh("$get")
        ok, bad, good_tests, bad_tests, wrong = self.pick([
            ("0", ["-1"], ["%s == 0", "!%s"], ["%s != 0", "%s < 0", "%s"], []),
            ("0", ["-1", "1"], ["%s == 0"], ["%s != 0", "%s"], ["%s < 0"]),
            ("1", ["0"], ["%s", "%s == 1", "%s != 0"], ["!%s", "%s == 0"], ["%s < 0"]),
            ("0", ["1", "2"], ["%s == 0", "!%s"], ["%s", "%s > 0"], ["%s == 1", "%s < 0"]),
            ("4", ["1", "2"], ["%s & 4", "%s == 4"], ["!(%s & 4)", "%s & 3"], ["%s & 1"]),
        ])
        body = []
        unset = self.chance(0.5)
        if not unset:
            body.append("*@out = NULL;")
        body += ["if (key < 0) {", "return %s;" % self.pick(bad), "}"]
        if self.chance(0.6):
            body += ["if (key == %d) {" % self.pick([1, 2])]
            if self.chance(0.3):
                body.append("*@out = %s;" % self.pick(["NULL", self.object(type)]))
            body += ["return %s;" % self.pick(bad), "}"]
        finders = [m for m in self.makers if m.type is type and m.how == "return" and not m.searches]
        if self.chance(self.risk / 2):
            body += ["if (key == 0) {", "return %s;" % ok, "}"]
        if finders and self.chance(0.5):
            body.append("*@out = ~{%s(key)};" % self.pick(finders).name)
            if not self.chance(self.risk):
                body += ["if (!?{*@out}) {", "return %s;" % self.pick(bad), "}"]
        else:
            body.append("*@out = %s;" % self.object(type))
        body.append("return %s;" % ok)
        self.function("int %s(int key, %s **out)" % (name, type.c), body)
        self.makers.append(Function(name, "out", type, good=good_tests, bad=bad_tests, wrong=wrong, unset=unset))
        if self.chance(0.3):
            self.make_forwarder(self.makers[-1])

    def make_forwarder(self, maker):
        """A wrapper that hands on status and object."""
        name = self.fresh("$fetch")
        body = ["int status = ~{%s(key, out)};" % maker.name]
        if self.chance(0.6):
            body += ["if (%s) {" % self.pick(maker.bad) % "status", "note(status);", "return status;", "}",
                     "@{(*@out)}->flags = key;"]
        body.append("return status;")
        self.function("int %s(int key, %s **out)" % (name, maker.type.c), body)
        self.makers.append(Function(name, "out", maker.type, good=maker.good, bad=maker.bad,
                                    wrong=maker.wrong, unset=maker.unset))

    def make_setter(self, name, type):
        """Fills a global; says whether it did."""
        fn = self.fresh("$init")
        finders = [m for m in self.makers if m.type is type and m.how == "return" and not m.searches]
        body = []
        if finders and self.chance(0.6):
            body.append("%s = ~{%s(key)};" % (name, self.pick(finders).name))
            body += ["if (!?%s) {" % name, "return -1;", "}"]
        else:
            body += ["if (key < 1) {", "%s = NULL;" % name, "return -1;", "}",
                     "%s = %s;" % (name, self.object(type))]
        body.append("return 0;")
        self.function("int %s(int key)" % fn, body)
        self.setters.append((fn, name, type))

    # ---- users

    def make_user(self, type):
        name = self.fresh("$use")
        form = self.pick(["plain", "guarded", "mode", "test", "deep"])
        how = "use"
        if form == "plain":
            body = ["int r = mode;", "r += @it->%s;" % self.int_field(), "return r;"]
        elif form == "guarded":
            body = ["if (?it == NULL) {", "return mode;", "}", "return @it->%s;" % self.int_field()]
        elif form == "mode":
            body = ["if (mode == %d) {" % self.pick([0, 1, 2]), "return 0;", "}",
                    "return @it->%s;" % self.int_field()]
        elif form == "test":
            how = "test"
            body = ["return ?it != NULL && @it->flags %s mode;" % self.pick(["<", "!=", "=="])]
            if self.chance(0.3):
                body = ["return ?it %s NULL;" % self.pick(["!=", "!="])]
        else:
            field = self.pick(list(type.fields))
            body = ["%s *inner = @it->%s;" % (type.fields[field].c, field)]
            if self.chance(0.7):
                body += ["if (!?inner) {", "return 0;", "}"]
            body.append("return @inner->%s;" % self.int_field())
        self.function("int %s(%s *it, int mode)" % (name, type.c), body)
        self.users.append(Function(name, how, type, safe=form in ("guarded", "test")))

    def int_field(self):
        return self.pick(["key", "value", "flags"])

    # ---- the whole

    def program(self):
        self.make_types()
        self.make_objects()
        for type in self.types:
            for _ in range(self.pick([1, 2])):
                self.pick([self.make_finder, self.make_finder, self.make_allocator])(type)
            if self.chance(0.7):
                self.make_getter(type)
            if self.chance(0.8):
                self.make_user(type)
        for name, type in self.globals:
            if self.chance(0.7):
                self.make_setter(name, type)
        handlers = []
        for _ in range(self.pick([1, 2, 3])):
            name = self.fresh("$handle")
            body = Body(self, ["a", "b", "c"])
            self.function("int %s(int a, int b, int c)" % name, body.whole())
            handlers.append(name)
        self.make_probe()
        self.units[0].append(self.main(handlers + ["$probe"]))
        header = PRELUDE + MACROS + self.type_lines() + self.structs + self.header_tail + self.prototypes
        units = [[node for lines in unit for node in parse(lines)] for unit in self.units]
        return reachable(Program(self.seed, header, units))

    def make_probe(self):
        """Somebody calls every function with any number, and with a pointer that is valid."""
        calls = []
        for maker in self.makers:
            if maker.how == "return":
                calls.append(["~{%s(a)};" % maker.name])
            else:
                calls.append(["%s *%s = NULL;" % (maker.type.c, self.fresh("any")),
                              "~{%s(a, &any_%d)};" % (maker.name, self.counter)])
        calls += [["~{%s(%s, a)};" % (user.name, self.objects[user.type][0])] for user in self.users]
        declared = [line for call in calls for line in call[:-1]]
        body = declared + ["switch (b + 6 * decide()) {"]
        for n, call in enumerate(calls):
            body += ["case %d:" % (n - 1), call[-1], "break;"]
        self.function("int $probe(int a, int b, int c)", body + ["}", "return c;"])

    def main(self, handlers):
        body = ["int main(void) {".replace("main", "$main"), "int r = 0;", "int a = input();", "int b = input();",
                "int c = input();"]
        body += self.start + self.vary()
        for name, type in self.globals:
            setters = [fn for fn, g, _ in self.setters if g == name]
            if setters and self.chance(0.4):
                body += ["if (~{%s(decide() ? %s : %s)} != 0) {" % (setters[0], self.pick(["0", "-1"]), self.pick(["1", "2"])), "return 1;", "}"]
            elif self.initially[name]:
                body += ["if (decide()) {", "%s = NULL;" % name, "}"]
            else:
                body += ["if (decide()) {", "%s = %s;" % (name, self.object(type)), "}"]
        if len(handlers) == 1:
            body += ["r = ~{%s(a, b, c)};" % handlers[0]]
        else:
            body += ["switch (decide() + 2 * decide()) {"]
            for n, name in enumerate(handlers):
                body += ["case %d:" % n, "r = ~{%s(a, b, c)};" % name, "break;"]
            body += ["default:", "break;", "}"]
        return body + ["return r;", "}"]


def generate(seed):
    return Generator(seed).program()
