"""A client of the language server, for tests and measurements: frames, requests, what was published."""
import json
import os
import select
import subprocess
import time
import urllib.parse


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.realpath(path))


class Gone(Exception):
    pass


class Client:
    def __init__(self, command, cwd=None, env=None, stderr=None):
        self.process = subprocess.Popen(command, cwd=cwd, env=env, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=stderr)
        self.buffer = b""
        self.number = 0
        self.answers = {}
        self.published = {}  # uri -> params of the last publishDiagnostics
        self.notes = []  # every other notification, and requests of the server
        self.edits = []

    # --- bytes ---
    def write(self, data):
        try:
            self.process.stdin.write(data)
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise Gone from error

    def send(self, message):
        body = json.dumps(message).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def read(self, deadline):
        while True:
            head, _, rest = self.buffer.partition(b"\r\n\r\n")
            if rest or self.buffer.endswith(b"\r\n\r\n"):
                length = int(head.split(b":")[1])
                if len(rest) >= length:
                    self.buffer = rest[length:]
                    return json.loads(rest[:length])
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                raise TimeoutError("nothing more from the server")
            data = os.read(self.process.stdout.fileno(), 1 << 16)
            if not data:
                raise Gone("the server has ended")
            self.buffer += data

    # --- messages ---
    def take(self, message):
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            self.published[message["params"]["uri"]] = message["params"]
        elif method and "id" in message:
            self.notes.append(message)
            result = {"applied": True} if method == "workspace/applyEdit" else None
            if method == "workspace/applyEdit":
                self.edits.append(message["params"]["edit"])
            self.send({"jsonrpc": "2.0", "id": message["id"], "result": result})
        elif method:
            self.notes.append(message)
        else:
            self.answers[message.get("id")] = message

    def wait(self, done, seconds=60):
        deadline = time.monotonic() + seconds
        while not done():
            self.take(self.read(deadline))

    def quiet(self, seconds):
        """Takes what comes for so long."""
        try:
            self.wait(lambda: False, seconds)
        except TimeoutError:
            pass

    def ask(self, method, params=None):
        self.number += 1
        message = {"jsonrpc": "2.0", "id": self.number, "method": method}
        if params is not None:
            message["params"] = params
        self.send(message)
        return self.number

    def answer(self, number, seconds=60):
        self.wait(lambda: number in self.answers, seconds)
        return self.answers.pop(number)

    def request(self, method, params=None, seconds=60):
        answer = self.answer(self.ask(method, params), seconds)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def notify(self, method, params=None):
        self.send({"jsonrpc": "2.0", "method": method, "params": params or {}})

    # --- a session ---
    def initialize(self, folder, capabilities=None, options=None):
        result = self.request("initialize", {
            "processId": os.getpid(), "rootUri": uri_of(folder),
            "capabilities": PUSH if capabilities is None else capabilities,
            "initializationOptions": options or {}})
        self.notify("initialized")
        return result

    def open(self, path, text=None, version=1):
        if text is None:
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri_of(path), "languageId": "c", "version": version, "text": text}})

    def change(self, path, version, changes):
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": uri_of(path), "version": version},
            "contentChanges": changes})

    def diagnostics(self, path):
        return self.published.get(uri_of(path), {}).get("diagnostics")

    def stop(self):
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(20)


PUSH = {"textDocument": {"publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
                         "codeAction": {"codeActionLiteralSupport": {
                             "codeActionKind": {"valueSet": ["quickfix"]}}},
                         "hover": {"contentFormat": ["markdown", "plaintext"]}},
        "window": {"workDoneProgress": True}}
