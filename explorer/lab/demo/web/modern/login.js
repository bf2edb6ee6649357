import {View, define, escape, go, post, session, settings, t} from '/static/ui.js';

define('desk-login', class extends View {
  connectedCallback() {
    this.render(`<form class="sheet small" novalidate><h1>${escape(t('login_title'))}</h1><p class="lead">${escape(t('login_lead'))}</p>
      <input name="user" type="email" autocomplete="username" placeholder="${escape(t('login_user'))}">
      <div class="secret"><input name="password" type="password" autocomplete="current-password" placeholder="${escape(t('login_password'))}"><button type="button" class="icon eye" aria-label="${escape(t('login_show'))}"><svg viewBox="0 0 24 24"><path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12z"/><circle cx="12" cy="12" r="3"/></svg></button></div>
      <p class="hint" role="alert"></p>
      <button class="main">${escape(t('login_button'))}</button></form>`);
    const secret = this.find('[name=password]');
    this.find('.eye').addEventListener('click', () => { secret.type = secret.type === 'password' ? 'text' : 'password'; });
    this.find('form').addEventListener('submit', event => this.send(event));
  }

  async send(event) {
    event.preventDefault();
    const hint = this.find('.hint');
    const data = Object.fromEntries(new FormData(event.target));
    hint.textContent = '';
    let response;
    try {
      response = await post(`${settings.origins.auth}/token`, data);
    } catch (error) {
      console.warn(error);
      hint.textContent = t('login_insecure');
      return;
    }
    if (!response.ok) { hint.textContent = t(response.status === 401 ? 'login_wrong' : 'login_failed'); return; }
    const {token} = await response.json();
    Object.assign(session, await (await post('/session', {token})).json());
    const app = document.querySelector('desk-app');
    const target = app.wanted ?? '/me';
    app.wanted = null;
    go(target);
  }
});
