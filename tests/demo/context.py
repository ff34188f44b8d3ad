#!/usr/bin/env python3
"""What the demo service loses on its way out is what sluice says that it loses.

    context.py --sluice BIN SOURCE BUILD

A request with traceparent, x-asm-prefer-tag and x-request-id enters through libmicrohttpd, is
handed to a worker thread, and leaves through libcurl: to an upstream that writes down which of
the three arrived. As corrected, all of them do, on every way; as planted, each way loses exactly
the keys that the findings name, in the function that they name, and no other.
"""
import argparse
import collections
import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

KEYS = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "x-asm-prefer-tag": "canary", "x-request-id": "r-17"}
# Each request, which call it leads to, and the function that this call is about.
WAYS = [("GET", "/quote/pen", "/price/pen", "upstream_price"),
        ("GET", "/quote/cap", "/audit/cap", "upstream_audit"),
        ("POST", "/refresh/pen", "/price/pen", "upstream_refresh"),
        ("POST", "/prefetch/ink", "/price/ink", "answer_prefetch")]
PATIENCE = 20


class Upstream(http.server.ThreadingHTTPServer):
    """Answers every call with a price, and remembers what came with it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.calls = []
        self.changed = threading.Condition()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self):
        return "http://127.0.0.1:%d" % self.server_address[1]

    def note(self, path, headers):
        with self.changed:
            self.calls.append((path, {key: headers.get(key) for key in KEYS}))
            self.changed.notify_all()

    def next_call(self, path):
        """The headers of the first call to this path that was not asked for yet."""
        def found():
            return next((call for call in self.calls if call[0] == path), None)
        with self.changed:
            if not self.changed.wait_for(found, PATIENCE):
                raise SystemExit("nothing came to the upstream at %s" % path)
            call = found()
            self.calls.remove(call)
            return call[1]


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.note(self.path, self.headers)
        body = b'{"cents":7}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.do_GET()

    def log_message(self, *_):
        pass


class Service:
    def __init__(self, build, source, upstream):
        self.scratch = tempfile.TemporaryDirectory(prefix="sluice-demo-")
        config = os.path.join(self.scratch.name, "pricer.conf")
        with open(config, "w", encoding="utf-8") as out:
            out.write("listen = 127.0.0.1\nport = 0\nupstream = %s\naudit = %s\ntimeout = 5000\n"
                      % (upstream, upstream))
        self.process = subprocess.Popen(
            [os.path.join(build, "pricer"), config, os.path.join(source, "items.txt")],
            stdout=subprocess.PIPE, text=True)
        self.url = None
        for line in self.process.stdout:
            if line.startswith("listening on "):
                self.url = "http://" + line.split()[-1]
                return
        raise SystemExit("the service does not start")

    def ask(self, method, path):
        request = urllib.request.Request(self.url + path, method=method, headers=KEYS)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=PATIENCE) as answer:
            answer.read()

    def stop(self):
        self.process.terminate()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit("the service does not stop")
        self.process.stdout.close()
        self.scratch.cleanup()
        if status:
            raise SystemExit("the service ended with status %d" % status)


def build_of(options, name, flags):
    build = os.path.join(options.build, name)
    for command in (["cmake", "-S", options.source, "-B", build, "-G", "Ninja"] + flags,
                    ["cmake", "--build", build]):
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return build


def lost_in_service(options, build):
    """function -> the keys that did not reach the upstream as they came in"""
    upstream = Upstream()
    service = Service(build, options.source, upstream.url())
    lost = {}
    for method, path, call, function in WAYS:
        service.ask(method, path)
        arrived = upstream.next_call(call)
        lost[function] = {key for key in KEYS if arrived[key] != KEYS[key]}
        time.sleep(0.2)  # what the same request calls besides
        if function != "upstream_price":
            continue
        upstream.next_call("/audit/pen")
    service.stop()
    upstream.shutdown()
    upstream.server_close()
    return lost


def lost_in_findings(options, build):
    """function -> the keys that the findings say are lost there; all, when they name none"""
    output = os.path.join(options.build, "findings.json")
    subprocess.run([options.sluice, "check", "-p", build, "--root", options.source, "--no-cache",
                    "--model", os.path.join(options.source, "context.yaml"), "--tier", "C",
                    "--fail-on", "none", "--format", "json", "-o", output], check=True)
    with open(output, encoding="utf-8") as stream:
        findings = json.load(stream)["findings"]
    lost = collections.defaultdict(set)
    for finding in findings:
        if not finding["rule"].startswith("ctx-"):
            continue
        missing = re.split(r"but not|sends without", finding["text"])[-1]
        named = {key for key in KEYS if key in missing}
        lost[finding["function"]] |= named or set(KEYS)
    return lost


def problems_of_build(options, name, flags):
    build = build_of(options, name, flags)
    seen, said = lost_in_service(options, build), lost_in_findings(options, build)
    problems = ["%s: %s() loses %s, and the findings say %s" % (
        name, function, sorted(seen[function]) or "nothing", sorted(said[function]) or "nothing")
        for function in seen if seen[function] != said[function]]
    problems += ["%s: nothing was tried of what is said of %s()" % (name, function)
                 for function in said if function not in seen]
    return problems, seen


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sluice", required=True, type=os.path.abspath)
    parser.add_argument("source", type=os.path.abspath)
    parser.add_argument("build", type=os.path.abspath)
    options = parser.parse_args()
    os.makedirs(options.build, exist_ok=True)
    problems, planted = problems_of_build(options, "planted", [])
    more, corrected = problems_of_build(options, "corrected", ["-DDEMO_CORRECT=ON"])
    problems += more
    if sum(1 for keys in planted.values() if keys) != 3 or planted["upstream_price"]:
        problems.append("planted: three of the four ways should lose keys: %s" % planted)
    if any(corrected.values()):
        problems.append("corrected: all keys should arrive: %s" % corrected)
    for problem in problems:
        print(problem)
    if not problems:
        print("what arrives, and what does not, is what the findings say")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
