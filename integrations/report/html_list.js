/* The list at the side: search, filters, order. Only rows that can be seen exist. */

const view = {query: '', shelf: 'open', order: 'weight', shown: [], at: -1};
const ROW = 84, OVERSCAN = 6;

/* --- the search: words, and tokens such as rule:null-deref or -is:known ---------------------- */

const TOKEN = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|(\S+))/gi;
const FIELDS = ['rule', 'file', 'folder', 'fn', 'tier', 'is'];

function parseQuery(query) {
    return [...query.matchAll(TOKEN)].map(match => {
        const field = (match[2] || '').toLowerCase(), isField = FIELDS.includes(field);
        const value = match[3] !== undefined ? match[3] : match[4];
        return {not: match[1] === '-', field: isField ? field : '',
                value: (isField || !match[2] ? value : match[2] + ':' + value).toLowerCase()};
    }).filter(token => token.value !== '');
}

const IS = {
    new: finding => finding.age === 'new',
    known: finding => finding.age === 'known',
    blocking: finding => !!finding.blocks,
    fixable: finding => !!finding.fix,
    crossfile: finding => finding.files.length > 1,
};
const MATCH = {
    '': (finding, value) => wordsOf(finding).includes(value),
    rule: (finding, value) => finding.rule.startsWith(value),
    file: (finding, value) => finding.files.some(path => path.includes(value)),
    folder: (finding, value) => (finding.folder.toLowerCase() + '/').startsWith(value.replace(/\/+$/, '') + '/'),
    fn: (finding, value) => [finding, ...finding.steps].some(at => (at.in || '').toLowerCase().includes(value)),
    tier: (finding, value) => value.includes(finding.tier.toLowerCase()),
    is: (finding, value) => !!IS[value] && IS[value](finding),
};

function searched(findings, query) {
    const tokens = parseQuery(query);
    return findings.filter(finding => tokens.every(({not, field, value}) => MATCH[field](finding, value) !== not));
}

