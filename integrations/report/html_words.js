'use strict';
/* What the page says about figures and words of the analysis. */

const TIERS = {
    A: {word: 'error', role: 'blocks', about: 'Every condition of the path is in the code: it blocks a merge.'},
    B: {word: 'warning', role: 'warns', about: 'Something has to be believed as well, such as what a callee decides.'},
    C: {word: 'note', role: 'note', about: 'A hint for those who clean up.'},
};

const OWN_RULES = {
    'suppression-unused': 'a suppression that silences nothing',
    'suppression-without-reason': 'a suppression without a reason',
};

/* Terms of the score: a short name, and what it stands for. */
const TERMS = {
    'kind': ['kind of evidence', 'how directly the program itself says that this is NULL'],
    'merged-paths': ['paths were merged', 'the engine had joined several paths before this point'],
    'condition-in-callee': ['condition in a callee', 'a function that is called decides whether it is NULL'],
    'callee-condition': ['the callee may not get there', 'the dereference in the callee depends on its own conditions'],
    'indirect-call': ['call through a pointer', 'the path goes through a function pointer'],
    'loop-exit': ['a loop must end or be skipped', 'the path leaves a loop at its first or last round'],
    'macro-on-path': ['a condition inside a macro', 'some condition of the path stands in a macro'],
    'later-condition': ['a later condition', 'a condition behind the null must hold as well'],
    'no-branch-taken': ['no branch is taken', 'the path needs every case of a chain to fail'],
    'another-null-on-path': ['another NULL on the way', 'the path needs something else to be NULL, too'],
    'frames': ['functions on the way', 'each further function that the path visits counts against it'],
    'out-of-memory-only': ['only without memory', 'it happens only when memory runs out'],
    'declared-non-null': ['declared non-null', 'an attribute or a model says that NULL must not be passed'],
    'others-do-not-test': ['others do not test it', 'the rest of the program relies on it not being NULL'],
    'callers-never-pass-null': ['no caller passes NULL', 'no call in the program hands over a NULL'],
    'checked-elsewhere': ['tested elsewhere', 'other places test it before they use it'],
    'unchecked-elsewhere': ['not tested elsewhere', 'other places use it without a test'],
    'vote': ['the vote', 'how unlikely it is that so many places test it by chance'],
    'callers-rely': ['callers rely on it', 'callers use the pointer after they tested the status'],
    'callers-test': ['callers test it', 'callers test the pointer as well as the status'],
    'role-decides': ['the role decides', 'which object is at work decides whether it is set'],
    'context': ['a request is at hand', 'the context of a request is in scope here'],
    'votes': ['what other calls do', 'how many other calls of the same function pass a context'],
    'same operation': ['the same operation', 'it hands on to an operation of its own name'],
    'merged': ['paths were merged', 'the engine had joined several paths before this point'],
};

const KEYS = [
    ['j', 'next finding'], ['k', 'previous finding'], ['n', 'next step of the path'],
    ['p', 'previous step of the path'], ['/', 'search'], ['Enter', 'read the finding'],
    ['Esc', 'back to the list; clear the search'], ['o', 'overview'], ['r', 'the rule, explained'],
    ['x', 'open or suppressed findings'], ['c', 'copy the place'], ['t', 'light, dark or as the system'],
    ['?', 'this help'],
];

const SEARCHES = [
    ['text "two words"', 'all words, in message, path, function or step'],
    ['rule:null-deref', 'a rule, or the beginning of its name'],
    ['file:store.c', 'a part of the path of the file, or of a file on the way'],
    ['folder:src/net', 'below a folder'],
    ['fn:parse', 'a function on the path'],
    ['tier:A,B', 'tiers'],
    ['is:new', 'also known, blocking, fixable, crossfile'],
    ['-is:known', 'not'],
];
