"""Further idioms; the first ones and the registry are in idioms.py."""
from idioms import guarded, idiom, linked, number, right


def getter(body):
    return next((m for m in body.gen.random.sample(body.gen.makers, len(body.gen.makers)) if m.how == "out"), None)


# ---- statuses


@idiom(2)
def two_outs(body, depth):
    """One call, two results, which come together or not at all."""
    gen = body.gen
    one, two = gen.pick(gen.types), gen.pick(gen.types)
    name = gen.fresh("$pair")
    ok = right(body)
    lines = ["*@first = NULL;", "*@second = NULL;", "if (key < 0) {", "return -1;", "}", "*@first = %s;" % gen.object(one)]
    if not ok:
        lines += ["if (key == 1) {", "return 0;", "}"]
    lines += ["if (key > 1) {", "*@first = NULL;" if gen.chance(0.5) else "note(key);", "return -2;", "}",
              "*@second = %s;" % gen.object(two), "return 0;"]
    gen.function("int %s(int key, %s **first, %s **second)" % (name, one.c, two.c), lines)
    p, q = body.declare(one), body.declare(two)
    use = ["r += @%s->key;" % p, "r += @%s->value;" % q]
    call = "~{%s(%s, &%s, &%s)}" % (name, body.key(), p, q)
    if right(body):
        return gen.pick([["if (%s != 0) {" % call, body.leave(), "}"] + use, ["if (!%s) {" % call] + use + ["}"],
                         ["%s;" % call, "if (?%s && ?%s) {" % (p, q)] + use + ["}"],
                         ["%s;" % call, "if (?%s) {" % q] + use + ["}"]])
    return ["%s;" % call, "if (?%s) {" % p] + use + ["}"]


@idiom(2)
def status_collected(body, depth):
    """Statuses of several calls in one variable."""
    gen = body.gen
    maker = getter(body)
    if not maker or "%s != 0" not in maker.bad:
        return two_outs(body, depth)
    p, q = body.declare(maker.type), body.declare(maker.type)
    status = number(body, "status")
    first, second = ["~{%s(%s, &%s)}" % (maker.name, body.key(), v) for v in (p, q)]
    use = ["r += @%s->key;" % p, "r += @%s->value;" % q]
    form = gen.random.randrange(4)
    if form == 0:
        lines = ["%s = %s;" % (status, first), "%s |= %s;" % (status, second)]
    elif form == 1:
        lines = ["%s = %s;" % (status, first), "if (%s == 0) {" % status, "%s = %s;" % (status, second), "}"]
    elif form == 2:
        lines = ["%s = %s != 0 || %s != 0;" % (status, first, second)]
    else:
        lines = ["%s = %s != 0;" % (status, first), "if (!%s) {" % status, "%s = %s ? -1 : 0;" % (status, second), "}"]
    if not right(body):
        lines = ["%s = %s;" % (status, first), "%s = %s;" % (status, second)]
    return lines + gen.pick([["if (%s != 0) {" % status, body.leave(), "}"] + use, ["if (!%s) {" % status] + use + ["}"]])


@idiom()
def status_kept(body, depth):
    """The outcome of a comparison, tested later."""
    gen = body.gen
    maker = getter(body)
    if not maker:
        return two_outs(body, depth)
    p = body.declare(maker.type)
    ok = number(body, "ok")
    lines = ["%s = %s;" % (ok, gen.pick(maker.good) % "~{%s(%s, &%s)}" % (maker.name, body.key(), p))]
    lines = [lines[0].replace(" = !~", " = !~")]
    lines += body.statements(1, depth + 1)
    if not right(body):
        return lines + ["if (%s || %s) {" % (ok, body.cond()), "r += @%s->key;" % p, "}"]
    return lines + gen.pick([["if (%s) {" % ok, "r += @%s->key;" % p, "}"], ["if (!%s) {" % ok, body.leave(), "}", "r += @%s->key;" % p],
                             ["r += %s ? @%s->key : 0;" % (ok, p)], ["if (%s && @%s->value < %s) {" % (ok, p, gen.pick(body.ints)), "r++;", "}"]])


@idiom()
def layers(body, depth):
    """A pointer handed down through functions, one of which tests it."""
    gen = body.gen
    type = gen.pick(gen.types)
    names = [gen.fresh("$layer") for _ in range(gen.pick([2, 3]))]
    tests = gen.random.randrange(len(names)) if right(body) else None
    for at in range(len(names)):
        lines = []
        if at == tests:
            lines = gen.pick([["if (!?it) {", "return -1;", "}"], ["if (?it == NULL || mode == 2) {", "return 0;", "}"]])
        if at + 1 < len(names):
            call = "~{%s(it, mode)}" % names[at + 1]
            lines += gen.pick([["return %s;" % call], ["int r = %s;" % call, "if (r < 0) {", "return r;", "}", "return r + mode;"],
                               ["if (mode == 1) {", "return 0;", "}", "return %s;" % call]])
        else:
            lines += ["return @it->value;"]
        gen.function("int %s(%s *it, int mode)" % (names[at], type.c), lines)
    source = body.source(type)
    p = body.declare(type)
    return ["%s = %s;" % (p, source), "r += ~{%s(%s, %s)};" % (names[0], p, body.key())]


