/* Lines of C, coloured, with the place that is meant marked. */

const C_WORDS = new Set(('auto break case char const continue default do double else enum extern float for goto if ' +
    'inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void ' +
    'volatile while bool true false NULL _Bool _Atomic _Noreturn _Static_assert').split(' '));
const C_TOKEN = /(\/\/.*|\/\*.*?(?:\*\/|$)|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|\b\d[\w.]*|[A-Za-z_]\w*)/g;

/* [[from, to, class]]: what stands between has none. */
function tokensOf(text) {
    const tokens = [];
    if (/^\s*\*(?: |\/|$)/.test(text)) return [[0, text.length, 'comment']];
    if (/^\s*#/.test(text)) return [[0, text.length, 'directive']];
    for (const match of text.matchAll(C_TOKEN)) {
        const word = match[0], first = word[0];
        const kind = word.startsWith('//') || word.startsWith('/*') ? 'comment'
            : first === '"' || first === '\'' ? 'string'
            : first >= '0' && first <= '9' ? 'number'
            : C_WORDS.has(word) ? 'word' : null;
        if (kind) tokens.push([match.index, match.index + word.length, kind]);
    }
    return tokens;
}

function coloured(text, tokens, from, to) {
    const parts = [];
    let at = from;
    for (const [start, end, kind] of tokens) {
        if (end <= from || start >= to) continue;
        if (start > at) parts.push(text.slice(at, start));
        parts.push(h('span', {class: 'c-' + kind}, text.slice(Math.max(start, from), Math.min(end, to))));
        at = Math.min(end, to);
    }
    if (at < to) parts.push(text.slice(at, to));
    return parts;
}

/* The elements of a line; marks: [{from, to}], sorted and apart. */
function codeParts(text, marks) {
    const tokens = tokensOf(text), parts = [];
    let at = 0;
    for (const mark of marks) {
        const from = Math.max(at, Math.min(mark.from, text.length)), to = Math.min(mark.to, text.length);
        if (to <= from) continue;
        parts.push(...coloured(text, tokens, at, from), h('mark', {}, coloured(text, tokens, from, to)));
        at = to;
    }
    parts.push(...coloured(text, tokens, at, text.length));
    return parts;
}

/* A row of source; how: further classes ("hit", "on": the path runs beside it). */
function codeLine(number, text, marks, how) {
    return h('div', {class: 'line ' + how},
        h('span', {class: 'side'}, number ? String(number) : ''),
        h('code', {}, text === '' ? '\u200b' : codeParts(text, marks)));
}
