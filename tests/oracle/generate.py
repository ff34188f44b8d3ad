"""Whole random programs, made of the idioms of service code.

A program has a few record types, shared objects, makers (functions that give a pointer in one
of the ways C has: returned, through an out-parameter with a status, allocated, kept in a
global), users (functions that take one), handlers that combine them at random, and main,
which reads inputs and picks a handler. Each idiom has forms that are right and forms that
are wrong the way people get it wrong.
"""
import random
import re

from program import Program, parse, reachable, tagged

PRELUDE = [
    "#define NULL ((void *)0)",
    "int input(void);",
    "int decide(void);",
    "void note(int what);",
    "void inspect(const void *what);",
    "void *malloc(unsigned long size);",
    "void *calloc(unsigned long count, unsigned long size);",
    "void free(void *memory);",
    "void abort(void) __attribute__((noreturn));",
]
TRACED_PRELUDE = 1 + PRELUDE.index("void abort(void) __attribute__((noreturn));")
MACROS = [
    "#define CHECK(x) do { if (!(x)) abort(); } while (0)",
    "#define RETURN_IF_NULL(p, result) do { if ((p) == NULL) return result; } while (0)",
    "#define IS_SET(p) ((p) != NULL)",
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
        for type in self.types:
            name = "$%s_pool" % type.name
            entries = ", ".join("{.key = %d%s}" % (n, self.initial(type, n)) for n in range(3))
            self.units[0].append(["PDATA %s %s[3] = {%s};" % (type.c, name, entries)])
            self.prototypes.append("extern PDATA %s %s[3];" % (type.c, name))
            self.objects[type] = ["&%s[%d]" % (name, n) for n in range(3)]
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
        """Initializers of some pointer fields."""
        text = ", .next = &$%s_pool[%d]" % (type.name, n + 1) if type.next and n < 2 and self.chance(0.7) else ""
        for field, target in type.fields.items():
            if self.chance(0.4):
                text += ", .%s = &$%s_pool[%d]" % (field, target.name, n)
        return text

    def object(self, type):
        return self.pick(self.objects[type])

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
                body = ["~~{$handler(code)};"]
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
        header = PRELUDE + MACROS + self.type_lines() + self.prototypes
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
        for name, type in self.globals:
            setters = [fn for fn, g, _ in self.setters if g == name]
            if setters and self.chance(0.4):
                body += ["if (~{%s(input())} != 0) {" % setters[0], "return 1;", "}"]
            elif self.initially[name]:
                body += ["if (decide()) {", "%s = NULL;" % name, "}"]
            else:
                body += ["if (decide()) {", "%s = %s;" % (name, self.object(type)), "}"]
        if len(handlers) == 1:
            body += ["r = ~{%s(a, b, c)};" % handlers[0]]
        else:
            body += ["switch (input()) {"]
            for n, name in enumerate(handlers):
                body += ["case %d:" % n, "r = ~{%s(a, b, c)};" % name, "break;"]
            body += ["default:", "break;", "}"]
        return body + ["return r;", "}"]


class Body:
    """The body of a handler: declarations, then statements at random."""

    def __init__(self, gen, ints):
        self.gen, self.ints = gen, list(ints)
        self.pointers, self.conds, self.loops = [], [], 0
        self.out = gen.chance(0.4)
        self.declared = []

    def whole(self):
        gen = self.gen
        lines = self.statements(gen.random.randint(3, 7), 0)
        head = ["int r = 0;"]
        if self.out:
            tail = ["out:"] + self.cleanup() + ["return r;"]
        else:
            tail = ["return r;"]
        return head + self.declared + lines + tail

    def cleanup(self):
        lines = []
        for name, type in self.pointers[:2]:
            if self.gen.chance(0.5):
                continue
            if self.gen.chance(1 - self.gen.risk):
                lines += ["if (?%s) {" % name, "@%s->flags = 0;" % name, "}"]
            else:
                lines += ["@%s->flags = 0;" % name]
        return lines

    def statements(self, n, depth):
        lines = []
        for _ in range(n):
            lines += self.statement(depth)
        return lines

    def statement(self, depth):
        gen = self.gen
        forms = [(4, self.new_pointer), (6, self.use_some), (2, self.assign), (2, self.get_out),
                 (1, self.flagged), (1, self.store)]
        if depth < 2:
            forms += [(3, self.branch), (1, self.loop), (1, self.search), (1, self.choice), (1, self.walk)]
        if gen.setters:
            forms.append((1, self.init))
        total = sum(weight for weight, _ in forms)
        at = gen.random.randrange(total)
        for weight, form in forms:
            at -= weight
            if at < 0:
                return tagged(form(depth), form.__name__)
        return []

    # ---- parts

    def cond(self):
        gen = self.gen
        if self.conds and gen.chance(0.45):
            cond = gen.pick(self.conds)
            if gen.chance(0.3):
                return "!(%s)" % cond
            return cond
        x = gen.pick(self.ints)
        k = gen.pick([0, 1, 2])
        form = gen.random.randrange(8)
        if form < 4:
            cond = "%s %s %d" % (x, gen.pick(["==", "!=", "<", ">", ">=", "<="]), k)
        elif form == 4:
            cond = x
        elif form == 5:
            cond = "%s & 1" % x
        elif form == 6:
            cond = "%s < %s" % (x, gen.pick([y for y in self.ints if y != x]))
        else:
            cond = "%s > %d %s %s == %d" % (x, k, gen.pick(["&&", "||"]), gen.pick(self.ints), gen.pick([0, 1, 2]))
        self.conds.append(cond)
        return cond

    def key(self):
        return self.gen.pick(self.ints + ["1", "2"])

    def searched(self):
        """What is in a table and what is not is up to the input, never to the program text."""
        return "decide() ? %d : 9" % self.gen.pick([0, 1, 2])

    def leave(self):
        gen = self.gen
        options = ["return -1;", "return r;"]
        if self.out:
            options = ["goto out;"] * 3
        if self.loops:
            options += ["continue;", "break;"]
        return gen.pick(options)

    def name(self, type):
        self.gen.counter += 1
        return "%s%d" % (type.name[0], self.gen.counter)

    def declare(self, type, value="NULL"):
        """Declared at the top, so that every label may be reached."""
        name = self.name(type)
        self.declared.append("%s *%s%s;" % (type.c, name, " = %s" % value if value else ""))
        if value:  # only who sets the others may read them
            self.pointers.append((name, type))
        return name

    def source(self, type):
        gen = self.gen
        options = [gen.object(type), "NULL"]
        for maker in gen.makers:
            if maker.type is type and maker.how == "return":
                key = self.searched() if maker.searches else self.key()
                options += ["~{%s(%s)}" % (maker.name, key)] * 2
        options += [name for name, t in gen.globals if t is type]
        options += [name for name, t in self.pointers if t is type]
        if gen.chance(0.15):
            return "%s ? %s : %s" % (self.cond(), gen.pick(options), gen.pick(options))
        return gen.pick(options)

    def new_pointer(self, depth):
        type = self.gen.pick(self.gen.types)
        value = self.source(type)
        name = self.declare(type)
        return ["%s = %s;" % (name, value)] + (self.use(name, type, depth) if self.gen.chance(0.5) else [])

    def assign(self, depth):
        if not self.pointers:
            return self.new_pointer(depth)
        name, type = self.gen.pick(self.pointers)
        line = "%s = %s;" % (name, self.source(type))
        if self.gen.chance(0.5):
            return ["if (%s) {" % self.cond(), line, "}"]
        return [line]

    def init(self, depth):
        fn, name, type = self.gen.pick(self.gen.setters)
        if self.gen.chance(0.8):
            lines = ["if (~{%s(%s)} %s 0) {" % (fn, self.key(), self.gen.pick(["!=", "<"])), self.leave(), "}"]
        else:
            lines = ["~{%s(%s)};" % (fn, self.key())]
        return lines + self.raw_use(name, type)

    # ---- uses

    def raw_use(self, p, type):
        gen = self.gen
        forms = ["r += @%s->%s;" % (p, gen.int_field()), "@%s->%s = %s;" % (p, gen.int_field(), gen.pick(self.ints))]
        users = [u for u in gen.users if u.type is type]
        if users and gen.chance(0.4):
            return ["r += ~{%s(%s, %s)};" % (gen.pick(users).name, p, self.key())]
        if gen.chance(0.15):
            field = gen.pick(list(type.fields))
            inner = self.declare(type.fields[field])
            return ["%s = @%s->%s;" % (inner, p, field)] + self.use(inner, type.fields[field], 2)
        return [gen.pick(forms)]

    def use_some(self, depth):
        candidates = self.pointers + self.gen.globals
        if not candidates:
            return self.new_pointer(depth)
        name, type = self.gen.pick(candidates[-4:])
        return self.use(name, type, depth)

    def use(self, p, type, depth):
        if self.gen.chance(self.gen.risk):
            return self.wrong_use(p, type)
        return self.right_use(p, type)

    def right_use(self, p, type):
        gen, raw = self.gen, self.raw_use(p, type)
        tests = [u for u in gen.users if u.how == "test" and u.type is type]
        forms = [
            lambda: ["if (?%s) {" % p] + raw + ["}"],
            lambda: ["if (?%s != NULL) {" % p] + raw + ["} else {", "r--;", "}"],
            lambda: ["if (!?%s) {" % p, self.leave(), "}"] + raw,
            lambda: ["if (?%s == NULL) {" % p, self.leave(), "}"] + raw,
            lambda: ["if (?%s && @%s->value < %s) {" % (p, p, gen.pick(self.ints))] + raw + ["}"],
            lambda: ["r += ?%s ? @%s->value : 0;" % (p, p)],
            lambda: ["if (!?%s || @%s->value == %s) {" % (p, p, gen.pick(self.ints)), self.leave(), "}"] + raw,
            lambda: ["if (!?%s) {" % p, "~~{%s(1)};" % gen.die(), "}"] + raw,
            lambda: ["CHECK(?%s);" % p] + raw,
            lambda: ["CHECK(IS_SET(?%s));" % p] + raw,
            lambda: ["RETURN_IF_NULL(?%s, -1);" % p] + raw,
            lambda: ["if (!?%s) {" % p, "%s = %s;" % (p, gen.object(type)), "}"] + raw,
            lambda: ["if (%s && ?%s) {" % (self.cond(), p)] + raw + ["}"],
            lambda: ["if (%s || !?%s) {" % (self.cond(), p), self.leave(), "}"] + raw,
        ]
        if tests:
            test = gen.pick(tests).name
            forms += [lambda: ["if (~{%s(%s, 0)}) {" % (test, p)] + raw + ["}"],
                      lambda: ["if (!~{%s(%s, 1)}) {" % (test, p), self.leave(), "}"] + raw]
        form = gen.random.randrange(len(forms))
        return tagged(forms[form](), "right%d" % form)

    def wrong_use(self, p, type):
        gen, raw = self.gen, self.raw_use(p, type)
        others = [name for name, t in self.pointers if t is type]
        forms = [
            lambda: raw, lambda: raw,
            lambda: ["if (!?%s) {" % p, "note(1);", "}"] + raw,
            lambda: ["if (!?%s) {" % p] + raw + ["}"],
            lambda: ["if (%s || ?%s) {" % (self.cond(), p)] + raw + ["}"],
            lambda: ["if (%s) {" % self.cond(), "if (!?%s) {" % p, self.leave(), "}", "}"] + raw,
            lambda: ["if (?%s) {" % p] + self.raw_use(p, type) + ["}"] + raw,
            lambda: ["if (!?%s && %s) {" % (p, self.cond()), self.leave(), "}"] + raw,
        ]
        if others:
            forms.append(lambda: ["if (!?%s) {" % gen.pick(others), self.leave(), "}"] + raw)
        form = gen.random.randrange(len(forms))
        return tagged(forms[form](), "wrong%d" % form)

    # ---- larger idioms

    def branch(self, depth):
        lines = ["if (%s) {" % self.cond()] + self.statements(self.gen.pick([1, 2]), depth + 1)
        if self.gen.chance(0.3):
            lines.append(self.leave())
        if self.gen.chance(0.4):
            lines += ["} else {"] + self.statements(1, depth + 1)
        return lines + ["}"]

    def get_out(self, depth):
        gen = self.gen
        makers = [m for m in gen.makers if m.how == "out"]
        if not makers:
            return self.new_pointer(depth)
        maker = gen.pick(makers)
        p = self.declare(maker.type, gen.pick(["NULL", ""]) if maker.unset else gen.pick(["NULL", "NULL", ""]))
        call = "~{%s(%s, &%s)}" % (maker.name, self.key(), p)
        good, bad = gen.pick(maker.good), gen.pick(maker.bad)
        if maker.wrong and gen.chance(gen.risk):
            bad = gen.pick(maker.wrong)
        raw = self.raw_use(p, maker.type)
        form = gen.random.randrange(5)
        if gen.chance(gen.risk):
            return ["%s;" % call] + self.use(p, maker.type, depth)
        if form == 0:
            return ["if (%s) {" % bad % call, self.leave(), "}"] + raw
        if form == 1:
            return ["if (%s) {" % good % call] + raw + ["}"]
        status = gen.fresh("status")
        self.declared.append("int %s = 0;" % status)
        lines = ["%s = %s;" % (status, call)]
        if form == 2:
            return lines + ["if (%s) {" % bad % status, "r = %s;" % status, self.leave(), "}"] + raw
        between = self.statements(1, depth + 1)
        if form == 3:
            return lines + between + ["if (%s) {" % good % status] + raw + ["}"]
        return lines + ["if (%s) {" % bad % status, "note(%s);" % status, self.leave(), "}"] + between + raw

    def flagged(self, depth):
        """A flag that says whether the pointer is there."""
        gen = self.gen
        type = gen.pick(gen.types)
        value = self.source(type)
        p = self.declare(type)
        flag = gen.fresh("have")
        self.declared.append("int %s = 0;" % flag)
        if gen.chance(0.5):
            lines = ["%s = %s;" % (p, value), "%s = %s;" % (flag, gen.pick(["?%s != NULL", "!!?%s", "?%s ? 1 : 0"]) % p)]
        else:
            lines = ["if (%s) {" % self.cond(), "%s = %s;" % (p, gen.object(type)), "%s = 1;" % flag, "}"]
        lines += self.statements(1, depth + 1)
        return lines + ["if (%s) {" % flag] + self.raw_use(p, type) + ["}"]

    def store(self, depth):
        """Through a field or a global, and back."""
        gen = self.gen
        if gen.globals and gen.chance(0.4):
            name, type = gen.pick(gen.globals)
            return ["%s = %s;" % (name, self.source(type))] + (self.use(name, type, depth) if gen.chance(0.6) else [])
        type = gen.pick(gen.types)
        field = gen.pick(list(type.fields))
        owner = self.declare(type, gen.object(type))
        inner = "@%s->%s" % (owner, field)
        value = self.source(type.fields[field])
        lines = ["@%s->%s = %s;" % (owner, field, value)] + self.statements(1, depth + 1)
        if gen.chance(0.4):
            return lines + ["if (?{%s}) {" % inner, "r += @{%s}->value;" % inner, "}"]
        if gen.chance(0.5):
            target = self.declare(type.fields[field])
            return lines + ["%s = %s;" % (target, inner)] + self.use(target, type.fields[field], depth)
        return lines + ["if (!?{%s}) {" % inner, self.leave(), "}", "r += @{%s}->value;" % inner]

    def loop(self, depth):
        i = self.gen.fresh("i")
        self.declared.append("int %s = 0;" % i)
        bound = self.gen.pick(["2", "3", self.gen.pick(self.ints)])
        self.loops += 1
        body = self.statements(self.gen.pick([1, 2]), depth + 1)
        self.loops -= 1
        return ["for (%s = 0; %s < %s; %s++) {" % (i, i, bound, i)] + body + ["}"]

    def search(self, depth):
        gen = self.gen
        type = gen.pick(gen.types)
        i = gen.fresh("i")
        self.declared.append("int %s = 0;" % i)
        p = self.declare(type)
        pool = "$%s_pool" % type.name
        wanted = gen.fresh("wanted")
        self.declared.append("int %s = 0;" % wanted)
        lines = ["%s = %s;" % (wanted, self.searched()), "for (%s = 0; %s < 3; %s++) {" % (i, i, i),
                 "if (%s[%s].key == %s) {" % (pool, i, wanted),
                 "%s = &%s[%s];" % (p, pool, i), "break;", "}", "}"]
        if gen.chance(0.3):
            return lines + ["if (%s == 3) {" % i, self.leave(), "}"] + self.raw_use(p, type)
        return lines + self.use(p, type, depth)

    def walk(self, depth):
        gen = self.gen
        type = gen.pick([t for t in gen.types if t.next])
        head = self.source(type)
        p = self.declare(type)
        form = gen.random.randrange(3)
        if form == 0:
            return ["for (%s = %s; ?%s; %s = @%s->next) {" % (p, head, p, p, p)] + self.raw_use(p, type) + ["}"]
        if form == 1:
            return (["%s = %s;" % (p, head), "while (?%s && @%s->key != %s) {" % (p, p, self.key()),
                     "%s = @%s->next;" % (p, p), "}"] + self.use(p, type, depth))
        return (["%s = %s;" % (p, head)] + (["if (?%s) {" % p, "while (@%s->next) {" % p,
                "%s = @%s->next;" % (p, p), "}", "@%s->value = 1;" % p, "}"]))

    def choice(self, depth):
        gen = self.gen
        type = gen.pick(gen.types)
        p = self.declare(type)
        lines = ["switch (%s) {" % gen.pick(self.ints)]
        for label in ["case 0:", "case 1:", "default:"][:gen.pick([2, 3])]:
            lines += [label, "%s = %s;" % (p, gen.pick([gen.object(type), gen.object(type), self.source(type)])), "break;"]
        return lines + ["}"] + self.use(p, type, depth)


def generate(seed):
    return Generator(seed).program()
