/* What stands at the right: the overview, or one finding. */

const tierMark = tier => h('span', {class: 'tier-mark tier-' + tier, 'aria-hidden': 'true'}, tier);
const tierBadge = finding => h('span', {class: 'badge tier-' + finding.tier,
    title: 'Tier ' + finding.tier + ': ' + TIERS[finding.tier].about}, finding.tier, hidden(', ' + TIERS[finding.tier].word + '. '));

/* --- Markdown of the rules' pages ------------------------------------------------------------- */

function inline(text) {
    const parts = [];
    let at = 0;
    for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^\]]+)\]\([^)]*\)/g)) {
        parts.push(text.slice(at, match.index));
        parts.push(match[1] ? h('code', {}, match[1]) : match[2] ? h('b', {}, match[2]) : match[3] ? h('em', {}, match[3]) : match[4]);
        at = match.index + match[0].length;
    }
    parts.push(text.slice(at));
    return parts;
}

const codeBlock = text => h('pre', {}, h('code', {}, text.split('\n').flatMap((line, i) => (i ? ['\n'] : []).concat(codeParts(line, [])))));

/* Headings, paragraphs, lists, tables as text, and code: what our pages are made of. */
function markdown(page, level) {
    const out = [];
    let words = [], items = null, code = null;
    const flush = () => {
        if (items) out.push(h('ul', {}, items.map(item => h('li', {}, inline(item)))));
        else if (words.length) out.push(h('p', {}, inline(words.join(' '))));
        words = [];
        items = null;
    };
    for (const line of page.split('\n')) {
        const heading = /^(#+) (.*)/.exec(line), item = /^[-*] (.*)/.exec(line);
        if (code !== null) {
            if (line.startsWith('```')) { out.push(codeBlock(code.join('\n'))); code = null; } else code.push(line);
        } else if (line.startsWith('```')) { flush(); code = [];
        } else if (heading) { flush(); if (heading[1].length > 1) out.push(h('h' + (level + heading[1].length - 2), {}, inline(heading[2])));
        } else if (item) { if (!items) flush(); items = (items || []).concat(item[1]);
        } else if (line.trim() === '') flush();
        else if (items) items[items.length - 1] += ' ' + line.trim();
        else words.push(line);
    }
    flush();
    return out;
}

/* --- one finding ------------------------------------------------------------------------------ */

function copyButton(text, label) {
    return h('button', {type: 'button', class: 'small', onclick: () => copy(text)}, label);
}

function titleOf(finding) {
    const place = finding.place;
    return [
        h('p', {class: 'crumbs'}, tierBadge(finding),
            h('span', {class: 'tier-word'}, TIERS[finding.tier].word + (finding.blocks ? ', blocks' : '')),
            h('span', {class: 'rule-name'}, finding.rule),
            finding.age ? h('span', {class: 'tag ' + finding.age}, finding.age) : null,
            finding.builds ? h('span', {class: 'tag'}, finding.builds) : null,
            finding.suppressed !== undefined ? h('span', {class: 'tag'}, 'suppressed') : null),
        h('h1', {tabindex: '-1'}, finding.text),
        h('p', {class: 'at'}, h('span', {class: 'where'}, placeText(place) + (place.column ? ':' + place.column : '')),
            finding.in ? [' in ', h('b', {}, finding.in + '()')] : null, ' ', copyButton(placeText(place), 'Copy place')),
    ];
}

function adviceView(finding) {
    if (finding.suppressed !== undefined)
        return h('p', {class: 'advice'}, h('b', {}, 'Allowed: '), finding.suppressed || 'no reason given');
    return finding.advice ? h('p', {class: 'advice'}, h('b', {}, 'What to do: '), finding.advice) : null;
}

function conditionsTold(conditions) {
    if (!conditions.length) return '';
    if (conditions.length > 4) return ' and holds under ' + conditions.length + ' conditions, which are marked';
    return [' and holds when ', conditions.map((step, i) => [i ? (i + 1 === conditions.length ? ' and ' : ', ') : '',
        step.text.replace(/^the test of ('.*') found it to be NULL$/, '$1 is NULL') + ' (line ' + step.line + ')'])];
}

function pathSection(finding) {
    const steps = finding.steps.length ? finding.steps : [{...finding.place, text: 'here', in: finding.in}];
    const conditions = steps.filter(isCondition);
    return h('section', {'aria-labelledby': 'path-title'},
        h('h2', {id: 'path-title'}, 'How it comes to this'),
        h('p', {class: 'quiet'}, 'It takes ' + plural(steps.length, 'step'), conditionsTold(conditions), '.'),
        pathView(steps, finding.stepsLeftOut || 0));
}

function termRow([name, value]) {
    const [short, long] = TERMS[name] || [name.replace(/-/g, ' '), ''];
    const width = Math.min(100, Math.abs(value) / 4 * 100);
    return h('tr', {},
        h('th', {scope: 'row'}, short, h('span', {class: 'why-long'}, long)),
        h('td', {class: 'value'}, (value > 0 ? '+' : value < 0 ? '\u2212' : '') + Math.abs(value).toFixed(2)),
        h('td', {class: 'bar-cell', 'aria-hidden': 'true'},
            h('span', {class: value < 0 ? 'term minus' : 'term', style: {width: width + '%'}})));
}

function whySection(finding) {
    if (!finding.terms) return null;
    return h('section', {'aria-labelledby': 'why-title'},
        h('h2', {id: 'why-title'}, 'Why we think so'),
        h('p', {class: 'quiet'}, 'Tier ' + finding.tier + ': ' + TIERS[finding.tier].about +
            ' Within a tier the score ranks; below is what speaks for the finding, and what against it.'),
        h('table', {class: 'terms'}, h('tbody', {}, finding.terms.filter(([, value]) => value !== 0).map(termRow)),
            h('tfoot', {}, h('tr', {}, h('th', {scope: 'row'}, 'score'), h('td', {class: 'value'}, finding.score.toFixed(2)), h('td')))));
}

function diffRows(change) {
    const before = change.old.replace(/\n$/, '').split('\n'), after = change.new.replace(/\n$/, '').split('\n');
    let head = 0, tail = 0;
    while (head < before.length && head < after.length && before[head] === after[head]) head++;
    while (tail < before.length - head && tail < after.length - head &&
           before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
    const made = (sign, text, kind) => h('div', {class: 'diff ' + kind}, h('span', {class: 'sign'}, sign), h('code', {}, codeParts(text, [])));
    return [h('div', {class: 'diff-head'}, 'line ' + change.line),
        before.slice(0, head).map(text => made(' ', text, 'same')),
        before.slice(head, before.length - tail).map(text => made('\u2212', text, 'gone')),
        after.slice(head, after.length - tail).map(text => made('+', text, 'come')),
        before.slice(before.length - tail).map(text => made(' ', text, 'same'))];
}

function fixSection(finding) {
    if (!finding.fix) return null;
    return h('section', {'aria-labelledby': 'fix-title'},
        h('h2', {id: 'fix-title'}, 'A fix that was tried'),
        h('p', {class: 'quiet'}, 'With it (' + finding.fix.text + ') the file compiles, this finding is gone and no other comes. ',
            h('code', {}, 'sluice check --fix'), ' writes it.'),
        h('div', {class: 'diffs'}, h('div', {class: 'where'}, data.files[finding.fix.file].path), finding.fix.changes.map(diffRows)));
}

function relatedSection(finding) {
    if (!finding.related) return null;
    return h('section', {'aria-labelledby': 'also-title'},
        h('h2', {id: 'also-title'}, 'The same cause also shows'),
        h('ul', {class: 'also'}, finding.related.map(step => {
            const text = lineText(step.file, step.line);
            return h('li', {}, h('span', {class: 'where'}, placeText(step)), step.in ? [' in ', h('b', {}, step.in + '()')] : null,
                ': ', step.text, text !== undefined && step.part === undefined
                    ? h('div', {class: 'code'}, h('div', {class: 'code-in'}, codeLine(step.line, text, marksOf([step]), 'hit'))) : null);
        }), finding.relatedLeftOut ? h('li', {}, 'and ' + plural(finding.relatedLeftOut, 'more place')) : null));
}

function ruleSection(id) {
    const rule = rules.get(id);
    if (!rule || !rule.page) return null;
    return h('details', {class: 'rule', id: 'rule-page'},
        h('summary', {}, 'The rule ', h('code', {}, id), ': ' + rule.title),
        h('p', {class: 'quiet'}, [rule.cwe, rule.preview ? 'preview' : null].filter(Boolean).join(' \u00b7 ')),
        markdown(rule.page, 3));
}

function allowSection(finding) {
    if (finding.suppressed !== undefined || OWN_RULES[finding.rule]) return null;
    const comment = '// sluice:allow ' + finding.rule + ' ';
    return h('details', {class: 'rule'}, h('summary', {}, 'It is meant to be so'),
        h('p', {}, 'Say so where it stands, or at any step of the path, with a reason:'),
        h('p', {}, h('code', {}, comment + 'why it cannot happen'), ' ', copyButton(comment, 'Copy')),
        h('p', {class: 'quiet'}, 'fingerprint ' + finding.id));
}

function findingView(finding, withRule) {
    return h('article', {class: 'finding'}, titleOf(finding), adviceView(finding), pathSection(finding), whySection(finding),
        fixSection(finding), relatedSection(finding), withRule ? [ruleSection(finding.rule), allowSection(finding)] : null);
}

/* --- the overview ----------------------------------------------------------------------------- */

function tile(n, text, query, kind) {
    return h('button', {type: 'button', class: 'tile ' + (kind || ''), disabled: !n, onclick: () => { setQuery(query); backToList(); }},
        h('b', {}, n.toLocaleString('en')), h('span', {}, text));
}

const count = (findings, test) => findings.reduce((n, finding) => n + (test(finding) ? 1 : 0), 0);

/* Bars of one measure; their parts are told in figures, too. */
function bars(title, entries, field, most) {
    const top = Math.max(1, ...entries.map(([, list]) => list.length));
    const bar = ([name, list]) => {
        const parts = Object.keys(TIERS).map(tier => [tier, count(list, finding => finding.tier === tier)]).filter(([, n]) => n);
        const told = parts.map(([tier, n]) => tier + ' ' + n).join(' \u00b7 ');
        return h('li', {}, h('button', {type: 'button', class: 'bar', title: 'Show only these', onclick: () => { setField(field, name); backToList(); }},
            h('span', {class: 'bar-name'}, name),
            h('span', {class: 'bar-told'}, told),
            h('span', {class: 'bar-line', 'aria-hidden': 'true'}, parts.map(([tier, n]) =>
                h('span', {class: 'bar-part tier-' + tier, style: {width: n / top * 100 + '%'}})))));
    };
    return h('section', {class: 'card'}, h('h2', {}, title),
        h('ul', {class: 'bars'}, entries.slice(0, most).map(bar)),
        entries.length > most ? h('details', {}, h('summary', {}, (entries.length - most) + ' more'),
            h('ul', {class: 'bars'}, entries.slice(most).map(bar))) : null);
}

function grouped(findings, key) {
    const groups = new Map();
    for (const finding of findings) {
        if (!groups.has(key(finding))) groups.set(key(finding), []);
        groups.get(key(finding)).push(finding);
    }
    return [...groups].sort((a, b) => b[1].length - a[1].length || (a[0] > b[0]) - (a[0] < b[0]));
}

function verdictText() {
    const run = data.run;
    if (run.incomplete) return ['bad', 'The analysis is incomplete: never a pass'];
    if (run.blocking) return ['bad', plural(run.blocking, 'finding') + (run.blocking === 1 ? ' blocks' : ' block') + ' the merge'];
    return ['good', 'Nothing blocks the merge'];
}

function runText() {
    const run = data.run;
    if (run.units === undefined) return '';
    return [plural(run.units, 'translation unit'), plural(run.functions, 'function'),
            run.coverage.toFixed(run.coverage % 1 ? 1 : 0) + ' % analysed'].join(' \u00b7 ');
}

function tiles() {
    const made = Object.keys(TIERS).map(tier => [tier, count(unsuppressed, finding => finding.tier === tier)])
        .filter(([tier, n]) => n || tier !== 'C')
        .map(([tier, n]) => tile(n, 'tier ' + tier + ': ' + TIERS[tier].role, 'tier:' + tier, 'tier-' + tier));
    if (hasAges)
        made.push(tile(count(unsuppressed, IS.new), 'new', 'is:new'), tile(count(unsuppressed, IS.known), 'known before', 'is:known'));
    made.push(tile(count(unsuppressed, IS.crossfile), 'go through several files', 'is:crossfile'));
    if (count(unsuppressed, IS.fixable)) made.push(tile(count(unsuppressed, IS.fixable), 'with a tried fix', 'is:fixable'));
    return h('div', {class: 'tiles'}, made);
}

function firstOnes() {
    const first = [...unsuppressed].sort(ORDERS.weight[1]).slice(0, 5);
    if (!first.length) return null;
    return h('section', {class: 'card wide'}, h('h2', {}, 'Where to begin'),
        h('ol', {class: 'first'}, first.map(finding => h('li', {},
            h('button', {type: 'button', class: 'link', onclick: () => showFinding(finding)},
                tierBadge(finding), h('span', {}, finding.text, h('span', {class: 'where'}, placeText(finding.place))))))));
}

function notesView() {
    const notes = data.notes.filter(note => note.kind !== 'adapted');
    if (!notes.length && !data.run.leftOut) return null;
    return h('section', {class: 'card wide warn'}, h('h2', {}, 'What is missing'),
        h('ul', {}, data.run.leftOut ? h('li', {}, plural(data.run.leftOut, 'weaker finding') + ' did not fit into this page.') : null,
            notes.slice(0, 50).map(note => h('li', {}, h('span', {class: 'where'}, note.path + (note.line ? ':' + note.line : '')),
                ' ' + (note.kind === 'failed' ? 'was not analysed: ' : 'was analysed in part: ') + note.text)),
            notes.length > 50 ? h('li', {}, 'and ' + (notes.length - 50) + ' more') : null));
}

function quietRules() {
    const seen = new Set(data.findings.map(finding => finding.rule));
    const rest = data.rules.filter(rule => !seen.has(rule.id));
    if (!rest.length) return null;
    return h('section', {class: 'card wide'}, h('details', {}, h('summary', {}, plural(rest.length, 'other rule') + ' found nothing'),
        h('ul', {class: 'quiet-rules'}, rest.map(rule => h('li', {}, h('code', {}, rule.id), ' ' + rule.title)))));
}

function overview() {
    const [kind, text] = verdictText(), folders = grouped(unsuppressed, finding => finding.folder);
    return h('div', {class: 'overview'},
        h('div', {class: 'walk'}, h('button', {type: 'button', class: 'small back', onclick: backToList}, 'All findings')),
        h('h1', {class: 'verdict ' + kind, tabindex: '-1'}, text),
        h('p', {class: 'quiet'}, runText()),
        tiles(), notesView(),
        h('div', {class: 'cards'}, firstOnes(),
            unsuppressed.length ? bars('By rule', grouped(unsuppressed, finding => finding.rule), 'rule', 10) : null,
            folders.length > 1 ? bars('By folder', folders, 'folder', 10)
                : unsuppressed.length ? bars('By file', grouped(unsuppressed, finding => finding.path), 'file', 10) : null,
            quietRules()),
        h('section', {class: 'card tiers-told'}, h('h2', {}, 'Tiers'),
            h('dl', {}, Object.keys(TIERS).map(tier => [h('dt', {}, tierMark(tier), ' ' + TIERS[tier].role), h('dd', {}, TIERS[tier].about)]))));
}