# ---- loops


@idiom()
def retried(body, depth):
    gen = body.gen
    maker = next((m for m in gen.makers if m.how == "return"), None)
    p, n = body.declare(maker.type), number(body, "tries")
    lines = ["do {", "%s = ~{%s(decide() ? %s : 9)};" % (p, maker.name, gen.pick(["0", "1", "2"])), "%s++;" % n,
             "} while (!?%s && %s < 2);" % (p, n)]
    return lines + guarded(body, p, ["r += @%s->key;" % p])


@idiom()
def pump(body, depth):
    """The next one, until there is none."""
    gen = body.gen
    type = linked(body)
    name = "$next_%s" % type.name
    gen.helper(name, lambda: gen.function("%s *%s(%s *it)" % (type.c, name, type.c),
                                          gen.pick([["return ?it ? @it->next : NULL;"], ["return @it->next;"]])))
    p, q = body.declare(type, gen.object(type)), body.declare(type)
    lines = ["while ((%s = ~{%s(%s)}) != NULL) {" % (q, name, p), "r += @%s->key;" % q, "%s = %s;" % (p, q), "}"]
    return lines + (["r += @%s->value;" % p] if right(body) else ["r += @%s->value;" % q])


@idiom()
def array_of(body, depth):
    """So many entries are filled, and so many are used."""
    gen = body.gen
    type = gen.pick(gen.types)
    many, n, i = gen.fresh("many"), number(body, "n"), number(body, "i")
    body.declared.append("%s *%s[4] = {NULL};" % (type.c, many))
    lines = ["%s = 0;" % n, "for (%s = 0; %s < 3 && %s < %s; %s++) {" % (i, i, i, gen.pick(body.ints), i),
             "%s[%s++] = %s;" % (many, n, gen.object(type)), "}"]
    limit = n if right(body) else "3"
    return lines + ["for (%s = 0; %s < %s; %s++) {" % (i, i, limit, i), "r += @{%s[%s]}->key;" % (many, i), "}"]


@idiom()
def last_of(body, depth):
    """The best entry so far."""
    gen = body.gen
    type = linked(body)
    source = body.source(type)
    at, best = body.declare(type), body.declare(type)
    lines = ["%s = NULL;" % best, "for (%s = %s; ?%s; %s = @%s->next) {" % (at, source, at, at, at),
             "if (!?%s || @%s->value > @%s->value) {" % (best, at, best), "%s = %s;" % (best, at), "}", "}"]
    return lines + guarded(body, best, ["r += @%s->key;" % best])


# ---- one or the other


@idiom()
def fallback(body, depth):
    gen = body.gen
    type = gen.pick(gen.types)
    first, second = body.source(type), gen.object(type) if right(body) else body.source(type)
    p = body.declare(type)
    form = gen.random.randrange(3)
    if form == 0 and "?" not in first + second:
        lines = ["%s = %s;" % (p, first), "%s = ?%s ? %s : %s;" % (p, p, p, second)]
    elif form == 1:
        name = "$either_%s" % type.name
        gen.helper(name, lambda: gen.function("%s *%s(%s *x, %s *y)" % (type.c, name, type.c, type.c),
                                              gen.pick([["return ?x ? x : y;"], ["if (?x == NULL) {", "return y;", "}", "return x;"]])))
        lines = ["%s = ~{%s(%s, %s)};" % (p, name, first, second)]
    else:
        lines = ["%s = %s;" % (p, first), "if (!?%s) {" % p, "%s = %s;" % (p, second), "}"]
    return lines + ["r += @%s->key;" % p]


@idiom()
def accessor(body, depth):
    """A variable of another file, behind functions."""
    gen = body.gen
    type = gen.pick(gen.types)
    read, write, kept = ["$%s_%s" % (type.name, word) for word in ("current", "select", "selected")]

    def make():
        unit = gen.pick(gen.units)
        unit.append(["static PDATA %s *%s;" % (type.c, kept)])
        gen.function("%s *%s(void)" % (type.c, read), ["return %s;" % kept], unit)
        gen.function("void %s(int key)" % write, ["%s = key > 0 ? %s : NULL;" % (kept, gen.object(type))], unit)
    gen.helper(read, make)
    lines = ["~~{%s(%s)};" % (write, body.key())] if gen.chance(0.7) else []
    p = body.declare(type)
    return lines + ["%s = ~{%s()};" % (p, read)] + guarded(body, p, body.raw_use(p, type))


