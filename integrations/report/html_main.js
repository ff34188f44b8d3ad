/* What happens when somebody does something. */

const reader = byId('reader');
let stepAt = -1;

/* --- moving about ----------------------------------------------------------------------------- */

function setHash(text) {
    try { history.replaceState(null, '', text ? '#' + text : location.pathname + location.search); } catch { /* a strict browser */ }
}

function showOverview() {
    view.at = -1;
    stepAt = -1;
    reader.replaceChildren(overview());
    reader.scrollTop = 0;
    document.body.classList.add('reading');
    setHash('');
    drawRows();
}

function showAt(i, toRead) {
    if (i < 0 || i >= view.shown.length) return;
    view.at = i;
    stepAt = -1;
    const finding = chosen(), before = view.shown[i - 1], after = view.shown[i + 1];
    reader.replaceChildren(
        h('div', {class: 'walk'},
            h('button', {type: 'button', class: 'small back', onclick: backToList}, 'List'),
            h('span', {class: 'quiet'}, (i + 1).toLocaleString('en') + ' of ' + view.shown.length.toLocaleString('en')),
            h('button', {type: 'button', class: 'small', disabled: !before, onclick: () => showAt(i - 1, true), title: 'Previous (k)'}, 'Previous'),
            h('button', {type: 'button', class: 'small', disabled: !after, onclick: () => showAt(i + 1, true), title: 'Next (j)'}, 'Next')),
        findingView(finding, true));
    reader.scrollTop = 0;
    seeRow(i);
    drawRows();
    setHash(finding.id);
    if (toRead) {
        document.body.classList.add('reading');
        reader.querySelector('h1').focus({preventScroll: true});
    }
    if (document.body.classList.contains('reading')) window.scrollTo(0, 0);
}

function showFinding(finding) {
    const name = finding.suppressed === undefined ? 'open' : 'suppressed';
    if (view.shelf !== name) setShelf(name);
    if (!view.shown.includes(finding)) setQuery('');
    showAt(view.shown.indexOf(finding), true);
}

function backToList() {
    document.body.classList.remove('reading');
    byId('list').focus();
    if (view.at >= 0) seeRow(view.at);
    drawRows();
}

function walkStep(by) {
    const steps = [...reader.querySelectorAll('.say')].sort((a, b) => a.dataset.step - b.dataset.step);
    if (!steps.length) return;
    stepAt = Math.max(0, Math.min(steps.length - 1, stepAt + by));
    for (const step of steps) step.classList.remove('now');
    const step = steps[stepAt];
    step.classList.add('now');
    step.focus({preventScroll: true});
    step.scrollIntoView({block: 'center'});
}

function showRule() {
    const page = byId('rule-page');
    if (!page) return;
    page.open = !page.open;
    if (page.open) page.scrollIntoView({block: 'start'});
}

/* --- theme, copying, help --------------------------------------------------------------------- */

const dark = matchMedia('(prefers-color-scheme: dark)');
const THEMES = ['auto', 'light', 'dark'];
let theme = 'auto';
try { theme = localStorage.getItem('sluice-theme') || 'auto'; } catch { /* no storage: as the system */ }
if (!THEMES.includes(theme)) theme = 'auto';

function useTheme(forced) {
    const name = forced || (theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme);
    document.documentElement.dataset.theme = name;
    byId('theme').replaceChildren(h('span', {'aria-hidden': 'true'}, {auto: '\u25d0', light: '\u25cb', dark: '\u25cf'}[theme]),
        hidden('Colours: ' + theme));
}

function nextTheme() {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    try { localStorage.setItem('sluice-theme', theme); } catch { /* kept for this visit only */ }
    useTheme();
    toast('Colours: ' + (theme === 'auto' ? 'as the system' : theme));
}

let toastTimer = 0;
function toast(text) {
    byId('toast').textContent = text;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { byId('toast').textContent = ''; }, 2500);
}

function copy(text) {
    const done = () => toast('Copied: ' + text);
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => toast(text));
    else toast(text);
}

function showHelp() {
    const table = (title, rows) => [h('h3', {}, title), h('table', {},
        h('tbody', {}, rows.map(([key, what]) => h('tr', {}, h('th', {scope: 'row'}, h('kbd', {}, key)), h('td', {}, what)))))];
    byId('help').replaceChildren(h('h2', {id: 'help-title'}, 'Keyboard and search'),
        h('div', {class: 'help-columns'}, h('div', {}, table('Keys', KEYS)), h('div', {}, table('Search', SEARCHES))),
        h('form', {method: 'dialog'}, h('button', {autofocus: true}, 'Close')));
    byId('help').showModal();
}

