// What all views share: settings, words, shadow roots with the common style sheet, toasts.
export const settings = JSON.parse(document.getElementById('settings').textContent);
export const t = key => settings.texts[key] ?? key;
export const session = {user: settings.user, token: settings.token};

const sheet = new CSSStyleSheet();
sheet.replaceSync(await (await fetch('/static/modern.css')).text());

const escapes = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
export const escape = text => String(text).replace(/[&<>"]/g, sign => escapes[sign]);

export class View extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({mode: 'open'}).adoptedStyleSheets = [sheet];
  }
  render(html) { this.shadowRoot.innerHTML = html; }
  find(selector) { return this.shadowRoot.querySelector(selector); }
  // Things that are no buttons but are clicked like ones.
  tappable(element, action) {
    element.addEventListener('click', action);
    element.addEventListener('keydown', event => { if (event.key === 'Enter') action(event); });
  }
}

export const define = (name, type) => { if (!customElements.get(name)) customElements.define(name, type); };

export const toast = (text, kind = '') => {
  const box = document.querySelector('desk-app').find('.toasts');
  const item = document.createElement('div');
  item.className = `toast ${kind}`;
  item.setAttribute('role', kind === 'bad' ? 'alert' : 'status');
  item.textContent = text;
  box.append(item);
  setTimeout(() => item.remove(), 6000);
};

export const post = (url, data) => fetch(url, {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(data)});

export const go = path => {
  history.pushState({}, '', path);
  window.dispatchEvent(new PopStateEvent('popstate'));
};
