#!/usr/bin/env python3
"""drift.py finds what it is there for: each line of this pack is wrong in its own way."""
import os
import sys
import tempfile

import drift
from headers import Headers

PACK = r"""
ctx_model: 1
pack: wrong
about: the C library, misunderstood
headers: [pthread.h, stdlib.h, stdio.h, time.h]
contexts:
  - {id: gone, type: '^struct nothing_at_all \*$'}
  - id: time
    type: '^div_t \*$'
    derive: [{field: month}]
    origin: [{call: '^getline$', out: arg0}]
carriers:
  - id: file
    type: '^FILE \*$'
    new: ['^fopenn$']
    put: [{call: '^fput(s|q)$', on: arg1, key: {arg: 2}}]
    attach: [{call: '^setvbuf$', when: {arg2: '^_IO(FBF|XBF)$'}, on: arg0, carrier: arg4}]
    deadline: {arg_of_new: {difftime: 2}, infinite: ['^infinite$']}
sinks:
  - {call: '^printf$', carrier: {after_tag: NO_TAG}}
  - {call: '^puts$', carrier: {after_tag: BUFSIZ}}
  - {call: '^fwrite$', carrier: 'arg3->headers', use_instead: fwrite2}
  - {call: '^qsort$', carrier: {array: arg0, where: {field: op, equals: BUFSIZ}, path: a}}
handoffs:
  - {call: '^pthread_create$', fn: arg3, data: arg4}
  - {call: '^atexit$', fn: arg0, data: {next: 1}}
  - {call: '^qsort$', fn: {first_of_type: nothing_t}, data: arg1}
  - {call: '^abs$', fn: {first_fn: true}}
queues:
  - {push: '^free$', item: arg0, pop: '^free$', result: ret}
"""
EXPECTED = """\
^struct nothing_at_all \\*$: nothing has such a type
^div_t \\*$: div_t has no member month
getline(out): char **restrict does not lead to ^div_t \\*$
^fput(s|q)$: no function has the alternative [q]
fputs(key: arg2): it takes 2 arguments
setvbuf(carrier: arg4): it takes 4 arguments
^_IO(FBF|XBF)$: no constant has the alternative 'XBF'
^fopenn$: no function has such a name
difftime(deadline: arg2): it takes 2 arguments
^infinite$: no function has such a name
printf(carrier): NO_TAG is no constant
puts(carrier): it has no arguments behind tags
fwrite(carrier: arg3->headers): FILE *restrict has no member headers
^fwrite2$: no function has such a name
qsort(carrier): void * has no member op
qsort(carrier): void * has no member a
pthread_create(fn): void *restrict is no function
pthread_create(data: arg4): it takes 4 arguments
atexit(data): nothing is behind the function
qsort(fn): no argument is a nothing_t
qsort(data): size_t is no pointer
abs(fn): no argument is a function
free(out): it has no result
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "wrong.yaml")
        with open(path, "w", encoding="utf-8") as file:
            file.write(PACK)
        pack = drift.Pack(path, Headers(["pthread.h", "stdlib.h", "stdio.h", "time.h"], ["-"]))
        pack.check()
    said = "".join(line.removeprefix("wrong: ") + "\n" for line in pack.wrong)
    if said == EXPECTED:
        print(f"{len(pack.wrong)} mistakes found")
        return 0
    print("--- expected\n" + EXPECTED + "--- said\n" + said)
    return 1


if __name__ == "__main__":
    sys.exit(main())
