// The shell: bar, menu, router, footer, consent, the frame of the chat vendor.
import {View, define, escape, go, session, settings, t, toast} from '/static/ui.js';

const ROUTES = {
  '/': ['home', 'menu_home'], '/support': ['ticket', 'menu_ticket'], '/learn': ['help', 'menu_help'],
  '/documents': ['files', 'menu_files'], '/me': ['account', 'menu_account'], '/plans': ['billing', 'menu_billing'],
  '/signin': ['login', 'menu_login'],
};
const GUARDED = ['/me', '/plans'];

define('desk-app', class extends View {
  connectedCallback() {
    const entries = Object.entries(ROUTES).filter(([path]) => path !== '/signin');
    this.render(`
      <div class="bar">
        <div class="brand" data-go="/"><img src="/static/logo.svg" alt="" width="30" height="30"><b>${escape(t('company'))}</b></div>
        <div class="menu">${entries.map(([path, [, key]]) => `<div class="entry" tabindex="0" data-go="${path}">${escape(t(key))}</div>`).join('')}<div class="entry who" tabindex="0"></div></div>
        <div class="live"><span class="agents"></span><span class="clock"></span></div>
        <button class="icon burger" aria-label="${escape(t('menu_open'))}" aria-expanded="false"><svg viewBox="0 0 24 24"><path d="M3 6h18M3 12h18M3 18h18"/></svg></button>
      </div>
      <main></main>
      <div class="foot">
        <div><b>${escape(t('company'))}</b><br><a href="tel:+4930555010">${escape(t('call'))}</a><br><a href="mailto:help@desk.test">${escape(t('mail'))}</a><br><a href="https://other-site.test/">${escape(t('external'))}</a></div>
        <div><b>${escape(t('newsletter_title'))}</b><div class="inline"><input type="email" class="news" placeholder="${escape(t('newsletter_email'))}" aria-label="${escape(t('newsletter_email'))}"><button class="ghost subscribe">${escape(t('newsletter_button'))}</button></div></div>
        <div><label>${escape(t('language'))} <select class="tongue">${settings.languages.map(([tag, name]) => `<option value="${tag}"${tag === settings.lang ? ' selected' : ''}>${escape(name)}</option>`).join('')}</select></label><img class="photo" src="/media/office.jpg" alt="${escape(t('image_alt'))}" width="150" height="44"></div>
      </div>
      <div class="toasts"></div>`);
    for (const place of this.shadowRoot.querySelectorAll('[data-go]')) this.tappable(place, () => go(place.dataset.go));
    this.tappable(this.find('.who'), () => this.userClicked());
    this.find('.burger').addEventListener('click', () => this.fold(!this.find('.menu').classList.contains('open')));
    this.find('.tongue').addEventListener('change', event => { location.search = `lang=${event.target.value}`; });
    this.find('.subscribe').addEventListener('click', () => this.subscribe());
    window.addEventListener('popstate', () => this.route());
    const tick = () => { this.find('.clock').textContent = new Date().toLocaleTimeString(settings.lang); };
    const count = () => { this.find('.agents').textContent = t('agents').replace('{n}', 3 + Math.floor(Math.random() * 9)); };
    tick(); count();
    setInterval(tick, 1000);
    setInterval(count, 1900);
    this.route();
  }

  fold(open) {
    this.find('.menu').classList.toggle('open', open);
    this.find('.burger').setAttribute('aria-expanded', open);
    this.find('.burger').setAttribute('aria-label', t(open ? 'menu_close' : 'menu_open'));
  }

  async route() {
    let path = location.pathname;
    const main = this.find('main');
    this.fold(false);
    this.find('.who').textContent = t(session.user ? 'menu_logout' : 'menu_login');
    if (GUARDED.includes(path) && !session.user) {
      this.wanted = path;
      history.replaceState({}, '', path = '/signin');
    }
    const [name, key] = ROUTES[path] ?? ROUTES['/'];
    document.title = `${t(key)} | ${t('company')}`;
    for (const place of this.shadowRoot.querySelectorAll('.entry')) place.classList.toggle('here', place.dataset.go === path);
    main.replaceChildren();
    await import(`/static/${name}.js`);
    if (location.pathname === path) main.replaceChildren(document.createElement(`desk-${name}`));
  }

  async userClicked() {
    if (!session.user) { go('/signin'); return; }
    const asked = document.createElement('desk-dialog');
    asked.open(t('menu_logout'), `<p>${escape(t('logout_confirm'))}</p><button class="main yes">${escape(t('logout_yes'))}</button>`);
    asked.find('.yes').addEventListener('click', async () => {
      await fetch('/session', {method: 'DELETE'});
      session.user = session.token = '';
      asked.remove();
      go('/');
    });
  }

  async subscribe() {
    const email = this.find('.news').value;
    if (!email.includes('@')) return;
    await fetch('/newsletter', {method: 'POST', body: new URLSearchParams({email})});
    this.find('.news').value = '';
    toast(t('newsletter_done'), 'good');
  }
});

define('desk-dialog', class extends View {
  open(title, html) {
    this.render(`<div class="veil"><div class="dialog" role="dialog" aria-modal="true" aria-label="${escape(title)}"><button class="icon close" aria-label="${escape(t('dialog_close'))}"><svg viewBox="0 0 24 24"><path d="M5 5l14 14M19 5L5 19"/></svg></button><h2>${escape(title)}</h2>${html}</div></div>`);
    this.find('.close').addEventListener('click', () => this.remove());
    this.shadowRoot.addEventListener('keydown', event => { if (event.key === 'Escape') this.remove(); });
    document.body.append(this);
    this.find('.close').focus();
  }
});

define('desk-consent', class extends View {
  connectedCallback() {
    if (localStorage.getItem('desk-consent')) return;
    this.render(`<div class="veil low"><div class="consent" role="dialog" aria-label="${escape(t('consent_title'))}"><b>${escape(t('consent_title'))}</b><p>${escape(t('consent_text'))}</p><div class="inline"><button class="main accept">${escape(t('consent_accept'))}</button><button class="ghost reject">${escape(t('consent_reject'))}</button></div></div></div>`);
    const answer = how => { localStorage.setItem('desk-consent', how); this.remove(); };
    this.find('.accept').addEventListener('click', () => answer('all'));
    this.find('.reject').addEventListener('click', () => answer('needed'));
  }
});

window.addEventListener('message', event => {
  if (event.origin !== settings.origins.widget) return;
  document.getElementById('vendor-chat').classList.toggle('open', event.data === 'chat:open');
});