/* --- keyboard --------------------------------------------------------------------------------- */

const ACTIONS = {
    'j': () => showAt(view.at + 1), 'k': () => showAt(view.at - 1),
    'n': () => walkStep(1), 'p': () => walkStep(-1),
    '/': () => { document.body.classList.remove('reading'); byId('query').focus(); byId('query').select(); },
    'o': showOverview, 'r': showRule, 't': nextTheme, '?': showHelp,
    'x': () => setShelf(view.shelf === 'open' ? 'suppressed' : 'open'),
    'c': () => { if (chosen()) copy(placeText(chosen().place)); },
};
const page = () => Math.max(1, Math.floor(byId('list').clientHeight / ROW) - 1);
const IN_LIST = {
    ArrowDown: () => showAt(view.at + 1), ArrowUp: () => showAt(view.at - 1),
    Home: () => showAt(0), End: () => showAt(view.shown.length - 1),
    PageDown: () => showAt(Math.min(view.shown.length - 1, view.at + page())),
    PageUp: () => showAt(Math.max(0, view.at - page())),
    Enter: () => showAt(Math.max(0, view.at), true), ' ': () => showAt(Math.max(0, view.at), true),
};

function onEscape(target) {
    if (target === byId('query')) {
        if (view.query) setQuery('');
        else byId('list').focus();
    } else if (reader.contains(target) || document.body.classList.contains('reading')) backToList();
    else if (view.query) setQuery('');
    else showOverview();
}

function onKey(event) {
    const target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || byId('help').open) return;
    let action = null;
    if (event.key === 'Escape') action = () => onEscape(target);
    else if (target === byId('query')) {
        if (event.key === 'Enter' || event.key === 'ArrowDown') action = () => { byId('list').focus(); showAt(0); };
    } else if (target.closest('select')) return;
    else if (target === byId('list') && IN_LIST[event.key]) action = IN_LIST[event.key];
    else action = ACTIONS[event.key];
    if (!action) return;
    event.preventDefault();
    action();
}

/* --- paper ------------------------------------------------------------------------------------ */

/* On paper everything that fits the search is told, one after the other. */
function fillPaper() {
    if (byId('paper').childElementCount) return;
    useTheme('light');
    const used = new Set(view.shown.map(finding => finding.rule));
    byId('paper').append(overview(),
        h('h1', {class: 'chapter'}, view.query ? 'Findings (' + view.query + ')' : 'Findings'),
        ...view.shown.map(finding => findingView(finding, false)),
        view.shelf === 'open' && suppressed.length ? h('h1', {class: 'chapter'}, 'Suppressed') : '',
        ...(view.shelf === 'open' ? suppressed : []).map(finding => findingView(finding, false)),
        h('h1', {class: 'chapter'}, 'Rules'),
        ...data.rules.filter(rule => used.has(rule.id)).map(rule => h('section', {}, h('h2', {}, rule.id), markdown(rule.page || rule.advice, 3))));
}

function emptyPaper() {
    byId('paper').replaceChildren();
    useTheme();
}

/* --- start ------------------------------------------------------------------------------------ */

function start() {
    const [kind, text] = verdictText();
    document.title = 'sluice: ' + text;
    byId('verdict').textContent = text;
    byId('verdict').className = kind;
    byId('about-run').textContent = runText();
    fillControls();
    useTheme();
    dark.addEventListener('change', () => useTheme());
    let drawing = 0;
    const redraw = () => { cancelAnimationFrame(drawing); drawing = requestAnimationFrame(drawRows); };
    byId('list').addEventListener('scroll', redraw, {passive: true});
    window.addEventListener('resize', redraw);
    byId('rows').addEventListener('click', event => {
        const at = event.target.closest('.row');
        if (at) showAt(Number(at.dataset.i), true);
    });
    byId('query').addEventListener('input', event => { view.query = event.target.value; refresh(); });
    byId('clear').addEventListener('click', () => { setQuery(''); byId('query').focus(); });
    byId('home').addEventListener('click', showOverview);
    byId('theme').addEventListener('click', nextTheme);
    byId('keys').addEventListener('click', showHelp);
    document.addEventListener('keydown', onKey);
    window.addEventListener('beforeprint', fillPaper);
    window.addEventListener('afterprint', emptyPaper);
    refresh();
    const wanted = data.findings.find(finding => finding.id === location.hash.slice(1));
    if (wanted) showFinding(wanted);
    else showOverview();
}

start();
