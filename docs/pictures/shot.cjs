// shot.cjs MODULES CHROMIUM FOLDER: pictures of FOLDER/report.html, light and dark.
'use strict';
const path = require('node:path');
const {pathToFileURL} = require('node:url');
const [modules, chromium, folder] = process.argv.slice(2);
const puppeteer = require(require.resolve('puppeteer-core', {paths: [modules]}));

async function main() {
    const browser = await puppeteer.launch({executablePath: chromium, headless: true, args: ['--no-sandbox', '--disable-gpu']});
    const page = await browser.newPage();
    await page.setViewport({width: 1280, height: 840});
    for (const scheme of ['light', 'dark']) {
        await page.emulateMediaFeatures([{name: 'prefers-color-scheme', value: scheme}]);
        await page.goto(pathToFileURL(path.join(folder, 'report.html')).href);
        await page.evaluate(() => showFinding(data.findings.find(finding => finding.text.includes('store_find()'))));
        await page.evaluate(() => document.activeElement.blur());
        await new Promise(done => setTimeout(done, 300));
        await page.screenshot({path: path.join(folder, scheme + '.png')});
    }
    await browser.close();
}

main();
