"""Larger idioms of service code: each brings the helpers it needs, and uses them right or wrong.

A wrong form is one that people write: it is chosen with the program's own rate of mistakes.
"""
from program import tagged

ALL = []


def idiom(weight=1):
    def add(form):
        ALL.append((weight, form))
        return form
    return add


def right(body):
    return not body.gen.chance(body.gen.risk)


def guarded(body, p, lines, likely=True):
    """The lines behind a test of p, or, by mistake, without one."""
    if not right(body):
        return lines
    form = body.gen.random.randrange(3)
    if form == 0 or not likely:
        return ["if (?{%s}) {" % p] + lines + ["}"]
    if form == 1:
        return ["if (!?{%s}) {" % p, body.leave(), "}"] + lines
    return ["if (?{%s} == NULL) {" % p, body.leave(), "} else {"] + lines + ["}"]


def linked(body):
    return body.gen.pick([t for t in body.gen.types if t.next])


def number(body, base, value="0"):
    name = body.gen.fresh(base)
    body.declared.append("int %s = %s;" % (name, value))
    return name


# ---- results tested where they come in


@idiom(2)
def assigned_in_condition(body, depth):
    gen = body.gen
    type = gen.pick(gen.types)
    source = body.source(type)
    p = body.declare(type)
    raw = body.raw_use(p, type)
    if right(body):
        return gen.pick([
            lambda: ["if (?{(%s = %s)} != NULL) {" % (p, source)] + raw + ["}"],
            lambda: ["if (!?{(%s = %s)}) {" % (p, source), body.leave(), "}"] + raw,
            lambda: ["if (?{(%s = %s)} == NULL || @%s->value > %s) {" % (p, source, p, gen.pick(body.ints)), body.leave(),
                     "}"] + raw,
        ])()
    return ["if (?{(%s = %s)} == NULL) {" % (p, source), "note(2);", "}"] + raw


@idiom()
def required(body, depth):
    """A function that only comes back when its argument is true."""
    gen = body.gen
    type = gen.pick(gen.types)
    source = body.source(type)
    p = body.declare(type)

    def make():
        gen.function("void $require(int what, int code)", ["if (!what) {", "~~{%s(code)};" % gen.die(), "}"])
    gen.helper("require", make)
    test = "?%s != NULL" % p if right(body) else "%s" % body.cond()
    return ["%s = %s;" % (p, source), "~~{$require(%s, 3)};" % test] + body.raw_use(p, type)


@idiom()
def invalid(body, depth):
    """A predicate that says what is wrong with an object."""
    gen = body.gen
    type = gen.pick(gen.types)
    name = "$invalid_%s" % type.name

    def make():
        gen.function("int %s(const %s *it)" % (name, type.c), gen.pick([
            ["return ?it == NULL || @it->value < 0;"],
            ["if (!?it) {", "return 1;", "}", "if (@it->value < 0) {", "return 2;", "}", "return 0;"],
            ["int bad = !?it;", "if (!bad && @it->flags > 3) {", "bad = 2;", "}", "return bad;"]]))
    gen.helper(name, make)
    source = body.source(type)
    p = body.declare(type)
    lines = ["%s = %s;" % (p, source)]
    if right(body):
        test = gen.pick(["~{%s(?%s)}", "~{%s(?%s)} != 0", "~{%s(?%s)} > 0"]) % (name, p)
        return lines + ["if (%s) {" % test, body.leave(), "}"] + body.raw_use(p, type)
    return lines + ["if (~{%s(?%s)} == %d) {" % (name, p, gen.pick([0, 2])), "note(1);", "} else {"] + body.raw_use(p, type) + ["}"]


# ---- memory of more than one kind, one label to clean it up


