"""What programs really do: built together, run over all their inputs."""
import os
import shutil
import subprocess
import tempfile

from generate import TRACED_PRELUDE
from program import Program, traced

HERE = os.path.dirname(os.path.abspath(__file__))
MOST_RUNS = 150000
MANY_RUNS = 500000
WIDE = (-4, 6)
THOROUGH = ["gcc", "-std=gnu17", "-O1", "-Werror=return-type", "-fno-toplevel-reorder", "-fno-delete-null-pointer-checks", "-I", HERE]
QUICK = ["tcc", "-w", "-fno-common", "-I", HERE]  # if it is there: ten times as quick on one small program


class Truth:
    """`crashes`: {(site, stack): inputs}; sites are (unit, line)."""

    def __init__(self, runs, whole, stuck):
        self.runs, self.whole, self.stuck = runs, whole, stuck
        self.crashes, self.executed, self.unset, self.tested = {}, set(), set(), {}
        self.healthy = None  # inputs of a run that does not crash
        self.behind, self.went = set(), {}

    @property
    def sites(self):
        return {site for site, _ in self.crashes}


def place(number):
    return (number // 10000, number % 10000)


def build(programs, folder, lowest, highest, most, compiler):
    out = ['#include "trace.inc"']
    table = []
    for program in programs:
        prefix = "p%d_" % program.seed if program.seed >= 0 else "p_"
        body = Program(program.seed, program.header[TRACED_PRELUDE:], program.units)
        if table:
            body.header = [line for line in body.header if not line.startswith("#define")]
        anchor = "static __attribute__((section(\"data_%s\"), used)) char %s%s[16] = {1};"
        out.append(anchor % (prefix, prefix, "first"))
        out.append(traced(body, prefix))
        out.append(anchor % (prefix, prefix, "last"))
        table.append("{%d, %smain, %sfirst, %slast}" % (program.seed, prefix, prefix, prefix))
    out.append("static const Run all[] = {%s};" % ", ".join(table))
    out.append("int main(void) {")
    out.append("    lowest = %d, highest = %d;" % (lowest, highest))
    out.append("    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) run_all(&all[i], %d);" % most)
    out.append("    return 0;\n}")
    source = os.path.join(folder, "traced.c")
    with open(source, "w", encoding="utf-8") as stream:
        stream.write("\n".join(out) + "\n")
    binary = os.path.join(folder, "traced")
    made = subprocess.run(compiler + [source, "-o", binary], capture_output=True, text=True)
    if made.returncode:
        raise RuntimeError(made.stderr[:4000])
    return binary


def execute(programs, lowest=-1, highest=4, most=MOST_RUNS):
    """{seed: Truth}; raises RuntimeError when they do not compile."""
    compiler = QUICK if len(programs) == 1 and shutil.which(QUICK[0]) else THOROUGH
    with tempfile.TemporaryDirectory() as folder:
        binary = build(programs, folder, lowest, highest, most, compiler)
        ran = subprocess.run([binary], capture_output=True, text=True, timeout=600)
    if ran.returncode:
        raise RuntimeError("the programs ended with %d" % ran.returncode)
    truths, truth = {}, None
    for line in ran.stdout.splitlines():
        words = line.split()
        if words[0] == "lost":
            raise RuntimeError("a function ends without its result")
        if words[0] == "program":
            truth = truths[int(words[1])] = Truth(int(words[3]), words[5] == "1", int(words[7]))
        elif words[0] == "crash":
            cut = words.index("trail")
            stack = tuple(place(int(w)) for w in words[3:cut])
            truth.crashes[place(int(words[1])), stack] = [int(w) for w in words[cut + 1:]]
        elif words[0] == "healthy":
            truth.healthy = [int(w) for w in words[1:]]
        elif words[0] == "executed":
            truth.executed.add(place(int(words[1])))
        elif words[0] == "unset":
            truth.unset.add(place(int(words[1])))
        elif words[0] == "behind":
            truth.behind.add(place(int(words[1])))
        elif words[0] == "went":
            truth.went[place(int(words[1]))] = int(words[2])
        elif words[0] == "tested":
            truth.tested[place(int(words[1]))] = int(words[2])
    return truths
