#!/bin/sh
# demo.sh SOURCE BUILD: builds the demo service both ways and uses it over loopback.
#
# As planted: it serves ordinary requests, passes the context on, and stops with status 0;
# and the planted defects are real: each of the odd requests below kills it.
# As corrected (under sanitizers): the same odd requests get their answer.
# Two instances run, one the price service of the other, both on ports the system picks.
set -u
source=$1 build=$2
mkdir -p "$build" || exit 2
scratch=$(mktemp -d) || exit 2
failed=0
pids= all=
trap 'for pid in $pids; do kill -9 "$pid" 2>/dev/null; done; rm -rf "$scratch"' EXIT

fail() { echo "FAILED: $*"; failed=1; }
is() { [ "$2" = "$3" ] || fail "$1: wanted '$2', got '$3'"; }
has() { case $3 in *"$2"*) ;; *) fail "$1: wanted '$2' in '$3'" ;; esac; }

make_demo() { # make_demo NAME [cmake argument...]
    name=$1
    shift
    cmake -S "$source" -B "$build/$name" -G Ninja "$@" >"$scratch/log" 2>&1 &&
        cmake --build "$build/$name" >>"$scratch/log" 2>&1 ||
        { cat "$scratch/log"; fail "$name does not build"; exit 1; }
}

# start PROGRAM NAME UPSTREAM: sets $pid and $url
start() {
    printf 'listen = 127.0.0.1\nport = 0\nupstream = %s\nregion = north\ntimeout = 5000\n' \
        "$3" >"$scratch/$2.conf"
    : >"$scratch/$2.out" # what an earlier one of this name said must not be read
    "$1" "$scratch/$2.conf" "$source/items.txt" >>"$scratch/$2.out" 2>>"$scratch/$2.err" &
    pid=$!
    pids="$pids $pid"
    tries=0
    until url=$(sed -n 's/^listening on /http:\/\//p' "$scratch/$2.out") && [ -n "$url" ]; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] && kill -0 "$pid" 2>/dev/null ||
            { cat "$scratch/$2.err"; fail "$2 does not start"; exit 1; }
        sleep 0.05
    done
}

# ends WHO PID STATUS: it must end by itself with this status; one that hangs is killed.
ends() {
    (trap 'kill $nap' TERM; sleep 60 & nap=$!; wait $nap && kill -9 "$2") >/dev/null 2>&1 &
    watch=$!
    wait "$2" 2>/dev/null
    is "$1: exit status" "$3" $?
    kill $watch
}
stop() { # stop PID WHO
    kill -TERM "$1"
    ends "$2" "$1" 0
}

fetch() { curl -sS --noproxy '*' --max-time 20 "$@" 2>&1; }
status() { curl -s --noproxy '*' --max-time 20 -o /dev/null -w '%{http_code}' "$@"; }
with_context() {
    fetch -H 'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' \
        -H 'x-asm-prefer-tag: canary' -H 'x-request-id: r-17' "$@"
}

ordinary() { # ordinary URL
    is health ok "$(fetch "$1/health")"
    has item '"label": "a ball pen", "region": "north"' "$(fetch "$1/item/pen")"
    is 'unknown item' 404 "$(status "$1/item/none")"
    is 'wrong method' 405 "$(status -X PUT "$1/item/pen")"
    is cheapest 'cap 45' "$(fetch "$1/cheapest")"
    quote=$(with_context "$1/quote/pen")
    has quote '"sku": "pen", "cents": 120' "$quote"
    has 'trace passed on' '4bf92f3577b34da6a3ce929d0e0e4736' "$quote"
    has 'lane passed on' '"lane": "canary"' "$quote"
    has 'request id passed on' '"rid": "r-17"' "$quote"
    has 'quote from the cache' '"upstream": null' "$(with_context "$1/quote/pen")"
    has 'refresh what is cached' '"cents": 120' "$(with_context -X POST "$1/refresh/pen")"
    is prefetch 202 "$(status -X POST "$1/prefetch/ink")"
    for sku in pad pad pad pad ink ink pen pen; do fetch "$1/quote/$sku" >>"$scratch/many" & all="$all $!"; done
    # shellcheck disable=SC2086 # a list of process ids
    wait $all
    all=
    has stats '"failures": 0' "$(fetch "$1/stats")"
    has 'plain stats' '4 figures' "$(fetch "$1/stats?format=plain")"
}

dies() { # dies WHAT ARGUMENT...: this request ends a fresh service with a segmentation fault
    what=$1
    shift
    start "$build/planted/pricer" victim "$prices"
    for argument; do shift; set -- "$@" "$(echo "$argument" | sed "s,^@,$url,")"; done
    fetch "$@" >/dev/null
    ends "$what" "$pid" 139
}

make_demo planted
start "$build/planted/pricer" prices http://127.0.0.1:9
prices=$url prices_pid=$pid
start "$build/planted/pricer" shop "$prices"
ordinary "$url"
stop "$pid" shop
dies 'price of an unknown item' @/price/none
dies 'figures as csv' '@/stats?format=csv'
dies 'refresh of what is not cached' -X POST @/refresh/pad
("$build/planted/pricer" --show pen) >/dev/null 2>&1
is '--show: exit status' 139 $?
stop "$prices_pid" prices

make_demo corrected -DDEMO_CORRECT=ON \
    "-DCMAKE_C_FLAGS=-g -fsanitize=address,undefined -fno-sanitize-recover=all"
start "$build/corrected/pricer" prices http://127.0.0.1:9
prices=$url prices_pid=$pid
start "$build/corrected/pricer" shop "$prices"
ordinary "$url"
is 'unknown price' 404 "$(status "$url/price/none")"
has 'figures as csv' 'name,value' "$(fetch "$url/stats?format=csv")"
has 'refresh of what is not cached' '"cents": 45' \
    "$(with_context -X POST "$url/refresh/cap")"
has 'show' 'pen -> http' "$("$build/corrected/pricer" --show pen)"
stop "$pid" shop
stop "$prices_pid" prices
for log in "$scratch"/*.err; do grep -H 'Sanitizer\|runtime error' "$log" && failed=1; done
[ $failed = 0 ] && echo "the demo service works, and its planted defects are real"
exit $failed