@idiom(2)
def two_resources(body, depth):
    """Two allocations, the second fails after the first was made."""
    gen = body.gen
    first, second = gen.pick(gen.types), gen.pick(gen.types)
    name = gen.fresh("$open")
    ok = right(body)
    field = next((f for f, t in first.fields.items() if t is second), None)
    lines = ["%s *one = NULL;" % first.c, "%s *two = NULL;" % second.c, "int status = -1;"]
    lines += ["one = malloc(sizeof *one);", "if (!?one) {", "goto out;" if ok or gen.chance(0.7) else "note(1);", "}",
              "@one->key = key;", "@one->value = 0;"]
    lines += ["@one->%s = NULL;" % f for f in first.fields] + (["@one->next = NULL;"] if first.next else [])
    lines += ["if (key < %d) {" % gen.pick([0, 1]), "goto out;", "}"]
    lines += ["two = calloc(1, sizeof *two);", "if (!?two) {", "goto out;", "}", "@two->key = key;"]
    if field:
        lines.append("@one->%s = two;" % field)
    lines += ["status = 0;", "note(status);"]
    if ok:
        lines += ["out:", "if (?two) {", "@two->flags = status;", "}", "if (?one) {", "@one->flags = status;", "}"]
    else:
        lines += ["out:", "@%s->flags = status;" % gen.pick(["one", "two"])]
    lines += ["free(two);", "free(one);", "return status;"]
    gen.function("int %s(int key)" % name, lines)
    return ["r += ~{%s(%s)};" % (name, body.key())]


@idiom(2)
def constructor(body, depth):
    """An object whose part is always there, or should be."""
    gen = body.gen
    owner = gen.pick(gen.types)
    field, part = gen.pick(list(owner.fields.items()))
    name = "$%s_make_%s" % (owner.name, field)

    def make():
        lines = ["%s *made = calloc(1, sizeof *made);" % owner.c, "if (!?made) {", "return NULL;", "}",
                 "@made->key = key;", "@made->%s = malloc(sizeof *@made->%s);" % (field, field)]
        if right(body):
            lines += ["if (!?{@made->%s}) {" % field, "free(made);", "return NULL;", "}"]
        elif gen.chance(0.5):
            lines += ["if (!?{@made->%s}) {" % field, "return made;", "}"]
        else:
            lines += ["if (key == 0) {", "@made->%s = NULL;" % field, "return made;", "}", "if (!?{@made->%s}) {" % field,
                      "return NULL;", "}"]
        lines += ["@{@made->%s}->key = key;" % field, "@{@made->%s}->value = 1;" % field, "return made;"]
        gen.function("%s *%s(int key)" % (owner.c, name), lines)
    gen.helper(name, make)
    p = body.declare(owner)
    return (["%s = ~{%s(%s)};" % (p, name, body.key())] +
            guarded(body, p, ["r += @{@%s->%s}->key;" % (p, field)] +
                    (["@%s->%s = NULL;" % (p, field)] if gen.chance(0.2) else []) + ["@%s->value = 2;" % p]))


# ---- state that says whether the pointer is there


@idiom()
def flag_bit(body, depth):
    """A bit of the owner says that a field is set."""
    gen = body.gen
    owner = gen.pick(gen.types)
    field, part = gen.pick(list(owner.fields.items()))
    p = body.declare(owner, gen.object(owner))
    bit = gen.pick([1, 2, 4])
    lines = ["@%s->flags = 0;" % p, "@%s->%s = NULL;" % (p, field)]
    lines += ["if (%s) {" % body.cond(), "@%s->%s = %s;" % (p, field, gen.object(part)), "@%s->flags |= %d;" % (p, bit), "}"]
    if not right(body):
        lines += ["if (%s) {" % body.cond(), "@%s->flags |= %d;" % (p, bit), "}"]
    return lines + ["if (@%s->flags & %d) {" % (p, bit), "r += @{@%s->%s}->value;" % (p, field), "}"]


@idiom()
def counted(body, depth):
    """A count that is zero when there is nothing."""
    gen = body.gen
    type = gen.pick(gen.types)
    p, n = body.declare(type), number(body, "count")
    lines = ["if (%s) {" % body.cond(), "%s = %s;" % (p, gen.object(type)), "%s = %s;" % (n, gen.pick(["1", "3"])), "}"]
    use = ["r += @%s->key;" % p]
    if right(body):
        return lines + gen.pick([["if (%s > 0) {" % n] + use + ["}"], ["if (%s == 0) {" % n, body.leave(), "}"] + use,
                                 ["while (%s > 0) {" % n] + use + ["%s--;" % n, "}"]])
    return lines + ["if (%s >= 0) {" % n] + use + ["}"]


