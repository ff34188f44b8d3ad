/*
 * A path, walked: a frame for each stay in a function, its lines with what happens there under them, and
 * an arrow from frame to frame. Frames deeper in the calls stand further to the right. Nothing
 * is measured, so that it is right on paper and in any window, too.
 */

const RAIL = 11, INDENT = 26, DEEPEST = 6;
const xOf = depth => RAIL + Math.min(depth, DEEPEST) * INDENT;

/* Steps that stay in one function and go down its lines. */
function framesOf(steps) {
    const frames = [];
    steps.forEach((step, i) => {
        const last = frames[frames.length - 1], depth = step.depth || 0;
        const previous = last && last.steps[last.steps.length - 1];
        if (last && last.file === step.file && last.in === step.in && last.depth === depth && step.line >= previous.line)
            last.steps.push({...step, index: i});
        else
            frames.push({file: step.file, in: step.in, depth, steps: [{...step, index: i}]});
    });
    return frames;
}

function hopText(from, to) {
    const where = to.in ? to.in + '()' : baseName(data.files[to.file].path);
    const file = from.file === to.file ? '' : ', ' + data.files[to.file].path;
    if (to.depth > from.depth) return 'into ' + where + file;
    if (to.depth < from.depth) return 'back in ' + where + file;
    if (to.in === from.in && to.file === from.file) return 'further up in ' + where;
    return 'then in ' + where + file;
}

function hop(from, to) {
    const a = xOf(from.depth), b = xOf(to.depth), width = Math.max(a, b) + 8;
    return h('li', {class: 'hop'},
        h('svg', {width, height: 40, viewBox: `0 0 ${width} 40`, 'aria-hidden': 'true'},
            h('path', {d: a === b ? `M${a} 0V32` : `M${a} 0C${a} 22 ${b} 12 ${b} 32`, class: 'arrow'}),
            h('polygon', {points: `${b - 5},30 ${b + 5},30 ${b},40`, class: 'arrow-head'})),
        h('span', {class: 'hop-text', style: {'margin-left': width + 8 + 'px'}}, hopText(from, to)));
}

/* Lines to show: around each step, with small gaps closed. */
function stretchesOf(frame) {
    const wanted = new Set();
    for (const step of frame.steps)
        for (let line = step.line - 2; line <= step.line + 1; line++)
            if (line === step.line || lineText(frame.file, line) !== undefined) wanted.add(line);
    for (const line of [...wanted])
        for (const gap of [1, 2])
            if (!wanted.has(line + 1) && wanted.has(line + 1 + gap))
                for (let i = 1; i <= gap; i++)
                    if (lineText(frame.file, line + i) !== undefined) wanted.add(line + i);
    const isStep = line => frame.steps.some(step => step.line === line);
    const isBlank = line => !isStep(line) && (lineText(frame.file, line) || '').trim() === '';
    const lines = [...wanted].filter(line => line > 0).sort((x, y) => x - y);
    return lines.filter(line => !isBlank(line) || (wanted.has(line - 1) && wanted.has(line + 1)));
}

function marksOf(steps) {
    const marks = steps.filter(step => step.from !== undefined && step.part === undefined)
        .map(step => ({from: step.from, to: step.to})).sort((x, y) => x.from - y.from);
    return marks.filter((mark, i) => i === 0 || mark.from >= marks[i - 1].to);
}

const isCondition = step => / is (true|false)$|^(the condition|the test|none of the cases|this case)/.test(step.text);

/* What happens at a step, under its line. */
function say(step, count) {
    const isLast = step.index === count - 1;
    const ends = (step.index === 0 ? ' first' : '') + (isLast ? ' last' : '');
    return h('div', {class: 'say on' + ends, 'data-step': step.index, tabindex: '-1'},
        h('span', {class: 'side'}, h('span', {class: 'bubble'}, hidden('Step '), String(step.index + 1))),
        h('span', {class: 'said'}, step.text, isCondition(step) ? h('span', {class: 'tag'}, 'condition') : null));
}

function gapRow(n, how) {
    return h('div', {class: 'gap ' + how}, h('span', {class: 'side'}, '\u22ee'), h('span', {}, plural(n, 'line')));
}

function frameRows(frame, count) {
    const rows = [], firstIndex = frame.steps[0].index;
    let last = 0, done = firstIndex - 1; /* the last step that was told */
    const how = () => (done >= 0 && done < count - 1 ? 'on' : '');
    for (const number of stretchesOf(frame)) {
        const here = frame.steps.filter(step => step.line === number), text = lineText(frame.file, number);
        if (last && number > last + 1) rows.push(gapRow(number - last - 1, how()));
        last = number;
        const part = here.filter(step => step.part !== undefined).pop();
        if (part)
            rows.push(codeLine(number, '\u2026' + part.part, [{from: part.from + 1, to: part.to + 1}], 'hit ' + how()));
        else if (text !== undefined)
            rows.push(codeLine(number, text, marksOf(here), (here.length ? 'hit ' : '') + how()));
        for (const step of here) {
            rows.push(say(step, count));
            done = step.index;
        }
    }
    rows.push(...frame.steps.filter(step => step.line <= 0).map(step => say(step, count)));
    return rows;
}

function frameView(frame, count) {
    const path = data.files[frame.file].path;
    const lines = frame.steps.map(step => step.line), isKnown = lines.some(n => lineText(frame.file, n) !== undefined);
    return h('li', {class: 'frame', style: {'margin-left': xOf(frame.depth) - RAIL + 'px'}},
        h('div', {class: frame.steps[0].index ? 'sheet-head on' : 'sheet-head'},
            h('span', {class: 'side'}),
            h('span', {}, frame.in ? h('b', {}, frame.in + '()') : null, ' ',
                h('span', {class: 'where'}, path + ':' + lines[0]),
                isKnown ? null : h('span', {class: 'tag'}, 'source not at hand'))),
        h('div', {class: 'code', tabindex: '0', role: 'group', 'aria-label': 'Source of ' + path},
            h('div', {class: 'code-in'}, frameRows(frame, count))));
}

function pathView(steps, leftOut) {
    const frames = framesOf(steps), items = [];
    frames.forEach((frame, i) => {
        if (i) items.push(hop(frames[i - 1], frame));
        items.push(frameView(frame, steps.length));
    });
    return [leftOut ? h('p', {class: 'quiet'}, plural(leftOut, 'step') + ' in the middle of this path are left out.') : null,
            h('ol', {class: 'path'}, items)];
}