# ---- records in records


@idiom()
def nested(body, depth):
    gen = body.gen
    type = gen.pick(gen.types)
    outer = "struct $outer_%s" % type.name
    name = "$outer_init_%s" % type.name

    def make():
        gen.structs += ["struct $inner_%s {" % type.name, "int count;", "%s *it;" % type.c, "};",
                        "%s {" % outer, "int id;", "struct $inner_%s inner;" % type.name, "};"]
        gen.function("void %s(struct $inner_%s *in, int key)" % (name, type.name),
                     ["@in->count = 0;", "@in->it = NULL;", "if (key > 0) {", "@in->it = %s;" % gen.object(type), "@in->count = 1;", "}"])
    gen.helper(name, make)
    local = gen.fresh("outer")
    body.declared.append("%s %s = {0};" % (outer, local))
    p = gen.fresh("where")
    body.declared.append("%s *%s = NULL;" % (outer, p))
    lines = ["%s = &%s;" % (p, local), "~~{%s(&@%s->inner, %s)};" % (name, p, body.key())]
    use = ["r += @{%s.inner.it}->key;" % local]
    if right(body):
        return lines + gen.pick([["if (@%s->inner.count > 0) {" % p] + use + ["}"], ["if (?{%s.inner.it}) {" % local] + use + ["}"],
                                 ["if (!?{@%s->inner.it}) {" % p, body.leave(), "}"] + use])
    return lines + ["if (@%s->inner.count >= 0) {" % p] + use + ["}"]


@idiom()
def error_pointer(body, depth):
    """Small negative pointers are errors; null is an answer."""
    gen = body.gen
    type = gen.pick(gen.types)
    name = "$open_%s" % type.name

    def make():
        finder = gen.pick([["return NULL;"], ["return %s;" % gen.object(type)]])
        gen.function("%s *%s(int key)" % (type.c, name),
                     ["if (key < 0) {", "return ERR_PTR(-22);", "}", "if (key == 0) {"] + finder + ["}", "return %s;" % gen.object(type)])
    gen.helper(name, make)
    p = body.declare(type)
    lines = ["%s = ~{%s(%s)};" % (p, name, body.key())]
    use = ["r += @%s->key;" % p]
    test = "!%s || IS_ERR(%s)" % (p, p) if right(body) else gen.pick(["IS_ERR(%s)" % p, "!%s" % p])
    return lines + ["if (%s) {" % test, body.leave(), "}"] + use + ["%s = NULL;" % p]


@idiom()
def registered(body, depth):
    """A callback kept with its data, called later."""
    gen = body.gen
    type = gen.pick(gen.types)
    add, fire, timer = ["$%s_%s" % (type.name, word) for word in ("arm", "fire", "timer")]

    def make():
        gen.structs += ["struct $timer_%s {" % type.name, "int (*ring)(void *data);", "void *data;", "};"]
        gen.units[0].append(["PDATA struct $timer_%s %s;" % (type.name, timer)])
        gen.header_tail.append("extern PDATA struct $timer_%s %s;" % (type.name, timer))
        gen.function("void %s(int (*ring)(void *data), void *data)" % add, ["%s.ring = ring;" % timer, "%s.data = data;" % timer])
        test = ["if (!?{%s.ring}) {" % timer, "return 0;", "}"] if gen.chance(0.7) else []
        gen.function("int %s(void)" % fire, test + ["return ~{^{%s.ring}(%s.data)};" % (timer, timer)])
    gen.helper(add, make)
    ring = gen.fresh("$ring")
    lines = ["%s *mine = data;" % type.c]
    lines += ["if (!?mine) {", "return -1;", "}"] if right(body) else []
    gen.function("int %s(void *data)" % ring, lines + ["@mine->value++;", "return @mine->key;"])
    what = gen.pick(["NULL", gen.object(type), gen.object(type), body.declare(type, gen.pick(["NULL", gen.object(type)]))])
    call = ["~~{%s(%s, %s)};" % (add, ring, what)]
    if gen.chance(0.3):
        call = ["if (%s) {" % body.cond()] + call + ["}"]
    return call + ["r += ~{%s()};" % fire]