@idiom()
def error_variable(body, depth):
    """A global that says whether the last call failed."""
    gen = body.gen
    type = gen.pick(gen.types)
    name = "$lookup_%s" % type.name

    def make():
        gen.helper("last_error", lambda: gen.global_int("$last_error"))
        gen.function("%s *%s(int key)" % (type.c, name),
                     ["if (key == %d) {" % gen.pick([0, 1]), "$last_error = 2;", "return NULL;", "}",
                      "$last_error = 0;", "return %s;" % gen.object(type)])
    gen.helper(name, make)
    p = body.declare(type)
    lines = ["%s = ~{%s(%s)};" % (p, name, body.key())]
    if right(body):
        return lines + ["if ($last_error != 0) {", body.leave(), "}"] + body.raw_use(p, type)
    return lines + ["if ($last_error == 1) {", body.leave(), "}"] + body.raw_use(p, type)


# ---- records on the stack


@idiom(2)
def context(body, depth):
    """A record of the caller that a helper fills."""
    gen = body.gen
    type = gen.pick(gen.types)
    record = "struct $context_%s" % type.name
    name = "$fill_%s" % type.name

    def make():
        gen.structs += ["%s {" % record, "int ready;", "%s *current, *other;" % type.c, "};"]
        lines = ["@into->ready = 0;"]
        if gen.chance(0.6):
            lines.append("@into->current = NULL;")
        lines += ["if (key < 1) {", "return -1;", "}"]
        finders = [m for m in gen.makers if m.type is type and m.how == "return" and not m.searches]
        if finders and gen.chance(0.6):
            lines += ["@into->current = ~{%s(key)};" % gen.pick(finders).name]
            if right(body):
                lines += ["if (!?{@into->current}) {", "return -2;", "}"]
        else:
            lines.append("@into->current = %s;" % gen.object(type))
        lines += ["@into->ready = 1;", "return 0;"]
        gen.function("int %s(%s *into, int key)" % (name, record), lines)
    gen.helper(name, make)
    local = gen.fresh("context")
    body.declared.append("%s %s = {0};" % (record, local))
    use = ["r += @{%s.current}->value;" % local]
    if gen.chance(0.2):
        use.append("r += %s.other ? @{%s.other}->key : 0;" % (local, local))
    call = "~{%s(&%s, %s)}" % (name, local, body.key())
    if right(body):
        return gen.pick([
            lambda: ["if (%s != 0) {" % call, body.leave(), "}"] + use,
            lambda: ["if (%s == 0) {" % call] + use + ["}"],
            lambda: ["%s;" % call, "if (%s.ready) {" % local] + use + ["}"],
            lambda: ["%s;" % call, "if (?{%s.current}) {" % local] + use + ["}"],
        ])()
    return gen.pick([
        lambda: ["%s;" % call] + use,
        lambda: ["if (%s == -1) {" % call, body.leave(), "}"] + use,
        lambda: ["if (%s != 0) {" % call, "note(3);", "}"] + use,
        lambda: ["if (%s == 0) {" % call, "r += @{%s.other}->value;" % local, "}"],
    ])()


@idiom()
def slots(body, depth):
    """An array of pointers."""
    gen = body.gen
    type = gen.pick(gen.types)
    name = gen.fresh("slots")
    body.declared.append("%s *%s[3] = {NULL, NULL, NULL};" % (type.c, name))
    lines = ["%s[0] = %s;" % (name, body.source(type)), "if (%s) {" % body.cond(), "%s[1] = %s;" % (name, gen.object(type)), "}"]
    lines += body.statements(1, depth + 1)
    at = gen.pick([0, 1, 1, 2])
    return lines + guarded(body, "%s[%d]" % (name, at), ["r += @{%s[%d]}->value;" % (name, at)])


