/* The data, and elements made of text: nothing of the analysed program is ever read as markup. */

const data = JSON.parse(document.getElementById('data').textContent);
const byId = id => document.getElementById(id);

/* h('p', {class: 'x', onclick: f}, 'text', child, [children]) */
function h(name, props, ...children) {
    const svg = ['svg', 'path', 'circle', 'polygon'].includes(name);
    const node = svg ? document.createElementNS('http://www.w3.org/2000/svg', name)
                     : document.createElement(name);
    for (const [key, value] of Object.entries(props || {})) {
        if (value === undefined || value === null || value === false) continue;
        if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
        else if (key === 'style') for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v);
        else node.setAttribute(key, value === true ? '' : value);
    }
    node.append(...children.flat(3).filter(c => c !== null && c !== undefined && c !== false));
    return node;
}

const hidden = text => h('span', {class: 'hidden'}, text);
const plural = (n, word) => n.toLocaleString('en') + ' ' + word + (n === 1 ? '' : 's');
const fileOf = place => data.files[place.file].path;
const baseName = path => path.slice(path.lastIndexOf('/') + 1);
const folderOf = path => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');
const placeText = place => fileOf(place) + (place.line ? ':' + place.line : '');

const lineMaps = new Map();
/* The text of a line; undefined: it is not in the report. */
function lineText(file, number) {
    if (!lineMaps.has(file)) {
        const map = new Map();
        for (const [first, ...texts] of data.files[file].lines) texts.forEach((text, i) => map.set(first + i, text));
        lineMaps.set(file, map);
    }
    return lineMaps.get(file).get(number);
}

const rules = new Map(data.rules.map(rule => [rule.id, rule]));
const ruleTitle = id => (rules.has(id) ? rules.get(id).title : OWN_RULES[id] || id);

data.findings.forEach((finding, i) => {
    const files = new Set([finding.place, ...finding.steps].map(at => at.file));
    finding.index = i;
    finding.path = fileOf(finding.place);
    finding.folder = folderOf(finding.path);
    finding.files = [...files].map(file => data.files[file].path.toLowerCase());
    finding.words = null;
});
const unsuppressed = data.findings.filter(finding => finding.suppressed === undefined);
const suppressed = data.findings.filter(finding => finding.suppressed !== undefined);
const hasAges = data.findings.some(finding => finding.age);

/* What a search looks through, made when somebody searches. */
function wordsOf(finding) {
    if (finding.words === null)
        finding.words = [finding.text, finding.rule, ruleTitle(finding.rule), finding.path + ':' + finding.place.line,
                         finding.in || '', finding.suppressed || '', finding.id,
                         ...finding.steps.flatMap(step => [step.text, step.in || '', placeText(step)])]
            .join('\n').toLowerCase();
    return finding.words;
}