const tokenOf = (field, value) => field + ':' + (/[\s"]/.test(value) ? '"' + value.replace(/"/g, '') + '"' : value);
const valueOf = field => (parseQuery(view.query).find(token => token.field === field && !token.not) || {}).value;

/* The query with one field set anew; value '': without it. */
function setField(field, value) {
    const rest = [...view.query.matchAll(TOKEN)].map(match => match[0])
        .filter(text => !text.toLowerCase().startsWith(field + ':'));
    if (value) rest.push(tokenOf(field, value));
    setQuery(rest.join(' '));
}

function setQuery(query) {
    byId('query').value = query;
    view.query = query;
    refresh();
}

/* --- order ----------------------------------------------------------------------------------- */

const byPlace = (a, b) => a.index - b.index;
const ORDERS = {
    weight: ['Surest first', (a, b) => !!b.blocks - !!a.blocks || (a.tier > b.tier) - (a.tier < b.tier) ||
        (b.score || 0) - (a.score || 0) || byPlace(a, b)],
    place: ['By file', byPlace],
    rule: ['By rule', (a, b) => (a.rule > b.rule) - (a.rule < b.rule) || byPlace(a, b)],
    length: ['Longest path first', (a, b) => b.steps.length - a.steps.length || byPlace(a, b)],
};

/* --- what is shown --------------------------------------------------------------------------- */

const shelf = () => (view.shelf === 'open' ? unsuppressed : suppressed);
const chosen = () => view.shown[view.at];

function refresh() {
    const kept = chosen();
    view.shown = searched(shelf(), view.query).sort(ORDERS[view.order][1]);
    view.at = kept ? view.shown.indexOf(kept) : -1;
    const all = shelf().length, n = view.shown.length;
    byId('count').textContent = n === all ? plural(n, 'finding') : n.toLocaleString('en') + ' of ' + plural(all, 'finding');
    byId('clear').hidden = !view.query;
    showControls();
    if (view.at < 0) byId('list').scrollTop = 0;
    drawRows();
}

function showControls() {
    const tiers = valueOf('tier'), is = valueOf('is');
    for (const button of byId('tiers').children)
        button.setAttribute('aria-pressed', String(!!tiers && tiers.includes(button.value.toLowerCase())));
    for (const button of byId('ages').children) button.setAttribute('aria-pressed', String(is === button.value));
    for (const button of byId('shelves').children) button.setAttribute('aria-pressed', String(view.shelf === button.value));
    const pick = (id, value) => {
        const options = [...byId(id).options];
        byId(id).value = (options.find(o => o.value.toLowerCase() === (value || '')) || options[0]).value;
    };
    pick('rule', valueOf('rule'));
    pick('folder', valueOf('folder'));
}

function row(finding, i) {
    const place = finding.place, isAt = i === view.at;
    return h('div', {class: 'row tier-' + finding.tier, role: 'option', id: 'row-' + i, 'aria-selected': String(isAt),
                     'aria-setsize': view.shown.length, 'aria-posinset': i + 1, 'data-i': i, style: {top: i * ROW + 'px'}},
        tierBadge(finding),
        h('span', {class: 'row-text'}, finding.text),
        h('span', {class: 'row-place'},
            h('b', {}, baseName(finding.path) + (place.line ? ':' + place.line : '')), ' ', finding.rule,
            finding.age === 'new' ? h('span', {class: 'tag new'}, 'new') : null,
            finding.fix ? h('span', {class: 'tag'}, 'fix') : null));
}

function drawRows() {
    const list = byId('list'), rows = byId('rows'), n = view.shown.length;
    rows.style.setProperty('height', n * ROW + 'px');
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - OVERSCAN);
    const last = Math.min(n, Math.ceil((list.scrollTop + (list.clientHeight || 800)) / ROW) + OVERSCAN);
    const made = [];
    for (let i = first; i < last; i++) made.push(row(view.shown[i], i));
    if (!n) made.push(h('p', {class: 'nothing'}, shelf().length ? 'Nothing fits this search.' :
        view.shelf === 'open' ? 'No findings.' : 'Nothing is suppressed.'));
    rows.replaceChildren(...made);
    const isSeen = view.at >= first && view.at < last;
    list[isSeen ? 'setAttribute' : 'removeAttribute']('aria-activedescendant', 'row-' + view.at);
}

function seeRow(i) {
    const list = byId('list'), top = i * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
}

/* --- controls -------------------------------------------------------------------------------- */

function counted(findings, key) {
    const counts = new Map();
    for (const finding of findings) counts.set(key(finding), (counts.get(key(finding)) || 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] > b[0]) - (a[0] < b[0]));
}

function fillSelect(id, first, entries) {
    byId(id).replaceChildren(h('option', {value: ''}, first),
        ...entries.map(([value, n]) => h('option', {value}, value + ' (' + n + ')')));
    byId(id).addEventListener('change', event => setField(id, event.target.value));
}

function toggle(value, text, onclick, title) {
    return h('button', {type: 'button', value, 'aria-pressed': 'false', title, onclick}, text);
}

function toggleTier(tier) {
    const now = valueOf('tier') || '', low = tier.toLowerCase();
    const next = ['a', 'b', 'c'].filter(t => now.includes(t) !== (t === low)).join(',').toUpperCase();
    setField('tier', next === 'A,B,C' ? '' : next);
}

function fillControls() {
    const tiers = Object.keys(TIERS).filter(tier => data.findings.some(finding => finding.tier === tier));
    byId('tiers').append(...tiers.map(tier => toggle(tier, [tierMark(tier), TIERS[tier].word], () => toggleTier(tier),
        'Only tier ' + tier + ': ' + TIERS[tier].about)));
    if (hasAges)
        byId('ages').append(...['new', 'known'].map(age =>
            toggle(age, age, () => setField('is', valueOf('is') === age ? '' : age), 'Only what is ' + age)));
    byId('shelves').append(...[['open', unsuppressed], ['suppressed', suppressed]].map(([name, list]) =>
        toggle(name, name[0].toUpperCase() + name.slice(1) + ' ' + list.length, () => setShelf(name))));
    fillSelect('rule', 'All rules', counted(data.findings, finding => finding.rule));
    fillSelect('folder', 'All folders', counted(data.findings, finding => finding.folder));
    byId('order').replaceChildren(...Object.entries(ORDERS).map(([value, [text]]) => h('option', {value}, text)));
    byId('order').addEventListener('change', event => { view.order = event.target.value; refresh(); });
}

function setShelf(name) {
    view.shelf = name;
    refresh();
}