@idiom()
def dropped(body, depth):
    """A helper that clears the caller's pointer."""
    gen = body.gen
    type = gen.pick(gen.types)
    name = "$drop_%s" % type.name

    def make():
        gen.function("void %s(%s **it, int keep)" % (name, type.c), gen.pick([
            ["*@it = NULL;", "note(keep);"],
            ["if (!keep) {", "*@it = NULL;", "}"],
            ["if (?{*@it} && !keep) {", "@{(*@it)}->flags = 0;", "*@it = NULL;", "}"]]))
    gen.helper(name, make)
    p = body.declare(type, gen.object(type))
    lines = body.use(p, type, depth) if gen.chance(0.4) else []
    call = ["~~{%s(&%s, %s)};" % (name, p, gen.pick(body.ints + ["0", "1"]))]
    if gen.chance(0.5):
        call = ["if (%s) {" % body.cond()] + call + ["}"]
    return lines + call + guarded(body, p, body.raw_use(p, type))


@idiom()
def swapped(body, depth):
    gen = body.gen
    type = gen.pick(gen.types)
    name = "$swap_%s" % type.name
    gen.helper(name, lambda: gen.function(
        "void %s(%s **x, %s **y)" % (name, type.c, type.c),
        ["%s *old = *@x;" % type.c, "*@x = *@y;", "*@y = old;"]))
    p, q = body.declare(type), body.declare(type, gen.object(type))
    lines = ["~~{%s(&%s, &%s)};" % (name, p, q)]
    if gen.chance(0.4):
        lines = ["if (%s) {" % body.cond()] + lines + ["}"]
    return lines + ["r += @%s->key;" % p if not right(body) else "r += ?%s ? @%s->key : 0;" % (p, p)] + body.use(q, type, depth)


# ---- lists


def list_functions(gen, type):
    push, find, remove = ["$%s_%s" % (type.name, verb) for verb in ("push", "find", "remove")]

    def make():
        gen.function("int %s(%s **head, int key)" % (push, type.c),
                     ["%s *made = malloc(sizeof *made);" % type.c, "if (!?made) {", "return -1;", "}", "@made->key = key;",
                      "@made->value = 0;", "@made->flags = 0;"] + ["@made->%s = NULL;" % f for f in type.fields] +
                     ["@made->next = *@head;", "*@head = made;", "return 0;"])
        gen.function("%s *%s(%s *head, int key)" % (type.c, find, type.c), gen.pick([
            ["%s *at;" % type.c, "for (at = head; ?at; at = @at->next) {", "if (@at->key == key) {", "return at;", "}", "}", "return NULL;"],
            ["while (?head && @head->key != key) {", "head = @head->next;", "}", "return head;"],
            ["if (!?head || @head->key == key) {", "return head;", "}", "return ~{%s(@head->next, key)};" % find]]))
        gen.function("int %s(%s **head, int key)" % (remove, type.c), gen.pick([
            ["%s **at;" % type.c, "for (at = head; ?{*@at}; at = &@{(*@at)}->next) {", "if (@{(*@at)}->key == key) {",
             "*@at = @{(*@at)}->next;", "return 1;", "}", "}", "return 0;"],
            ["%s *at, *before = NULL;" % type.c, "for (at = *@head; ?at; before = at, at = @at->next) {",
             "if (@at->key == key) {", "break;", "}", "}", "if (!?at) {", "return 0;", "}"] +
            (["if (?before) {", "@before->next = @at->next;", "} else {", "*@head = @at->next;", "}"] if gen.chance(1 - gen.risk)
             else ["@before->next = @at->next;"]) + ["return 1;"]]))
    gen.helper("list " + type.name, make)
    return push, find, remove


@idiom(2)
def list_of_mine(body, depth):
    gen = body.gen
    type = linked(body)
    push, find, remove = list_functions(gen, type)
    head = body.declare(type)
    lines = []
    for key in gen.random.sample(["0", "1", gen.pick(body.ints)], 2):
        form = gen.random.randrange(3)
        call = "~{%s(&%s, %s)}" % (push, head, key)
        lines += [["if (%s != 0) {" % call, body.leave(), "}"], ["if (%s < 0) {" % call, "note(1);", "}"],
                  ["if (%s) {" % body.cond(), "%s;" % call, "}"]][form]
    form = gen.random.randrange(4)
    if form == 0:
        p = body.declare(type)
        return lines + ["%s = ~{%s(%s, %s)};" % (p, find, head, body.key())] + guarded(body, p, ["r += @%s->key;" % p])
    if form == 1:
        return lines + ["~{%s(&%s, %s)};" % (remove, head, body.key())] + guarded(body, head, ["r += @%s->key;" % head])
    if form == 2:
        return lines + guarded(body, head, ["r += @%s->value;" % head])
    if right(body):
        return lines + ["if (?%s && ?{@%s->next}) {" % (head, head), "r += @{@%s->next}->key;" % head, "}"]
    return lines + ["if (?%s) {" % head, "r += @{@%s->next}->key;" % head, "}"]


