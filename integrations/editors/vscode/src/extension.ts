// sluice in VS Code: starts `sluice lsp` for each folder that is open, and asks for what only a person knows.
import * as vscode from 'vscode';
import { LanguageClient, LanguageClientOptions, ServerOptions, TransportKind } from 'vscode-languageclient/node';

const clients = new Map<string, LanguageClient>(); // by folder

function clientFor(folder: vscode.WorkspaceFolder): LanguageClient {
    const settings = vscode.workspace.getConfiguration('sluice', folder.uri);
    const server: ServerOptions = {
        command: settings.get<string>('path', 'sluice'),
        args: ['lsp', ...settings.get<string[]>('arguments', [])],
        transport: TransportKind.stdio,
        options: { cwd: folder.uri.fsPath },
    };
    const options: LanguageClientOptions = {
        documentSelector: [{ scheme: 'file', language: 'c', pattern: `${folder.uri.fsPath}/**/*` }],
        workspaceFolder: folder,
        initializationOptions: { ownCommands: true },
        diagnosticCollectionName: 'sluice',
        outputChannelName: `sluice (${folder.name})`,
    };
    return new LanguageClient('sluice', `sluice (${folder.name})`, server, options);
}

async function start(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    if (folder.uri.scheme !== 'file' || clients.has(key)) {
        return;
    }
    const client = clientFor(folder);
    clients.set(key, client);
    try {
        await client.start();
    } catch (error) {
        clients.delete(key);
        vscode.window.showErrorMessage(
            `sluice cannot be started: ${error instanceof Error ? error.message : String(error)} (setting sluice.path)`);
    }
}

async function stop(folder: vscode.WorkspaceFolder): Promise<void> {
    const key = folder.uri.toString();
    const client = clients.get(key);
    clients.delete(key);
    await client?.stop();
}

async function restart(): Promise<void> {
    for (const folder of vscode.workspace.workspaceFolders ?? []) {
        await stop(folder);
        await start(folder);
    }
}

function clientOf(uri: vscode.Uri | undefined): LanguageClient | undefined {
    const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
    return folder && clients.get(folder.uri.toString());
}

/** Commands belong to the extension, not to one of its servers: there may be several. */
function forward(name: string): vscode.Disposable {
    return vscode.commands.registerCommand(name, (...words: unknown[]) =>
        clientOf(vscode.window.activeTextEditor?.document.uri)?.sendRequest(
            'workspace/executeCommand', { command: name, arguments: words }));
}

/** The rule of a finding on the line of the cursor. */
function ruleAt(editor: vscode.TextEditor): string | undefined {
    const line = editor.selection.active.line;
    const found = vscode.languages.getDiagnostics(editor.document.uri).find(
        item => item.source === 'sluice' && item.range.start.line <= line && line <= item.range.end.line);
    const code = found?.code;
    return typeof code === 'object' ? String(code.value) : code?.toString();
}

/** A comment that allows a finding needs a reason, and only a person knows it. */
async function allowHere(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const client = clientOf(editor?.document.uri);
    const rule = editor && ruleAt(editor);
    if (!editor || !client || !rule) {
        vscode.window.showInformationMessage('There is no finding of sluice on this line.');
        return;
    }
    const reason = await vscode.window.showInputBox({
        title: `Allow ${rule} here`,
        prompt: 'Why can it not go wrong?',
        validateInput: text => (text.trim() ? undefined : 'A reason is needed: the next reader has only this comment.'),
    });
    if (reason) {
        await client.sendRequest('workspace/executeCommand', {
            command: 'sluice.allow',
            arguments: [editor.document.uri.toString(), editor.selection.active.line, rule, reason.trim()],
        });
    }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    context.subscriptions.push(
        vscode.commands.registerCommand('sluice.allowHere', allowHere),
        ...['sluice.explain', 'sluice.contract', 'sluice.recheck', 'sluice.allow'].map(forward),
        vscode.workspace.onDidChangeWorkspaceFolders(async event => {
            await Promise.all(event.removed.map(stop));
            await Promise.all(event.added.map(start));
        }),
        vscode.workspace.onDidChangeConfiguration(async event => {
            if (event.affectsConfiguration('sluice.path') || event.affectsConfiguration('sluice.arguments')) {
                await restart();
            }
        }));
    await Promise.all((vscode.workspace.workspaceFolders ?? []).map(start));
}

export async function deactivate(): Promise<void> {
    await Promise.all([...clients.values()].map(client => client.stop()));
    clients.clear();
}
