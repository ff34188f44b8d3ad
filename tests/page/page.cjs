// page.cjs MODULES CHROMIUM FOLDER [SHOTS]: uses hard.html, aged.html, many.html and none.html of FOLDER in a browser.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const {pathToFileURL} = require('node:url');

const [modules, chromium, folder, shots] = process.argv.slice(2);
const load = name => require(require.resolve(name, {paths: [modules]}));
const puppeteer = load('puppeteer-core');
const axe = load('axe-core');
let browser;

/* A page that must not complain, nor ask for anything but itself. */
async function open(name, hash = '') {
    const page = await browser.newPage();
    page.complaints = [];
    page.on('console', message => page.complaints.push('console: ' + message.text()));
    page.on('pageerror', error => page.complaints.push('error: ' + error.message));
    page.on('request', request => {
        if (!/^(file|data):/.test(request.url())) page.complaints.push('asked for ' + request.url());
    });
    await page.setViewport({width: 1360, height: 900});
    const start = performance.now();
    await page.goto(pathToFileURL(path.join(folder, name)).href + hash);
    page.loaded = performance.now() - start;
    return page;
}

async function close(page) {
    assert.deepStrictEqual(page.complaints, []);
    await page.close();
}

const frame = page => page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
const text = (page, selector) => page.$eval(selector, node => node.innerText);
const countOf = (page, selector) => page.$$eval(selector, nodes => nodes.length);
const focused = page => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);

async function press(page, ...keys) {
    for (const key of keys) await page.keyboard.press(key);
    await frame(page);
}

async function search(page, query) {
    await page.click('#query', {count: 3});
    await page.keyboard.press('Backspace');
    if (query) await page.type('#query', query);
    await frame(page);
    return text(page, '#count');
}

async function shoot(page, name) {
    if (shots) await page.screenshot({path: path.join(shots, name + '.png')});
}

/* Nobody is kept out: names, roles, contrast; both in light and in dark. */
async function checkAccess(page, where) {
    for (const scheme of ['light', 'dark']) {
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await frame(page);
        assert.strictEqual(await page.evaluate(() => document.documentElement.dataset.theme), scheme);
        await page.evaluate(axe.source);
        const result = await page.evaluate(() => window.axe.run(document, {resultTypes: ['violations']}));
        const told = result.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | '));
        assert.deepStrictEqual(told, [], where + ', ' + scheme);
        await shoot(page, where + '-' + scheme);
    }
    await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: 'light'}]);
}

async function withHardText() {
    const page = await open('hard.html');
    assert.strictEqual(await page.evaluate(() => window.pwned), undefined);
    assert.match(await page.title(), /^sluice: \d+ findings block the merge$/);
    await checkAccess(page, 'overview');
    assert.match(await search(page, 'gone'), /^1 of /);
    await press(page, 'Enter');
    const code = await text(page, '.line.hit');
    assert.ok(code.includes('</script><script>window.pwned = 1</script> <!-- <b>bold</b>'), code);
    assert.ok(!code.includes('\u202e'), 'text that turns the direction of text');
    assert.strictEqual(await page.$$eval('.line.hit mark', marks => marks.map(m => m.innerText).join()), '0,k,size');
    assert.match(await text(page, '.at'), /odd & <dir>\/a "b" `e` @all\.c:5/);
    await checkAccess(page, 'finding');
    await search(page, 'file:wide.c');
    await press(page, 'Enter');
    assert.ok((await text(page, '.path')).length < 3000, 'the long line is shown whole');
    assert.deepStrictEqual(await page.$$eval('.line.hit mark', marks => marks.map(m => m.innerText)), ['*']);
    await search(page, 'file:broken.c');
    await press(page, 'Enter');
    assert.match(await text(page, '.path'), /caf\ufffd \ufffd\ufffd \ufffd/);
    await close(page);
}

