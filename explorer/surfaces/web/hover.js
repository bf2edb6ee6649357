// Finds what opens while the pointer rests on something: menus that a style sheet shows with `:hover`. Runs in the isolated
// world, before page.js. A style sheet is read once; what it says is looked up in the page at each observation.
(() => {
  if (globalThis.__twHover) return;
  const all = (root, selector) => {   // nothing if it is no selector any more, without its `:hover`
    const from = root instanceof Element ? Element : root instanceof Document ? Document : DocumentFragment;
    try { return from.prototype.querySelectorAll.call(root, selector); } catch (_) { return []; }
  };
  const matches = Element.prototype.matches, contains = Node.prototype.contains;
  const rectOf = Element.prototype.getBoundingClientRect, visible = Element.prototype.checkVisibility;
  const get = (proto, name) => { const d = Object.getOwnPropertyDescriptor(proto, name); return (o) => d.get.call(o); };
  const parentOf = get(Node.prototype, 'parentNode'), textOf = get(Node.prototype, 'textContent');
  const kids = get(Node.prototype, 'childNodes'), before = get(Element.prototype, 'previousElementSibling');
  const sheetsOf = (root) => { const from = root instanceof Document ? Document : ShadowRoot; return [...get(from.prototype, 'styleSheets')(root), ...get(from.prototype, 'adoptedStyleSheets')(root)]; };
  const CONTROL = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[role=menuitem],[role=link],[role=button],[onclick]';
  const REVEALS = ['display', 'visibility', 'opacity', 'max-height', 'height', 'transform', 'scale', 'clip-path', 'left', 'right', 'top'];
  const MOST_RULES = 20000, MOST_PANELS = 200, MOST_OPENERS = 60, LONGEST_LABEL = 60, LONGEST_FADE = 2000;
  const RESTED = ':hover:not(x-none)';   // without a doctype, `:hover` alone speaks of links only
  const HOVER = /:hover(?![\w-])/, STATES = /:(?:hover|focus-within|focus-visible|focus|active)(?![\w-])/g;
  const EITHER = /:(?:is|where)\((?:\s*:(?:hover|focus-within|focus-visible|focus|active)\s*,?)+\)/g;

  // Cuts at the top level of a selector: not within brackets, parentheses or strings.
  const cut = (text, stops) => {
    const parts = []; let depth = 0, quote = '', from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text[i];
      if (c === '\\') i++;
      else if (quote) { if (c === quote) quote = ''; }
      else if (c === '"' || c === "'") quote = c;
      else if (c === '(' || c === '[') depth++;
      else if (c === ')' || c === ']') depth--;
      else if (!depth && stops.includes(c)) { parts.push([text.slice(from, i), i]); from = i + 1; }
    }
    return [...parts, [text.slice(from), text.length]];
  };
  const unstated = (selector) => cut(selector, ' >+~').map(([words, at]) => (words.replace(EITHER, '').replace(STATES, '') || (words ? '*' : '')) + (selector[at] || '')).join('');

  // `.menu:hover > ul` → the selector of what is rested on, and the selector of what it shows; null if it shows only itself.
  const split = (selector) => {
    const compounds = cut(selector, ' >+~').filter(([words]) => words);
    const bare = compounds.map(([words]) => words.replace(EITHER, (either) => HOVER.test(either) ? ':hover' : ''));
    let at = bare.length - 2;
    while (at >= 0 && !HOVER.test(bare[at].replace(/\([^)]*\)/g, ''))) at--;   // `:not(:hover)` and `:has(:hover)` say something else
    return at < 0 ? null : [unstated(selector.slice(0, compounds[at][1])), unstated(selector)];
  };
  const applies = (rule) => {
    if (rule instanceof CSSMediaRule) return matchMedia(rule.media.mediaText).matches;
    if (rule instanceof CSSSupportsRule) return CSS.supports(rule.conditionText);
    return true;
  };
  const collect = (rules, above, out) => {
    for (const rule of rules) {
      if (out.seen++ > MOST_RULES) return;
      let selector = '';
      if (rule instanceof CSSStyleRule) {
        selector = !above ? rule.selectorText : rule.selectorText.includes('&') ? rule.selectorText.replaceAll('&', `:is(${above})`) : `:is(${above}) ${rule.selectorText}`;
        const told = rule.style;
        if (HOVER.test(selector) && told.display !== 'none' && told.visibility !== 'hidden' && told.opacity !== '0' && REVEALS.some(name => told.getPropertyValue(name)))
          for (const [one] of cut(selector, ',')) { const pair = HOVER.test(one) && split(one.trim()); if (pair) out.pairs.push(pair); }
      }
      if (rule.styleSheet) read(rule.styleSheet, out);
      else if (rule.cssRules && applies(rule)) collect(rule.cssRules, selector || above, out);
    }
  };
  const read = (sheet, out) => {
    if (sheet.disabled || sheet.media && sheet.media.mediaText && !matchMedia(sheet.media.mediaText).matches) return;
    let rules = [];
    try { rules = sheet.cssRules; } catch (_) { return; }   // another site's, which nobody may read
    collect(rules, '', out);
  };
  const known = new WeakMap();   // sheet → how many rules it had, how wide the window was, and what they show
  const pairsOf = (sheet) => {
    let size = -1;
    try { size = sheet.cssRules.length; } catch (_) { return []; }
    const old = known.get(sheet);
    if (old && old.size === size && old.width === innerWidth && old.disabled === sheet.disabled) return old.pairs;
    const out = { pairs: [], seen: 0 };
    read(sheet, out);
    known.set(sheet, { size, width: innerWidth, disabled: sheet.disabled, pairs: out.pairs });
    return out.pairs;
  };

  const closed = (e) => {
    if (!visible.call(e, { opacityProperty: true, visibilityProperty: true })) return true;
    const r = rectOf.call(e);
    return r.width < 1 || r.height < 1 || r.right + scrollX <= 0 || r.bottom + scrollY <= 0;
  };
  const shown = (e) => !closed(e);
  const holds = (e) => matches.call(e, CONTROL) || all(e, CONTROL).length > 0;
  const openerOf = (panel, selector) => {   // around the panel, or beside something around it
    for (let e = panel; e && e.nodeType === 1; e = parentOf(e)) {
      if (e !== panel && matches.call(e, selector)) return e;
      for (let s = before(e); s; s = before(s)) if (matches.call(s, selector)) return s;
    }
    return null;
  };
  // Without a rule that can be read (another site's style sheet, a script that listens), only the shape speaks: in a menu or
  // a header, a few words or a picture that nobody can press, right beside a hidden list of controls.
  const byShape = (root, found) => {
    const opens = new Set(found.values());
    let tried = 0;
    for (const panel of all(root, 'nav :is(ul,ol,menu,div),header :is(ul,ol,menu,div),[role=navigation] :is(ul,ol,menu,div),[role=banner] :is(ul,ol,menu,div)')) {
      const opener = parentOf(panel);
      if (found.size >= MOST_OPENERS || tried++ > MOST_PANELS) return;
      if (!(opener instanceof Element) || found.has(opener) || opens.has(panel) || !closed(panel) || !holds(panel) || closed(opener)) continue;
      if (matches.call(opener, CONTROL + ',nav,header') || [...all(opener, CONTROL)].some(shown)) continue;
      const label = wordsWithout(opener, panel);
      if (label.length <= LONGEST_LABEL && (label || all(opener, 'img,svg,i').length)) found.set(opener, panel);
    }
  };
  const wordsWithout = (e, panel) => {   // the words of an element without those of what opens
    let out = '';
    for (const n of kids(e)) {
      if (n === panel) continue;
      if (n.nodeType === 3) out += n.data;
      else if (n.nodeType === 1) out += ' ' + (contains.call(n, panel) ? wordsWithout(n, panel) : closed(n) ? '' : textOf(n)) + ' ';
      if (out.length > 400) break;
    }
    return out.replace(/\s+/g, ' ').trim();
  };

  // What may be rested on in a document or shadow root → what that shows. Without a pointer that can rest, nothing.
  const openers = (root) => {
    const found = new Map(), alike = new Set();
    if (matchMedia('(hover: none)').matches) return found;
    const pairs = new Map();
    for (const sheet of sheetsOf(root)) for (const [opener, panel] of pairsOf(sheet)) pairs.set(opener + '{' + panel, [opener, panel]);
    for (const [selector, shows] of pairs.values()) {
      let tried = 0;
      for (const panel of all(root, shows)) {
        if (tried++ > MOST_PANELS || found.size >= MOST_OPENERS) break;
        const opener = openerOf(panel, selector);
        if (!opener || found.has(opener) || !holds(panel)) continue;
        if (closed(opener) || !closed(panel) && !matches.call(opener, RESTED)) continue;
        const words = (textOf(panel) || '').replace(/\s+/g, ' ').slice(0, 400) + shows;   // each row's «Edit, Delete»: one is enough
        if (alike.has(words)) continue;
        alike.add(words);
        found.set(opener, panel);
      }
    }
    byShape(root, found);
    return found;
  };
  const arrived = async (panel) => {   // what fades or slides in has come to its end
    const moving = panel.getAnimations({ subtree: true }).filter(a => a.playState === 'running' && a.effect.getComputedTiming().endTime - (a.currentTime || 0) < LONGEST_FADE);
    await Promise.allSettled(moving.map(a => a.finished));
    return 1;
  };
  globalThis.__twHover = { openers, wordsWithout, arrived };
})();
