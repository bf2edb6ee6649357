import {View, define, escape, go, t} from '/static/ui.js';

const TILES = [['/support', 'menu_ticket', 'home_ticket', '✎'], ['/learn', 'menu_help', 'home_help', '☰'], ['/documents', 'menu_files', 'home_files', '⇅'], ['/me', 'menu_account', 'home_account', '☺'], ['/plans', 'menu_billing', 'home_billing', '€']];

define('desk-home', class extends View {
  connectedCallback() {
    this.render(`<div class="hero"><h1>${escape(t('home_title'))}</h1><p>${escape(t('home_lead'))}</p></div>
      <div class="tiles">${TILES.map(([path, title, text, sign]) => `<div class="tile" data-go="${path}"><span class="sign" aria-hidden="true">${sign}</span><b>${escape(t(title))}</b><p>${escape(t(text))}</p></div>`).join('')}</div>`);
    for (const tile of this.shadowRoot.querySelectorAll('.tile')) tile.addEventListener('click', () => go(tile.dataset.go));
  }
});
