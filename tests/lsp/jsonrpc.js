// The protocol library of VS Code, with pull diagnostics, progress and cancellation.
'use strict';
const assert = require('assert');
const { spawn } = require('child_process');
const fs = require('fs');
const path = require('path');
const url = require('url');
const rpc = require('vscode-jsonrpc/node');
const lsp = require('vscode-languageserver-protocol');

const folder = process.env.PROJECT;
const file = path.join(folder, 'a.c');
const uri = url.pathToFileURL(file).href;
const text = fs.readFileSync(file, 'utf8');

async function main() {
    const child = spawn(process.env.SLUICE, ['lsp', '--cache', path.join(folder, '.cache')],
        { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise(done => child.on('exit', done));
    const connection = lsp.createProtocolConnection(
        new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
    const steps = [];
    connection.onError(([error]) => { throw error; });
    connection.onRequest(lsp.WorkDoneProgressCreateRequest.type, () => undefined);
    connection.onProgress(lsp.WorkDoneProgress.type, 'sluice/program', value => steps.push(value.kind));
    connection.listen();

    const started = await connection.sendRequest(lsp.InitializeRequest.type, {
        processId: process.pid, rootUri: url.pathToFileURL(folder).href, workspaceFolders: null,
        capabilities: {
            general: { positionEncodings: ['utf-16'] },
            textDocument: {
                diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false },
                publishDiagnostics: { relatedInformation: true },
                codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
            },
            window: { workDoneProgress: true },
        },
    });
    assert.strictEqual(started.capabilities.positionEncoding, 'utf-16');
    assert.ok(started.capabilities.diagnosticProvider.interFileDependencies);
    connection.sendNotification(lsp.InitializedNotification.type, {});
    connection.sendNotification(lsp.DidOpenTextDocumentNotification.type,
        { textDocument: { uri, languageId: 'c', version: 1, text } });

    const pull = () => connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: { uri } });
    const first = await pull();
    assert.strictEqual(first.kind, 'full');
    assert.deepStrictEqual(first.items.map(item => item.code), ['null-return-unchecked']);
    assert.ok(first.items[0].relatedInformation.length >= 2);
    assert.deepStrictEqual([steps[0], steps[steps.length - 1]], ['begin', 'end']);

    const actions = await connection.sendRequest(lsp.CodeActionRequest.type, {
        textDocument: { uri }, range: first.items[0].range, context: { diagnostics: first.items } });
    const fix = actions.find(action => action.title.startsWith('Fix: '));
    assert.ok(fix && fix.isPreferred && fix.edit.changes[uri].length > 0);

    const changes = fix.edit.changes[uri].map(edit => ({ range: edit.range, text: edit.newText })).reverse();
    connection.sendNotification(lsp.DidChangeTextDocumentNotification.type,
        { textDocument: { uri, version: 2 }, contentChanges: changes });
    const cancelled = new rpc.CancellationTokenSource();
    const dropped = connection.sendRequest(lsp.DocumentDiagnosticRequest.type, { textDocument: { uri } }, cancelled.token);
    cancelled.cancel();
    await assert.rejects(dropped, error => error.code === lsp.LSPErrorCodes.RequestCancelled);
    assert.deepStrictEqual((await pull()).items, []);

    await connection.sendRequest(lsp.ShutdownRequest.type);
    await connection.sendNotification(lsp.ExitNotification.type);
    assert.strictEqual(await ended, 0);
    console.log('ok: the protocol library of VS Code');
}

main().catch(error => { console.error('FAILED:', error); process.exit(1); });
