#!/usr/bin/env bash
# cli_interrupt.sh SLUICE: an interrupted run ends at once, by the signal, with its workers gone,
# nothing half written, and the next run as if nothing had been.
. "$(dirname "$0")/cli_common.sh"
make_project .
cat >src/deep.h <<'EOF'
#if __INCLUDE_LEVEL__ < 60
#include "deep.h"
#include "deep.h"
#endif
EOF
echo '#include "deep.h"' >>src/find.c

for signal in INT TERM HUP; do
    # A shell without job control would have its children ignore SIGINT.
    python3 - "$sluice" $signal "$work" <<'EOF' || complain "SIG$signal"
import os, signal, subprocess, sys, time
sluice, name, work = sys.argv[1:]
number = getattr(signal, "SIG" + name)
signal.signal(signal.SIGINT, signal.default_int_handler)
run = subprocess.Popen([sluice, "check", "--cache", work + "/cache", "-o", work + "/out.txt"],
                       stderr=subprocess.PIPE, start_new_session=True)
def children():
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True, text=True)
    return [int(word) for word in done.stdout.split()]
deadline = time.time() + 30
while len(children()) < 1 and time.time() < deadline:
    time.sleep(0.05)
time.sleep(0.5)
workers = children()
assert workers, "no workers"
run.send_signal(number)
status = run.wait(timeout=20)
assert status == -number, "ended with %s" % status
time.sleep(0.2)
for pid in workers:
    assert not os.path.exists("/proc/%d/cwd" % pid), "a worker is left"
EOF
done
[ ! -e "$work/out.txt" ] || complain "an interrupted run left a report"
! find "$work" -name '*.part' | grep -q . || complain "temporaries were left"
make_project .
expect 1 "'nothing' is NULL" "$sluice" check --cache "$work/cache"
end
