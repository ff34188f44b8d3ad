"""The body of a handler: declarations, then statements at random."""
import functools

import idioms
import idioms_more  # noqa: F401  its idioms enter the list of idioms
from program import tagged


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
            forms += [(weight, functools.partial(idioms.lines_of, self, form=form)) for weight, form in idioms.ALL]
        total = sum(weight for weight, _ in forms)
        at = gen.random.randrange(total)
        for weight, form in forms:
            at -= weight
            if at < 0:
                return tagged(form(depth=depth), getattr(form, "__name__", ""))
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
        options = [gen.some_object(type), "NULL"]
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
            forms += [lambda: ["if (~{%s(?%s, %s)}) {" % (test, p, gen.pick(self.ints))] + raw + ["}"],
                      lambda: ["if (!~{%s(?%s, %s)}) {" % (test, p, gen.pick(self.ints)), self.leave(), "}"] + raw]
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