@idiom()
def before_and_at(body, depth):
    """Two pointers that walk a list, one behind the other."""
    gen = body.gen
    type = linked(body)
    source = body.source(type)
    at, before = body.declare(type), body.declare(type)
    lines = ["%s = NULL;" % before,
             "for (%s = %s; ?%s; %s = @%s->next) {" % (at, source, at, at, at), "if (@%s->value == %s) {" % (at, gen.pick(body.ints)),
             "break;", "}", "%s = %s;" % (before, at), "}"]
    form = gen.random.randrange(3)
    if form == 0:
        return lines + guarded(body, before, ["r += @%s->key;" % before])
    if form == 1:
        return lines + guarded(body, at, ["r += @%s->key;" % at])
    return lines + ["if (?%s && ?%s) {" % (at, before) if right(body) else "if (?%s) {" % at, "@%s->flags = @%s->flags;" % (before, at), "}"]


@idiom()
def recursion(body, depth):
    gen = body.gen
    type = linked(body)
    name = "$depth_%s" % type.name
    ok = right(body)
    gen.helper(name, lambda: gen.function(
        "int %s(%s *it)" % (name, type.c),
        (["if (!?it) {", "return 0;", "}"] if ok else ["if (!?{@it->next}) {", "return 1;", "}"]) +
        ["return 1 + ~{%s(@it->next)};" % name]))
    source = body.source(type)
    p = body.declare(type)
    return ["%s = %s;" % (p, source)] + (["r += ~{%s(%s)};" % (name, p)] if gen.chance(0.5) else
                                         guarded(body, p, ["r += ~{%s(%s)};" % (name, p)]))


# ---- functions as values


@idiom(2)
def table(body, depth):
    """A table of operations with an empty slot."""
    gen = body.gen
    type = gen.pick(gen.types)
    record = "struct $ops_%s" % type.name
    one, two, choose = "$%s_fast" % type.name, "$%s_slow" % type.name, "$%s_ops" % type.name

    def make():
        gen.structs += ["%s {" % record, "%s *(*find)(int key);" % type.c, "int (*use)(%s *it, int mode);" % type.c, "};"]
        gen.function("%s *$%s_any(int key)" % (type.c, type.name),
                     ["if (key > 1) {", "return NULL;", "}", "return %s;" % gen.object(type)])
        gen.function("int $%s_touch(%s *it, int mode)" % (type.name, type.c),
                     ["@it->flags = mode;", "return 0;"] if gen.chance(0.5) else ["return ?it ? @it->flags : mode;"])
        find, use = ".find = $%s_any" % type.name, ".use = $%s_touch" % type.name
        for table_name, parts in ((one, [find, use]), (two, gen.pick([[find], [use], [find, use]]))):
            gen.header_tail.append("extern const %s %s;" % (record, table_name))
            gen.units[0].append(["const %s %s = {%s};" % (record, table_name, ", ".join(parts))])
        gen.function("const %s *%s(int kind)" % (record, choose),
                     ["if (kind < 0) {", "return NULL;", "}", "return kind > 1 ? &%s : &%s;" % (two, one)])
    gen.helper("ops " + type.name, make)
    ops = gen.fresh("ops")
    body.declared.append("const %s *%s = NULL;" % (record, ops))
    p = body.declare(type, gen.pick([gen.object(type), "NULL"]))
    lines = ["%s = %s;" % (ops, gen.pick(["&" + one, "&" + two, "~{%s(%s)}" % (choose, body.key()), "%s ? &%s : &%s" % (body.cond(), one, two)]))]
    find = ["%s = ~{^{@%s->find}(%s)};" % (p, ops, body.key())]
    use = ["r += ~{^{@%s->use}(%s, %s)};" % (ops, p, body.key())]
    use = guarded(body, p, use, likely=False)
    lines += guarded(body, ops, guarded(body, "@%s->find" % ops, find, likely=False) +
                     guarded(body, "@%s->use" % ops, use, likely=False))
    return lines