async function withSuppressed() {
    const page = await open('hard.html');
    assert.match(await search(page, 'none'), /^0 of /);
    assert.strictEqual(await text(page, '.nothing'), 'Nothing fits this search.');
    await press(page, 'Escape', 'Escape', 'x');
    assert.strictEqual(await text(page, '#count'), '1 finding');
    await press(page, 'j');
    assert.strictEqual(await text(page, '.advice'), 'Allowed: only tests pass <three>');
    await close(page);
}

async function byKeyboard() {
    const page = await open('hard.html');
    const heading = () => text(page, '#reader h1');
    const verdict = await heading();
    await press(page, 'j');
    const first = await heading();
    await press(page, 'j');
    const second = await heading();
    assert.ok(first !== verdict && second !== first);
    assert.strictEqual(await countOf(page, '.row[aria-selected=true]'), 1);
    await press(page, 'k');
    assert.strictEqual(await heading(), first);
    await press(page, '/');
    assert.strictEqual(await focused(page), 'query');
    await page.type('#query', 'find()');
    await press(page, 'Enter');
    assert.strictEqual(await focused(page), 'list');
    assert.match(await text(page, '.path'), /into find\(\), src\/find\.c[\s\S]*back in use\(\), src\/use\.c/);
    await press(page, 'n', 'n');
    assert.strictEqual(await page.$eval('.say.now', node => node.dataset.step), '1');
    await press(page, 'p');
    assert.strictEqual(await page.$eval('.say.now', node => node.dataset.step), '0');
    await press(page, 'r');
    assert.ok(await page.$eval('#rule-page', node => node.open));
    assert.match(await text(page, '#rule-page'), /Why[\s\S]*Bad[\s\S]*Good[\s\S]*Limits/);
    await press(page, '?');
    assert.ok(await page.$eval('#help', node => node.open));
    await press(page, 'Escape');
    assert.ok(!await page.$eval('#help', node => node.open));
    await press(page, 'Escape', 'Escape');
    assert.strictEqual(await page.$eval('#query', node => node.value), '');
    await press(page, 'o');
    assert.strictEqual(await heading(), verdict);
    for (const theme of ['light', 'dark', 'light']) {
        await press(page, 't');
        assert.strictEqual(await page.evaluate(() => document.documentElement.dataset.theme), theme);
    }
    await close(page);
}

async function byFilters() {
    const page = await open('aged.html');
    assert.match(await search(page, 'is:new'), /^[12] of /);
    assert.match(await search(page, '-is:new'), /^\d+ of /);
    assert.match(await search(page, 'is:known rule:null-return folder:src'), /^1 of /);
    assert.match(await search(page, '"no such words"'), /^0 of /);
    await search(page, '');
    await page.select('#rule', 'null-deref');
    assert.strictEqual(await page.$eval('#query', node => node.value), 'rule:null-deref');
    await page.click('#tiers button[value=A]');
    assert.strictEqual(await page.$eval('#query', node => node.value), 'rule:null-deref tier:A');
    assert.strictEqual(await page.$eval('#tiers button[value=A]', node => node.getAttribute('aria-pressed')), 'true');
    await page.click('#tiers button[value=A]');
    await page.select('#rule', '');
    assert.strictEqual(await page.$eval('#query', node => node.value), '');
    await press(page, 'Escape');
    await page.click('.bar');
    assert.match(await page.$eval('#query', node => node.value), /^rule:/);
    await close(page);
}

