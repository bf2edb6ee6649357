// Runs in an isolated world of every frame: the page cannot see or change it. All that it reads of the DOM goes through
// prototypes, because forms and documents let their children shadow properties.
(() => {
  if (globalThis.__tw) return;
  const getAttr = Element.prototype.getAttribute, hasAttr = Element.prototype.hasAttribute;
  const rectOf = Element.prototype.getBoundingClientRect;
  const getter = (proto, name) => { const d = Object.getOwnPropertyDescriptor(proto, name); return (o) => d.get.call(o); };
  const docEl = getter(Document.prototype, 'documentElement'), bodyOf = getter(Document.prototype, 'body');
  const titleOf = getter(Document.prototype, 'title'), readyOf = getter(Document.prototype, 'readyState');
  const kids = getter(Node.prototype, 'childNodes'), shadow = getter(Element.prototype, 'shadowRoot');
  const parentOf = getter(Node.prototype, 'parentNode'), textOf = getter(Node.prototype, 'textContent');
  const tagOf = getter(Element.prototype, 'localName'), connected = getter(Node.prototype, 'isConnected');
  const rootOf = Node.prototype.getRootNode, fromPoint = Document.prototype.elementFromPoint;
  const byId = Document.prototype.getElementById, contains = Node.prototype.contains;
  const style = getComputedStyle.bind(window);
  const attr = (e, n) => getAttr.call(e, n) || '';
  const has = (e, n) => hasAttr.call(e, n);
  const squeeze = (s, n = 400) => s.length > 20000 ? s.slice(0, 20000).replace(/\s+/g, ' ').trim().slice(0, n) : s.replace(/\s+/g, ' ').trim().slice(0, n);
  const up = (e) => { const p = parentOf(e); return p instanceof ShadowRoot ? p.host : (p instanceof Element ? p : null); };
  const FIELD = new Set(['input', 'textarea', 'select']);
  const ROLES = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'listbox', 'checkbox', 'radio', 'switch', 'tab', 'menuitem', 'menuitemcheckbox', 'menuitemradio', 'option', 'slider', 'spinbutton', 'treeitem']);
  const LAND = { nav: 'navigation', main: 'main', aside: 'complementary', header: 'banner', footer: 'contentinfo', dialog: 'dialog', form: '', search: 'search' };
  const LANDROLE = new Set(['navigation', 'main', 'banner', 'contentinfo', 'complementary', 'dialog', 'alertdialog', 'form', 'search', 'tablist']);
  const SKIP = new Set(['script', 'style', 'noscript', 'template', 'head', 'meta', 'link', 'title', 'svg', 'canvas', 'video', 'audio', 'object', 'embed', 'datalist']);
  const BLOCK = /^(block|flex|grid|list-item|table|table-cell|table-caption|flow-root|inline-block|inline-flex|inline-grid|table-row|table-row-group)$/;
  const PARTS = new Set(['form', 'section', 'article', 'fieldset', 'dialog', 'details', 'li', 'td']);
  let refs = [], frames = new Map(), openers = new Map();   // openers: what may be rested on → what that shows

  const roleOf = (e, tag) => {
    const given = attr(e, 'role').split(' ')[0].toLowerCase();
    if (tag === 'input') {
      const type = inputType(e);
      if (type === 'hidden') return '';
      if (type === 'file') return 'file';
      if (given && ROLES.has(given)) return given;
      return { button: 'button', submit: 'button', reset: 'button', image: 'button', checkbox: 'checkbox', radio: 'radio', range: 'slider', number: 'spinbutton', search: 'searchbox' }[type] || (has(e, 'list') ? 'combobox' : 'textbox');
    }
    if (ROLES.has(given)) return given;
    if (tag === 'textarea') return 'textbox';
    if (tag === 'select') return e.multiple || e.size > 1 ? 'listbox' : 'combobox';
    if (tag === 'button' || tag === 'summary') return 'button';
    if (tag === 'a' || tag === 'area') return has(e, 'href') ? 'link' : '';
    if (has(e, 'contenteditable') && attr(e, 'contenteditable') !== 'false') return 'textbox';
    return '';
  };
  const typeGet = getter(HTMLInputElement.prototype, 'type');
  const inputType = (e) => typeGet(e);
  const inputValue = getter(HTMLInputElement.prototype, 'value'), areaValue = getter(HTMLTextAreaElement.prototype, 'value');
  const valueOf = (e, tag) => tag === 'input' ? inputValue(e) : tag === 'textarea' ? areaValue(e)
    : tag === 'select' ? [...e.selectedOptions].map(o => squeeze(o.label || o.text, 100)).join(', ') : '';

  const textIn = (e, limit = 200, depth = 0) => {   // visible words of a subtree, as a name is computed from contents
    let out = '';
    if (depth > 40) return out;
    const host = shadow(e);
    for (const n of kids(host || e)) {
      if (out.length > limit) break;
      if (n.nodeType === 3) out += n.data.length > 2000 ? n.data.slice(0, 2000) : n.data;
      else if (n.nodeType === 1) {
        const tag = tagOf(n);
        if (tag === 'img') out += ' ' + attr(n, 'alt') + ' ';
        else if (tag === 'svg') { const t = [...kids(n)].find(c => c.nodeType === 1 && tagOf(c) === 'title'); out += ' ' + (attr(n, 'aria-label') || (t ? textOf(t) : '')) + ' '; }
        else if (!SKIP.has(tag) && attr(n, 'aria-hidden') !== 'true' && !has(n, 'hidden')) {
          if (n.checkVisibility && !n.checkVisibility({ visibilityProperty: true })) continue;
          out += ' ' + (attr(n, 'aria-label') || (tag === 'slot' ? n.assignedNodes().map(a => a.nodeType === 3 ? a.data : a.nodeType === 1 ? textIn(a, limit, depth + 1) : '').join(' ') : textIn(n, limit, depth + 1))) + ' ';
        }
      }
    }
    return out;
  };
  const idIn = (e, id) => { const r = rootOf.call(e); return r instanceof ShadowRoot ? ShadowRoot.prototype.getElementById.call(r, id) : byId.call(document, id); };
  // `labels` of one field walks the whole document; all labels are walked once instead
  let labelMap = new Map();
  const collectLabels = (root) => { for (const l of root.querySelectorAll('label')) { const c = l.control; if (c) labelMap.has(c) ? labelMap.get(c).push(l) : labelMap.set(c, [l]); } };
  const labelOf = (e) => {
    let words = '';
    const labels = labelMap.get(e);
    if (labels) for (const l of labels) words += ' ' + textIn(l);
    return squeeze(words, 200) || cellBefore(e);
  };
  const cellBefore = (e) => {   // a form laid out as a table or list: the words before the first field of a cell are its label
    const cell = e.closest('td,dd'), fields = 'input:not([type=hidden]),select,textarea', before = cell && cell.previousElementSibling;
    if (!before || cell.querySelector(fields) !== e || !before.matches('th,td,dt') || before.querySelector(fields + ',button')) return '';
    const words = squeeze(textIn(before), 80); return words.length < 60 ? words : '';
  };
  const nameOf = (e, tag, role) => {
    const by = attr(e, 'aria-labelledby');
    if (by) {
      const words = squeeze(by.split(/\s+/).slice(0, 8).map(id => { const o = idIn(e, id); return o ? attr(o, 'aria-label') || textIn(o) : ''; }).join(' '), 200);
      if (words) return words;
    }
    const aria = squeeze(attr(e, 'aria-label'), 200);
    if (aria) return aria;
    if (FIELD.has(tag)) {
      const type = tag === 'input' ? inputType(e) : '';
      if (['button', 'submit', 'reset'].includes(type)) return squeeze(valueOf(e, tag), 200) || squeeze(attr(e, 'title'), 200) || { submit: 'Submit', reset: 'Reset' }[type] || '';
      if (type === 'image') return squeeze(attr(e, 'alt') || attr(e, 'title'), 200) || 'Submit';
      return labelOf(e) || squeeze(attr(e, 'title'), 200) || squeeze(attr(e, 'placeholder') || attr(e, 'aria-placeholder'), 200);
    }
    if (role !== 'textbox') { const words = squeeze(textIn(e), 200); if (words) return words; }
    return squeeze(attr(e, 'title') || attr(e, 'data-original-title') || attr(e, 'data-bs-original-title') || attr(e, 'data-tooltip') || attr(e, 'alt') || attr(e, 'aria-placeholder') || attr(e, 'placeholder') || attr(e, 'data-placeholder'), 200);
  };
  const iconsOf = (e, out) => {   // what a maker left on a control without words: pictures, their classes, what describes it
    const by = attr(e, 'aria-describedby');
    if (by) { const o = idIn(e, by.split(/\s+/)[0]); if (o) out.push(squeeze(textOf(o), 80)); }
    for (const n of ['data-icon', 'data-lucide', 'data-feather', 'data-action', 'data-tab']) if (attr(e, n)) out.push(attr(e, n).slice(0, 60));
    const inner = e.querySelectorAll('*');
    for (let i = 0; i < inner.length && i < 6; i++) {
      const c = inner[i], tag = tagOf(c);
      const link = tag === 'use' ? (attr(c, 'href') || attr(c, 'xlink:href')).split('#').pop() : tag === 'img' ? attr(c, 'src').split(/[?#]/)[0].split('/').pop().replace(/\.\w+$/, '') : '';
      for (const v of [link, attr(c, 'class'), attr(c, 'data-icon'), attr(c, 'aria-label'), attr(c, 'title')]) if (v && v.length < 80 && !out.includes(v)) out.push(v);
    }
  };
  const unfolds = (e, tag) => tag === 'summary' || has(e, 'aria-expanded') || has(e, 'aria-haspopup') && attr(e, 'aria-haspopup') !== 'false' || /^(collapse|dropdown|accordion)$/.test(attr(e, 'data-toggle') || attr(e, 'data-bs-toggle'));
  const VERBS = ['post', 'put', 'patch', 'delete'];
  const script = (e) => [attr(e, 'onclick'), attr(e, 'onmousedown'), attr(e, 'onpointerdown'), attr(e, 'onmouseup'), attr(e, 'href').startsWith('javascript:') ? attr(e, 'href') : ''].join(' ').slice(0, 4000);
  const sendsOf = (e, tag, kind) => {   // what a press sends, as far as the markup says it: the method and the address
    for (const v of VERBS) for (const n of ['hx-' + v, 'data-hx-' + v, 'up-' + v, 'ic-' + v + '-to']) if (has(e, n)) return v + ' ' + attr(e, n).slice(0, 300);
    const by = (attr(e, 'data-method') || attr(e, 'data-turbo-method') || attr(e, 'up-method') || attr(e, 'data-http-method')).toLowerCase();
    if (by && by !== 'get') return by + ' ' + (attr(e, 'href') || attr(e, 'data-url')).slice(0, 300);
    if (SENDING.test(script(e))) return 'script';
    if ((tag === 'button' || tag === 'input') && (kind === 'submit' || kind === 'image')) {
      const id = attr(e, 'form'), form = id ? idIn(e, id) : e.closest('form');
      const method = form ? (attr(e, 'formmethod') || attr(form, 'method') || 'get').toLowerCase() : '';
      if (method === 'get' && has(form, 'onsubmit')) return 'script';   // it may send anything anywhere
      if (form) return method + ' ' + (attr(e, 'formaction') || attr(form, 'action')).slice(0, 300);
    }
    return '';
  };
  const SENDING = /\b(fetch|XMLHttpRequest|sendBeacon|axios|ajax)\b|\.(post|put|patch|delete|submit|requestSubmit|send)\s*\(/;
  const choiceSends = (e, kind) => kind !== 'file' && SENDING.test(attr(e, 'onchange') + ' ' + attr(e, 'oninput')) ? 'script' : '';   // a choice that sends its form at once
  const asksOf = (e) => {   // the question that a press brings up, as far as the markup says it
    for (const n of ['data-confirm', 'data-turbo-confirm', 'hx-confirm', 'data-hx-confirm', 'up-confirm', 'data-confirm-message']) if (attr(e, n)) return squeeze(attr(e, n), 300);
    const asked = /\bconfirm\s*\(\s*(['"`])(.*?)\1/.exec(script(e)); if (asked) return squeeze(asked[2], 300);
    return /\bconfirm\s*\(/.test(script(e)) ? '?' : '';
  };
  const hintsOf = (e) => {
    const out = [];
    for (const n of ['autocomplete', 'name', 'id', 'placeholder', 'data-testid', 'data-test', 'data-cy', 'data-qa', 'title', 'inputmode', 'accept']) {
      const v = attr(e, n); if (v && v.length < 120 && v !== 'off' && v !== 'on') out.push(v);
    }
    const c = attr(e, 'class'); if (c && c.length < 120) out.push(c);
    const icon = e.firstElementChild; if (icon && e.childElementCount === 1) { const i = attr(icon, 'class') || attr(icon, 'href'); if (i && i.length < 80) out.push(i); }
    return out;
  };
  const inView = (r) => r.bottom > 0 && r.right > 0 && r.top < innerHeight && r.left < innerWidth;
  const pointOf = (e, r) => {
    const x0 = Math.max(r.left, 0), x1 = Math.min(r.right, innerWidth), y0 = Math.max(r.top, 0), y1 = Math.min(r.bottom, innerHeight);
    return [(x0 + x1) / 2, (y0 + y1) / 2];
  };
  const hit = (x, y) => { let e = fromPoint.call(document, x, y); for (let i = 0; e && shadow(e) && i < 20; i++) { const inner = shadow(e).elementFromPoint(x, y); if (!inner || inner === e) break; e = inner; } return e; };
  const opened = (top) => { for (const panel of openers.values()) if (within(top, panel)) return true; return false; };   // goes when the pointer goes
  const within = (top, e) => { for (let i = 0; top && i < 200; i++) { if (top === e) return true; top = up(top); } return false; };
  const coveredBy = (e, x, y) => {
    const top = hit(x, y);
    if (!top || within(top, e) || within(e, top)) return null;
    if (tagOf(e) === 'input' || tagOf(e) === 'select') { const l = labelMap.get(e); if (l) for (const one of l) if (within(top, one)) return null; }
    const label = top.closest && top.closest('label');
    if (label && label.control === e) return null;
    return top;
  };
  const MAX = 3000, MOST_HEADINGS = 8, LEAST_WORDS = 3;

  const observe = () => {
    refs = [];
    const out = { els: [], texts: [], frames: [], busy: false, truncated: false, pictures: 0 };
    const body = bodyOf(document) || docEl(document);
    if (!body) return out;
    labelMap = new Map(); collectLabels(docEl(document));
    openers = globalThis.__twHover.openers(document);
    const spin = (e, tag, cs, cls) => {
      if (out.busy) return;
      if (attr(e, 'aria-busy') === 'true' || (attr(e, 'role') === 'progressbar' && !(+attr(e, 'aria-valuenow') >= (+attr(e, 'aria-valuemax') || 100))) || (tag === 'progress' && !(e.position >= 1))) out.busy = true;
      else if (cs.animationName !== 'none' && cs.animationIterationCount.includes('infinite') && cs.animationPlayState !== 'paused') {
        const r = rectOf.call(e);
        if (r.width > 3 && r.height > 3 && r.width <= 400 && (/spin|load|wait|progress|pulse|skeleton|shimmer|busy|rotat/i.test(cls + ' ' + cs.animationName) || cs.borderRadius !== '0px' && cs.borderTopColor !== cs.borderLeftColor)) out.busy = true;
      }
    };
    let buffer = null;
    const flush = () => {
      if (!buffer) return;
      const words = squeeze(buffer.words.join(''), 2000);
      if (words) {
        if (out.texts.length >= MAX) out.truncated = true;
        else out.texts.push([words, buffer.role, buffer.region, buffer.live ? 1 : 0]);
      }
      buffer = null;
    };
    let visits = 0;
    const walk = (node, ctx, depth) => {
      if (depth > 600 || visits > 60000 || (refs.length >= MAX && out.texts.length >= MAX)) { out.truncated = true; return; }
      for (const n of kids(node)) {
        if (n.nodeType === 3) {
          if (ctx.named || ctx.hidden) continue;
          const data = n.data;
          if (!data || (data.length < 200 && !data.trim())) { if (buffer) buffer.words.push(' '); continue; }
          if (!buffer) buffer = { words: [], role: ctx.role, region: ctx.region, live: ctx.live };
          if (buffer.words.length < 400) buffer.words.push(data.length > 4000 ? data.slice(0, 4000) : data);
        } else if (n.nodeType === 1) element(n, ctx, depth);
      }
    };
    // Headings reach until the part of the page ends that they stand in. A lower one goes when one of its rank or above comes.
    const under = (above, rank, words) => [...above.filter(h => h[0] < rank), [rank, words]];
    const RANK = { legend: 7, summary: 7, label: 6.5, large: 8 };
    const rankOf = (e, tag, given) => /^h[1-6]$/.test(tag) ? +tag[1] : given === 'heading' ? Math.min(+attr(e, 'aria-level') || 2, 6) : RANK[tag] || 0;
    const base = 1.2 * parseFloat(style(body).fontSize);
    const isLarge = (e, cs, block) => block && e.childElementCount === 0 && parseFloat(cs.fontSize) >= base && textOf(e).length < 160;
    const element = (e, ctx, depth) => {
      visits++;
      const tag = tagOf(e);
      if (SKIP.has(tag)) { if (tag === 'svg' || tag === 'canvas' || tag === 'video') { const r = rectOf.call(e); if (r.width > 0) { out.pictures++; if (tag === 'svg') { const cs0 = style(e); if (cs0.display !== 'none') spin(e, tag, cs0, attr(e, 'class')); } } } return; }
      if (tag === 'br') { flush(); return; }
      const cs = style(e);
      const isFile = tag === 'input' && inputType(e) === 'file';
      if (cs.display === 'none' && !isFile) { hiddenFiles(e, ctx); return; }
      if (cs.contentVisibility === 'hidden') return;
      if ((cs.overflowY === 'hidden' || cs.overflowY === 'clip') && (cs.maxHeight === '0px' || cs.height === '0px') && e !== body && rectOf.call(e).height < 1) return;   // folded by its height
      let { role: textRole, region, group, live, named } = ctx;
      const given = attr(e, 'role').split(' ')[0].toLowerCase();
      const faded = ctx.faded || +cs.opacity < 0.02, unseen = cs.visibility !== 'visible' || faded;   // nothing in it is seen either
      const cls = attr(e, 'class');
      if (!unseen) spin(e, tag, cs, cls);
      const block = BLOCK.test(cs.display) && !cs.display.startsWith('inline');
      if (block) flush();
      const inside = block ? { up: ctx.inside, from: out.texts.length, to: 0 } : ctx.inside;
      // landmarks, groups, text roles
      if (LANDROLE.has(given)) region = given === 'alertdialog' ? 'dialog' : given === 'tablist' ? region || 'tablist' : given;
      else if (tag in LAND && LAND[tag] && !given) { if (!((tag === 'header' || tag === 'footer') && ctx.sectioned)) region = LAND[tag]; }
      if (attr(e, 'aria-modal') === 'true') region = 'dialog';
      let part = ctx.part;
      if (region !== ctx.region && region !== 'main' && region !== 'form') part = { headings: [] };
      else if (PARTS.has(tag) || given) part = { headings: part.headings };
      if (tag === 'form' || tag === 'dialog' || given === 'form' || given === 'dialog' || given === 'alertdialog' || given === 'search' && !group || tag === 'search') {
        const id = attr(e, 'id') || attr(e, 'name') || attr(e, 'aria-label') || attr(e, 'action') || '';
        group = (tag === 'form' ? 'form' : given || tag) + ':' + (id.split(/[?#]/)[0].slice(0, 60) || groups++);
        const alike = (named_groups.get(group) || 0) + 1; named_groups.set(group, alike);   // two forms may post to one address
        if (alike > 1) group += '~' + alike;
      }
      if (/^h[1-6]$/.test(tag) || given === 'heading') textRole = 'heading';
      else if (given === 'alert' || given === 'alertdialog') { textRole = 'alert'; live = true; }
      else if (given === 'status' || tag === 'output') { textRole = 'status'; live = true; }
      else if (given === 'log') { textRole = 'log'; live = true; }
      else if (textRole !== 'log' && textRole !== 'alert' && textRole !== 'status') {
        if (tag === 'td' || tag === 'th' || /^(grid)?cell$|header$/.test(given)) textRole = 'cell';
        else if (tag === 'li' || tag === 'dd' || given === 'listitem') textRole = 'listitem';
        else if (tag === 'label' || tag === 'legend') textRole = 'label';
        else if (tag === 'dialog' || given === 'dialog') textRole = 'dialog';
      }
      const rank = (tag !== 'label' && rankOf(e, tag, given)) || (!named && isLarge(e, cs, block) ? RANK.large : 0);
      const headed = rank ? squeeze(textIn(e), 160) : part !== ctx.part && (has(e, 'aria-label') || has(e, 'aria-labelledby')) ? nameOf(e, tag, 'textbox') : '';
      if (headed) part.headings = under(part.headings, rank || RANK.label, headed);
      const liveAttr = attr(e, 'aria-live'); if (liveAttr === 'polite' || liveAttr === 'assertive') live = true;
      if (tag === 'iframe' || tag === 'frame') {
        const r = rectOf.call(e);
        const ok = !unseen && r.width > 1 && r.height > 1;
        const l = e.clientLeft + (parseFloat(cs.paddingLeft) || 0), t = e.clientTop + (parseFloat(cs.paddingTop) || 0);
        out.frames.push([frames.get(e) || '', r.left + l, r.top + t, e.clientWidth - 2 * (parseFloat(cs.paddingLeft) || 0), e.clientHeight - 2 * (parseFloat(cs.paddingTop) || 0), ok ? 1 : 0, region]);
        return;
      }
      if (tag === 'img') { const r = rectOf.call(e); if (!unseen && r.width > 1 && r.height > 1) { if (e.naturalWidth > 0) out.pictures++; const alt = attr(e, 'alt'); if (alt && !named && r.width > 20) { /* pictures say nothing that must be read */ } } }
      let role = roleOf(e, tag);
      if (!role && !named) {
        const pointer = cs.cursor === 'pointer' && ctx.cursor !== 'pointer';
        const wired = has(e, 'onclick') || (has(e, 'tabindex') && +attr(e, 'tabindex') >= 0 && tag !== 'body');
        if ((pointer || wired) && tag !== 'label' && tag !== 'html' && tag !== 'body' && !(has(e, 'tabindex') && !pointer && cs.overflowY !== 'visible')) role = 'clickable';
        if (tag === 'label' && pointer && !e.control && !e.htmlFor) role = 'clickable';
      }
      let mine = named;
      if (role) {
        const inner = role === 'clickable' && e.childElementCount > 0 && (e.querySelector('a[href],button,input,select,textarea'));
        if (!inner && !(role === 'option' && tag === 'option')) {
          if (add(e, tag, role, cs, unseen, region, group, part, inside)) mine = role !== 'clickable' || textIn(e).length < 200;
        }
      }
      if (tag === 'select' || tag === 'textarea') { flush(); return; }
      if (has(e, 'contenteditable') && role === 'textbox') { flush(); return; }
      const next = { role: textRole, region, group, part, inside, live, named: mine, hidden: unseen, faded, cursor: cs.cursor, sectioned: ctx.sectioned || tag === 'article' || tag === 'section' || tag === 'main' };
      if (buffer && (buffer.role !== textRole || buffer.region !== region)) flush();
      const host = shadow(e);
      if (host) { collectLabels(host); for (const [e, panel] of globalThis.__twHover.openers(host)) openers.set(e, panel); walk(host, next, depth + 1); }
      else if (tag === 'slot' && e.assignedNodes().length) for (const n of e.assignedNodes({ flatten: true })) { if (n.nodeType === 1) element(n, next, depth + 1); else if (n.nodeType === 3 && !next.named && !unseen) { if (!buffer) buffer = { words: [], role: textRole, region, live }; buffer.words.push(n.data.slice(0, 4000)); } }
      else if (tag === 'details' && !e.open) { for (const n of kids(e)) if (n.nodeType === 1 && tagOf(n) === 'summary') element(n, next, depth + 1); }
      else walk(e, next, depth + 1);
      if (openers.has(e)) add(e, tag, 'hover', cs, unseen, region, group, part, null);
      if (block || textRole !== ctx.role) flush();
      if (block) inside.to = out.texts.length;
    };
    let groups = 0; const named_groups = new Map();
    const hiddenFiles = (e, ctx) => {   // a hidden file input is used through its label or a button beside it
      if (e.childElementCount === 0) return;
      const found = e.querySelectorAll('input[type=file]');
      // Its own label is hidden with it: not yet shown, as the next step of a form
      for (let i = 0; i < found.length && i < 20; i++) if (!(labelMap.get(found[i]) || []).some(l => contains.call(e, l)) && !cellBefore(found[i])) add(found[i], 'input', 'file', style(found[i]), true, ctx.region, ctx.group, ctx.part, ctx.inside);
    };
    const add = (e, tag, role, cs, unseen, region, group, part, inside) => {
      const r = rectOf.call(e);
      let box = r, gone = unseen || r.width < 1 || r.height < 1;
      if (gone && (role === 'link' || role === 'button') && e.childElementCount) for (const c of e.querySelectorAll('*')) { const cr = rectOf.call(c); if (!unseen && cr.width >= 1 && cr.height >= 1) { box = cr; gone = false; break; } }
      if ((gone || r.width * r.height < 4) && FIELD.has(tag)) {   // drawn by its label: checkboxes, radios, file inputs
        const type = tag === 'input' ? inputType(e) : '';
        if (type === 'file' || type === 'checkbox' || type === 'radio') {
          for (const l of labelMap.get(e) || []) { const lr = rectOf.call(l); if (lr.width > 1 && lr.height > 1) { box = lr; gone = false; break; } }
          if (type === 'file') gone = false;
        }
      }
      if (gone) return false;
      if (box.right + scrollX <= 0 || box.bottom + scrollY <= 0) { if (role !== 'file') return false; }   // parked outside: «skip» links and the like
      if (attr(e, 'aria-hidden') === 'true' && role !== 'file') return false;
      if (refs.length >= MAX) { out.truncated = true; return true; }
      if (cs.pointerEvents === 'none' && role === 'clickable') return false;
      const view = inView(box);
      let covered = false;
      if (view && role !== 'file' && checks < 600) { checks++; const [x, y] = pointOf(e, box); const over = coveredBy(e, x, y); covered = !!over && !(opened(over) && !opened(e)); }
      let href = '';
      if (tag === 'a' || tag === 'area') href = has(e, 'href') ? String(e.href && e.href.baseVal !== undefined ? e.href.baseVal : e.href).slice(0, 2000) : '';
      const field = FIELD.has(tag);
      let kind = tag === 'input' ? inputType(e) : tag === 'textarea' ? 'textarea' : tag === 'button' ? (e.form || attr(e, 'type') === 'submit' ? (attr(e, 'type') || 'submit') : 'button') : tag === 'select' ? 'select' : role === 'textbox' ? 'contenteditable' : '';
      let value = '';
      if (field && kind !== 'password') value = squeeze(valueOf(e, tag), 400); else if (field && valueOf(e, tag)) value = '••••';
      else if (role === 'textbox') value = squeeze(textIn(e, 400), 400);
      if (kind === 'checkbox' || kind === 'radio') value = '';
      if (kind === 'file') value = [...e.files].map(f => f.name).join(', ').slice(0, 400);
      let options = [];
      if (tag === 'select') options = [...e.options].slice(0, 300).filter(o => !o.disabled).map(o => squeeze(o.label || o.text, 120));
      else if (tag === 'input' && e.list) options = [...e.list.options].slice(0, 100).map(o => squeeze(o.label || o.value, 120));
      const checked = tag === 'input' ? !!(kind === 'checkbox' || kind === 'radio') && e.checked : attr(e, 'aria-checked') === 'true' || attr(e, 'aria-pressed') === 'true' || attr(e, 'aria-selected') === 'true';
      const disabled = (field || tag === 'button') ? e.matches(':disabled') : false;
      const label = field ? labelOf(e) : '';
      const name = role === 'hover' ? squeeze(globalThis.__twHover.wordsWithout(e, openers.get(e)) || attr(e, 'aria-label') || attr(e, 'title'), 80) : nameOf(e, tag, role);
      const hints = hintsOf(e); if (label && label !== name) hints.push(label);
      if (!field && !/[\p{L}\p{N}]/u.test(name)) iconsOf(e, hints);
      if (!field && unfolds(e, tag)) hints.push('expands');
      if (!field && e.closest('th,[role=columnheader],[aria-sort]')) hints.push('sorts');
      let invalid = attr(e, 'aria-invalid') === 'true';
      if (!invalid && field) { try { invalid = e.matches(':user-invalid'); } catch (_) { } }
      out.els.push([refs.length, role, name, value, kind, hints, href, group, region, Math.round(box.left), Math.round(box.top), Math.round(box.width), Math.round(box.height),
        (disabled || attr(e, 'aria-disabled') === 'true' ? 0 : 1) | (has(e, 'required') || attr(e, 'aria-required') === 'true' ? 2 : 0) | (checked ? 4 : 0) | (rootOf.call(e).activeElement === e ? 8 : 0) |
        (field && e.readOnly ? 16 : 0) | (view ? 32 : 0) | (covered ? 64 : 0) | (invalid ? 128 : 0) | (has(e, 'download') ? 256 : 0) | (attr(e, 'target') === '_blank' ? 512 : 0), options, field && !['submit', 'image', 'button'].includes(kind) ? choiceSends(e, kind) : sendsOf(e, tag, kind), asksOf(e), field || role === 'button' || role === 'clickable' || role === 'textbox' ? part.headings.slice(-MOST_HEADINGS).map(h => h[1]) : [], role === 'button' || role === 'clickable' || role === 'link' ? inside : null]);
      refs.push(e);
      return true;
    };
    // The words around a control: those of the smallest block that holds some. A page as a whole is no block.
    const wordsAround = () => {
      const chars = [0];
      for (const t of out.texts) chars.push(chars[chars.length - 1] + t[0].length);
      const around = (b) => { while (b.up && chars[b.to] - chars[b.from] < LEAST_WORDS) b = b.up; return b.up ? [b.from, b.to] : [0, 0]; };
      for (const row of out.els) { const b = row.pop(); row.push(...(b ? around(b) : [0, 0])); }
    };
    let checks = 0;
    const whole = { up: null, from: 0, to: 0 };
    element(body, { role: 'text', region: '', group: '', part: { headings: [] }, inside: whole, live: false, named: false, hidden: false, faded: false, cursor: 'auto', sectioned: false }, 0);
    flush();
    wordsAround();
    const root = docEl(document);
    out.title = squeeze(titleOf(document) || '', 300); out.url = location.href; out.lang = attr(root, 'lang');
    out.w = innerWidth; out.h = innerHeight; out.sy = scrollY; out.sh = Math.max(root.scrollHeight, 0);
    out.ready = readyOf(document); out.now = performance.timeOrigin;
    return out;
  };

  const locate = (n) => {   // where to point at: scrolled into view, with what lies on top
    const e = refs[n];
    if (!e || !connected(e)) return { gone: 1 };
    let target = e, r = rectOf.call(e);
    const seen = (el) => { const b = rectOf.call(el); return b.width >= 1 && b.height >= 1 && style(el).visibility === 'visible'; };
    const type = tagOf(e) === 'input' ? inputType(e) : '';
    if (!seen(e) || (r.width * r.height < 4 || +style(e).opacity < 0.02) && type) {
      target = [...(e.labels || [])].find(seen) || [...e.querySelectorAll('*')].find(seen) || (seen(e) ? e : null);
      if (!target) return { hidden: 1 };
      r = rectOf.call(target);
    }
    const middle = (b) => [(b.left + b.right) / 2, (b.top + b.bottom) / 2];
    let [x, y] = middle(r);
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight || coveredBy(target, x, y)) {
      target.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
      r = rectOf.call(target); [x, y] = middle(r);
    }
    const spots = [[x, y]];
    if (style(target).display === 'inline') for (const b of target.getClientRects()) spots.push(middle(b));
    for (const fx of [0.15, 0.85]) for (const fy of [0.25, 0.75]) spots.push([r.left + r.width * fx, r.top + r.height * fy]);
    let top = null;
    for (const [px, py] of spots) {
      if (px < 0 || py < 0 || px > innerWidth || py > innerHeight) continue;
      top = coveredBy(target, px, py);
      if (!top) return { x: px, y: py, disabled: e.matches(':disabled') ? 1 : 0 };
    }
    if (!top) return { outside: 1 };
    return { covered: squeeze(textIn(top, 60), 60) || tagOf(top) };
  };
  const shows = (n) => { const e = refs[n], panel = openers.get(e); return panel && connected(panel) ? globalThis.__twHover.arrived(panel) : 0; };
  const frameAt = (id) => {
    for (const [e, key] of frames) if (key === id && connected(e)) {
      const cs = style(e), r = rectOf.call(e);
      return [r.left + e.clientLeft + (parseFloat(cs.paddingLeft) || 0), r.top + e.clientTop + (parseFloat(cs.paddingTop) || 0)];
    }
    return null;
  };
  const frameHit = (id, x, y) => { const e = hit(x, y); if (!e) return ''; if (frames.get(e) === id) return 'ok'; return squeeze(textIn(e, 60), 60) || tagOf(e); };
  const fire = (e, ...names) => { for (const n of names) e.dispatchEvent(new (n === 'input' ? InputEvent : Event)(n, { bubbles: true, composed: true })); };
  const prepare = (n) => {   // focus a field and select all that is in it
    const e = refs[n];
    if (!e || !connected(e)) return { gone: 1 };
    const tag = tagOf(e), kind = tag === 'input' ? inputType(e) : '';
    if (FIELD.has(tag) && (e.matches(':disabled') || e.readOnly)) return { locked: 1 };
    e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    e.focus({ preventScroll: true });
    if (FIELD.has(tag)) { try { e.select(); } catch (_) { } }
    else { const s = getSelection(), g = document.createRange(); g.selectNodeContents(e); s.removeAllRanges(); s.addRange(g); }
    return { kind, tag, multi: tag === 'textarea' || !FIELD.has(tag) ? 1 : 0, empty: FIELD.has(tag) ? !valueOf(e, tag) : !squeeze(textIn(e, 10), 10), max: e.maxLength || -1,
      focused: rootOf.call(e).activeElement === e ? 1 : 0 };
  };
  const set = (n, text) => {
    const e = refs[n]; if (!e || !connected(e)) return { gone: 1 };
    const proto = tagOf(e) === 'textarea' ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
    Object.getOwnPropertyDescriptor(proto, 'value').set.call(e, text); fire(e, 'input', 'change');
    return { value: valueOf(e, tagOf(e)) };
  };
  const choose = (n, text) => {
    const e = refs[n]; if (!e || !connected(e)) return { gone: 1 };
    if (tagOf(e) !== 'select') return { other: tagOf(e) };
    if (e.matches(':disabled')) return { locked: 1 };
    const i = [...e.options].findIndex(o => squeeze(o.label || o.text, 120) === text && !o.disabled), j = i < 0 ? [...e.options].findIndex(o => o.value === text) : i;
    if (j < 0) return { missing: 1 };
    e.focus({ preventScroll: true });
    if (e.multiple) e.options[j].selected = true; else e.selectedIndex = j;
    fire(e, 'input', 'change');
    return {};
  };
  const focus = (n) => {
    const e = refs[n]; if (!e || !connected(e)) return { gone: 1 };
    if ((e.matches && e.matches(':disabled'))) return { locked: 1 };
    e.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    e.focus(); return { focused: rootOf.call(e).activeElement === e ? 1 : 0, tag: tagOf(e), type: tagOf(e) === 'input' ? inputType(e) : '', role: attr(e, 'role') };
  };
  const scroll = (dy) => {
    const start = scrollY; scrollBy({ top: dy * innerHeight * 0.8, behavior: 'instant' });
    if (scrollY !== start) return 1;
    let best = null;
    for (const e of document.querySelectorAll('*')) if (e.scrollHeight > e.clientHeight + 20 && e.clientHeight > 100 && /auto|scroll/.test(style(e).overflowY) && (!best || e.clientHeight * e.clientWidth > best.clientHeight * best.clientWidth)) best = e;
    if (!best) return 0; const was = best.scrollTop; best.scrollTop += dy * best.clientHeight * 0.8; return best.scrollTop !== was ? 1 : 0;
  };
  let last = 0, timer = 0;
  const tell = () => { timer = 0; last = performance.now(); try { __twChanged('m'); } catch (_) { } };
  const start = () => new MutationObserver(() => {
    const now = performance.now();
    if (timer) return;
    if (now - last > 30) tell(); else timer = setTimeout(tell, 30);
  }).observe(document, { childList: true, characterData: true, subtree: true, attributes: true, attributeFilter: ['hidden', 'disabled', 'class', 'open', 'value', 'aria-busy', 'aria-hidden', 'aria-expanded', 'aria-invalid', 'src', 'href', 'style'] });
  start();
  // Where a login would go: the origin of the field's document, and the goal of its form if it has one of its own.
  const origins = () => globalThis.origin;
  const action = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, 'action').get, owner = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'form').get;
  const goalOf = (e) => {
    let form = null;
    try { form = owner.call(e); } catch (_) { return ''; }
    const goal = form && has(form, 'action') ? String(action.call(form)) : '';
    return /^(https?|mailto|ftp):/i.test(goal) ? goal : '';
  };
  const whose = (n) => { const e = refs[n]; return !e || !connected(e) || e.ownerDocument !== document ? { gone: 1 } : { origin: origins(), goal: goalOf(e) }; };
  const held = new Set();
  const holds = () => [...held].some((e) => connected(e) && (FIELD.has(tagOf(e)) ? valueOf(e, tagOf(e)) : squeeze(textIn(e, 10), 10)) !== '');
  const give = (n, origin, goal, text) => {
    const field = prepare(n), e = refs[n];
    if (field.gone || field.locked) return field;
    if (origins() !== origin || goalOf(e) !== goal) return { moved: 1 };
    if (!field.focused) return { taken: 0 };
    held.add(e);
    if (!document.execCommand('insertText', false, text)) return { taken: 0 };
    return { taken: 1 };
  };

  globalThis.__tw = { observe: (peek) => { const keep = refs, o = observe(); if (peek) refs = keep; return JSON.stringify(o); }, locate, frameAt, frameHit, prepare, set, choose, whose, give, holds, focus, scroll, shows, ref: (n) => refs[n], own: (e, id) => { for (const [k] of frames) if (!connected(k)) frames.delete(k); frames.set(e, id); } };
})();