@idiom(2)
def callback(body, depth):
    """A function that calls back with what it was handed."""
    gen = body.gen
    type = linked(body)
    each = "$each_%s" % type.name

    def make():
        gen.function("int %s(%s *from, int (*visit)(%s *it, void *data), void *data)" % (each, type.c, type.c),
                     ["int n = 0;"] + gen.pick([
                         ["for (; ?from; from = @from->next) {", "n += ~{^visit(from, data)};", "}"],
                         ["while (?from) {", "if (?visit) {", "n += ~{^visit(from, data)};", "}", "from = @from->next;", "}"],
                         ["if (!?from) {", "return 0;", "}", "n = ~{^visit(from, data)};"]]) + ["return n;"])
    gen.helper(each, make)
    data = gen.pick(gen.types)
    visit = gen.fresh("$visit")
    lines = ["%s *mine = data;" % data.c]
    lines += ["return ?mine ? @mine->value + @it->value : 0;"] if right(body) else ["@mine->value += @it->value;", "return 1;"]
    gen.function("int %s(%s *it, void *data)" % (visit, type.c), lines)
    what = gen.pick(["NULL", gen.object(data), gen.object(data)] + [n for n, t in body.pointers if t is data])
    source = body.source(type)
    head = body.declare(type)
    return ["%s = %s;" % (head, source), "r += ~{%s(%s, %s, %s)};" % (each, head, visit if gen.chance(0.9) else "NULL", what)]


@idiom()
def hook(body, depth):
    """A handler that may have been registered."""
    gen = body.gen
    type = gen.pick(gen.types)
    name, handler = "$hook_%s" % type.name, "$on_%s" % type.name

    def make():
        gen.header_tail.append("extern PDATA int (*%s)(%s *it);" % (name, type.c))
        gen.units[0].append(["PDATA int (*%s)(%s *it);" % (name, type.c)])
        gen.function("int %s(%s *it)" % (handler, type.c), gen.pick([["return @it->flags;"], ["return ?it ? @it->key : 0;"]]))
        gen.start += ["if (decide()) {", "%s = %s;" % (name, handler), "}"]
    gen.helper(name, make)
    p = body.declare(type, gen.pick([gen.object(type), "NULL"]))
    return guarded(body, name, guarded(body, p, ["r += ~{^%s(%s)};" % (name, p)], likely=False))


# ---- made once, when first asked for


@idiom()
def on_demand(body, depth):
    gen = body.gen
    type = gen.pick(gen.types)
    name, kept = "$shared_%s" % type.name, "$kept_%s" % type.name

    def make():
        gen.header_tail.append("extern PDATA %s *%s;" % (type.c, kept))
        gen.units[0].append(["PDATA %s *%s;" % (type.c, kept)])
        fill = gen.pick([["%s = %s;" % (kept, gen.object(type))],
                         ["%s = calloc(1, sizeof *%s);" % (kept, kept)],
                         ["%s = calloc(1, sizeof *%s);" % (kept, kept), "if (!?%s) {" % kept, "~~{%s(4)};" % gen.die(), "}"]])
        gen.function("%s *%s(void)" % (type.c, name), ["if (!?%s) {" % kept] + fill + ["}", "return %s;" % kept])
    gen.helper(name, make)
    p = body.declare(type)
    return ["%s = ~{%s()};" % (p, name)] + (body.raw_use(p, type) if gen.chance(0.5) else guarded(body, p, body.raw_use(p, type)))


# ---- text


@idiom()
def text(body, depth):
    """Library functions that find nothing."""
    gen = body.gen
    name = gen.fresh("text")
    body.declared.append("const char *%s = NULL;" % name)
    if gen.chance(0.3):
        lines = ["%s = getenv(\"MODE\");" % name]
    else:
        lines = ["%s = strchr(decide() ? \"key=value\" : \"key\", '=');" % name]
    return lines + guarded(body, name, ["r += *@%s;" % name])


def lines_of(body, depth, form):
    return tagged(form(body, depth), form.__name__)