async function byLink() {
    const page = await open('hard.html');
    await press(page, 'j', 'j');
    const [id, heading] = await page.evaluate(() => [location.hash, document.querySelector('#reader h1').innerText]);
    assert.match(id, /^#[0-9a-f]{32}$/);
    await close(page);
    const again = await open('hard.html', id);
    assert.strictEqual(await text(again, '#reader h1'), heading);
    await close(again);
}

async function withMany() {
    const page = await open('many.html');
    const n = await page.evaluate(() => data.findings.length), nodes = await countOf(page, '*');
    const filter = async query => {
        const took = await page.evaluate(q => {
            const start = performance.now();
            setQuery(q);
            document.getElementById('list').getBoundingClientRect();
            return performance.now() - start;
        }, query);
        return took.toFixed(1) + ' ms for "' + query + '"';
    };
    console.log(`${n} findings: ${(fs.statSync(path.join(folder, 'many.html')).size / 1e6).toFixed(1)} MB, ` +
        `${page.loaded.toFixed(0)} ms to load, ${nodes} elements; search: ` +
        [await filter('many3_4'), await filter('none9'), await filter('folder:part7/src'), await filter('')].join(', '));
    assert.ok(n >= 5000);
    assert.ok(nodes < 1500, nodes + ' elements');
    assert.match(await search(page, 'fn:many3_4_'), /^50 of 5,000 /);
    await search(page, '');
    await page.focus('#list');
    await press(page, 'End');
    assert.strictEqual(await page.$eval('.row[aria-selected=true]', row => row.getAttribute('aria-posinset')), String(n));
    await press(page, 'PageUp', 'ArrowUp');
    await page.evaluate(() => { document.getElementById('list').scrollTop = 100000; });
    await frame(page);
    assert.ok(await countOf(page, '*') < 1500);
    assert.ok(await countOf(page, '.row') < 60);
    await shoot(page, 'many');
    await close(page);
}

async function onPaper() {
    const page = await open('hard.html');
    const all = await page.evaluate(() => {
        const nodes = [];
        window.addEventListener('afterprint', () => nodes.push(document.querySelectorAll('#paper .finding').length), {capture: true, once: true});
        window.dispatchEvent(new Event('beforeprint'));
        const n = document.querySelectorAll('#paper .finding').length, code = document.querySelectorAll('#paper .say').length;
        window.dispatchEvent(new Event('afterprint'));
        return [n, code, data.findings.length];
    });
    assert.strictEqual(all[0], all[2]);
    assert.ok(all[1] > all[0]);
    assert.strictEqual(await countOf(page, '#paper *'), 0);
    const pdf = await page.pdf({format: 'A4', printBackground: true});
    assert.ok((Buffer.from(pdf).toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length > 3, 'the paper is empty');
    if (shots) fs.writeFileSync(path.join(shots, 'paper.pdf'), pdf);
    await close(page);
}

async function onAPhone() {
    const page = await open('hard.html');
    await page.setViewport({width: 390, height: 800});
    await frame(page);
    for (const [name, move] of [['phone-overview', []], ['phone-finding', ['j', 'Enter']], ['phone-list', ['Escape']]]) {
        if (move.length) await press(page, ...move);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= 390), name + ' is too wide');
        await shoot(page, name);
    }
    assert.ok(await page.$eval('#side', node => node.offsetHeight > 0));
    await page.click('.row');
    assert.ok(await page.$eval('#side', node => node.offsetHeight === 0));
    await close(page);
}

async function withoutScripts() {
    const page = await browser.newPage();
    await page.setJavaScriptEnabled(false);
    await page.goto(pathToFileURL(path.join(folder, 'hard.html')).href);
    assert.match(await page.evaluate(() => document.querySelector('.plain').innerText), /src\/use\.c:8[\s\S]*find\(\)/);
    await page.close();
}

async function withNone() {
    const page = await open('none.html');
    assert.strictEqual(await text(page, '#reader h1'), 'Nothing blocks the merge');
    assert.strictEqual(await text(page, '.nothing'), 'No findings.');
    await press(page, 'j', 'k', 'n', 'p', 'r', 'c', 'x', 'x', 'o');
    await close(page);
}

async function main() {
    browser = await puppeteer.launch({executablePath: chromium, headless: true, userDataDir: path.join(folder, 'profile'),
        args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']});
    let bad = 0;
    for (const test of [withHardText, withSuppressed, byKeyboard, byFilters, byLink, withMany, onPaper, onAPhone, withoutScripts, withNone])
        try {
            await test();
        } catch (error) {
            bad++;
            console.log('WRONG: ' + test.name + ': ' + error.stack.slice(0, 1500));
        }
    await browser.close();
    process.exit(bad ? 1 : 0);
}

main();
