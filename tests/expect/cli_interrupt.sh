#!/usr/bin/env bash
# cli_interrupt.sh SLUICE: an interrupted run ends at once, by the signal, and says how far it was;
# its workers and temporary files are gone, nothing is half written, and the next run parses the rest.
. "$(dirname "$0")/cli_common.sh"
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
make_project .
cat >src/deep.h <<'END'
#if __INCLUDE_LEVEL__ < 60
#include "deep.h"
#include "deep.h"
#endif
END
printf '#include "deep.h"\nint slow(void) { return 1; }\n' >src/slow.c
for i in 1 2 3 4; do # they share what they include first: a PCH is made in the temporary folder
    printf '#include <stdio.h>\n#include <stdlib.h>\nint quick%s(void) { return puts("");}\n' $i >src/quick$i.c
done
python3 - <<'END'
import json
files = ["find.c", "use.c"] + ["quick%d.c" % i for i in range(1, 5)] + ["slow.c"]
json.dump([{"directory": "src", "file": f, "command": "cc -I../inc -c " + f} for f in files],
          open("compile_commands.json", "w"))
END

cat >"$work/interrupt.py" <<'END'
"""interrupt.py SIGNAL TEXT PARSED COMMAND...: interrupts when so many files are parsed."""
import os, signal, subprocess, sys, time
name, text, parsed = sys.argv[1], sys.argv[2], int(sys.argv[3])
number = getattr(signal, "SIG" + name)
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has its children ignore it
run = subprocess.Popen(sys.argv[4:], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
                       start_new_session=True)
said = ""
while parsed and "[%d/" % parsed not in said:
    line = run.stderr.readline()
    assert line, "it ended: " + said
    said += line
def children():
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True)
    return [int(word) for word in done.stdout.split()]
deadline = time.time() + 20
while not children() and time.time() < deadline:
    time.sleep(0.02)
workers = children()
assert workers, "no workers"
run.send_signal(number)
said += run.stderr.read()
status = run.wait(timeout=20)
assert status == -number, "ended with %s" % status
last = said.splitlines()[-1]
assert last == text or number == signal.SIGKILL, "it said: " + last
deadline = time.time() + 10
def is_left():
    return os.listdir(os.environ["TMPDIR"]) or [p for p in workers if os.path.exists("/proc/%d/cwd" % p)]
while is_left() and time.time() < deadline:
    time.sleep(0.02)
assert not is_left(), "left: %s" % is_left()
END
kept="sluice: interrupted: 6 of 7 files parsed; what is done is kept in the cache, run the same command again to go on"
for signal in INT TERM HUP KILL; do
    rm -rf "$work/cache"
    python3 "$work/interrupt.py" $signal "$kept" 6 "$sluice" check --verbose -j2 --cache "$work/cache" \
        -o "$work/out.txt" || complain "SIG$signal"
done
[ ! -e "$work/out.txt" ] || complain "an interrupted run left a report"
! find "$work" -name '*.part' | grep -q . || complain "temporaries were left"
# Interrupted again, it is no further and has lost nothing; when nothing is in its way it parses one file.
python3 "$work/interrupt.py" INT "$kept" 0 "$sluice" check --verbose --cache "$work/cache" || complain "again"
echo 'int slow(void) { return 1; }' >src/slow.c
expect 1 "7 (6 from the cache" "$sluice" check --stats --cache "$work/cache"
grep -qF "'nothing' is NULL" "$work/said" || complain "the finding is lost"
printf '#include "deep.h"\nint slow(void) { return 1; }\n' >src/slow.c
python3 "$work/interrupt.py" TERM \
    "sluice: interrupted: 6 of 7 files parsed; nothing is kept, for there is no cache" 6 \
    "$sluice" check --verbose --no-cache || complain "without a cache"

# After parsing: the engine at work. nohup: a signal that is ignored stays so.
python3 - "$work/many.c" <<'END'
import sys
with open(sys.argv[1], "w") as out:
    for i in range(6000):
        out.write("int f%d(int *p, int n) { int *q = n > %d ? p : 0; if (n %% 7) q = p; while (n-- > 3) "
                  "{ if (n %% 5) q = p; else if (n %% 3) q = 0; } return q ? *q : %s; }\n"
                  % (i, i, "f%d(p, n)" % (i - 1) if i else "0"))
END
python3 - "$sluice" "$work" <<'END' || complain "while analysing"
import os, pty, signal, subprocess, sys, time
sluice, work = sys.argv[1:]
def start(before=None):
    master, slave = pty.openpty()
    run = subprocess.Popen([sluice, "check", "--cache", work + "/other", "--", "cc", "-c", work + "/many.c"],
                           stdout=subprocess.DEVNULL, stderr=slave, preexec_fn=before)
    os.close(slave)
    said = b""
    while b"analysing" not in said:
        said += os.read(master, 4096)
    return run, master, said
def rest(master):
    said = b""
    try:
        while True:
            part = os.read(master, 4096)
            if not part:
                return said
            said += part
    except OSError:
        return said
signal.signal(signal.SIGINT, signal.default_int_handler)
run, master, said = start()
run.send_signal(signal.SIGINT)
said = rest(master)
assert run.wait() == -signal.SIGINT, "it ended with %s" % run.returncode
assert b"interrupted: what is done is kept in the cache" in said, said
run, master, said = start(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
run.send_signal(signal.SIGHUP)
rest(master)
assert run.wait() == 0, "nohup: it ended with %s" % run.returncode
END

# The language server, asked to end or killed, takes its folder with it.
mkfifo "$work/client"
exec 9<>"$work/client"
for signal in TERM KILL; do
    "$sluice" lsp <"$work/client" >/dev/null &
    for _ in $(seq 100); do [ -n "$(ls "$TMPDIR")" ] && break; sleep 0.05; done
    [ -n "$(ls "$TMPDIR")" ] || complain "the language server has no folder"
    kill -$signal $!
    wait $! 2>/dev/null
    got=$?
    [ $got = $((128 + $(kill -l $signal))) ] || complain "lsp: SIG$signal: it ended with $got"
    for _ in $(seq 100); do [ -z "$(ls "$TMPDIR")" ] && break; sleep 0.05; done
    [ -z "$(ls "$TMPDIR")" ] || complain "lsp: SIG$signal: a temporary folder is left"
done

# A reader that has seen enough: quiet, and the status is the verdict.
make_project .
"$sluice" check --cache "$work/cache" --format sarif 2>"$work/said" | true
got=${PIPESTATUS[0]}
[ "$got" = 1 ] || complain "into a closed pipe: it ended with $got"
refuse_text "cannot write"
refuse_text "Broken pipe"
end