@idiom()
def embedded(body, depth):
    """The record around a link."""
    gen = body.gen
    type = gen.pick(gen.types)
    outer = "struct $job_%s" % type.name
    queue, name = "$queue_%s" % type.name, "$next_job_%s" % type.name

    def make():
        gen.structs += ["struct $link_%s {" % type.name, "struct $link_%s *next;" % type.name, "};",
                        "%s {" % outer, "int id;", "%s *subject;" % type.c, "struct $link_%s link;" % type.name, "};"]
        gen.units[0].append(["PDATA struct $link_%s *%s;" % (type.name, queue)])
        gen.header_tail.append("extern PDATA struct $link_%s *%s;" % (type.name, queue))
        gen.function("%s *%s(void)" % (outer, name),
                     ["struct $link_%s *at = %s;" % (type.name, queue)] +
                     (["if (!?at) {", "return NULL;", "}"] if right(body) else []) +
                     ["%s = @at->next;" % queue, "return CONTAINER_OF(at, %s, link);" % outer])
    gen.helper(name, make)
    local, job = gen.fresh("job"), gen.fresh("got")
    body.declared += ["%s %s = {0};" % (outer, local), "%s *%s = NULL;" % (outer, job)]
    lines = ["%s.subject = %s;" % (local, gen.object(type)), "%s = NULL;" % queue, "if (%s) {" % body.cond(),
             "%s = &%s.link;" % (queue, local), "}", "%s = ~{%s()};" % (job, name)]
    return lines + guarded(body, job, ["r += @%s->id;" % job, "r += @{@%s->subject}->key;" % job])


# ---- further memory


@idiom()
def grown(body, depth):
    """realloc, and what it leaves when it fails."""
    gen = body.gen
    items, more = gen.fresh("items"), gen.fresh("more")
    body.declared += ["int *%s = NULL;" % items, "int *%s = NULL;" % more]
    lines = ["%s = malloc(2 * sizeof *%s);" % (items, items), "if (!?%s) {" % items, body.leave(), "}", "@%s[0] = %s;" % (items, body.key())]
    if right(body):
        return lines + ["%s = realloc(%s, 4 * sizeof *%s);" % (more, items, items), "if (?%s) {" % more, "%s = %s;" % (items, more),
                        "@%s[3] = 1;" % items, "}", "r += @%s[0];" % items]
    return lines + ["%s = realloc(%s, 4 * sizeof *%s);" % (items, items, items), "@%s[3] = 1;" % items, "r += @%s[0];" % items]


@idiom()
def zeroed(body, depth):
    """A record cleared by memset, then filled in part."""
    gen = body.gen
    type = gen.pick(gen.types)
    field, part = gen.pick(list(type.fields.items()))
    local = gen.fresh("local")
    body.declared.append("%s %s;" % (type.c, local))
    lines = ["memset(&%s, 0, sizeof %s);" % (local, local), "if (%s) {" % body.cond(), "%s.%s = %s;" % (local, field, gen.object(part)),
             "%s.flags = 1;" % local, "}"]
    use = ["r += @{%s.%s}->key;" % (local, field)]
    if right(body):
        return lines + ["if (%s) {" % gen.pick(["%s.flags" % local, "%s.flags & 1" % local, "?{%s.%s}" % (local, field)])] + use + ["}"]
    return lines + gen.pick([use, ["if (!%s.value) {" % local] + use + ["}"]])


@idiom()
def rotated(body, depth):
    """Pointers that move up by one each time around."""
    gen = body.gen
    type = gen.pick(gen.types)
    x, y, z = body.declare(type, gen.object(type)), body.declare(type, gen.object(type)), body.declare(type)
    i = number(body, "i")
    lines = ["%s = %s;" % (x, gen.object(type)), "%s = %s;" % (y, gen.object(type)), "%s = %s;" % (z, "NULL" if gen.chance(0.7) else gen.object(type)),
             "for (%s = 0; %s < %s; %s++) {" % (i, i, gen.pick(body.ints + ["3"]), i)]
    step = ["%s = %s;" % (x, y), "%s = %s;" % (y, z)]
    if right(body):
        return lines + ["if (!?%s) {" % x, "break;", "}", "r += @%s->key;" % x] + step + ["}"]
    return lines + ["r += @%s->key;" % x] + step + ["}"]


@idiom()
def bit_field(body, depth):
    """A one-bit member says whether another one is set."""
    gen = body.gen
    type = gen.pick(gen.types)
    record = "struct $state_%s" % type.name

    def make():
        gen.structs += ["%s {" % record, "unsigned open : 1;", "unsigned dirty : 1;", "%s *it;" % type.c, "};"]
    gen.helper(record, make)
    local = gen.fresh("state")
    body.declared.append("%s %s = {0};" % (record, local))
    lines = ["if (%s) {" % body.cond(), "%s.it = %s;" % (local, gen.object(type)), "%s.open = 1;" % local, "}",
             "if (%s) {" % body.cond(), "%s.dirty = 1;" % local, "}"]
    lines += body.statements(1, depth + 1)
    bit = "open" if right(body) else "dirty"
    return lines + ["if (%s.%s) {" % (local, bit), "r += @{%s.it}->key;" % local, "}"]
