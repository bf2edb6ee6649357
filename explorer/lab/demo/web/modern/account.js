import {View, define, escape, go, session, settings, t} from '/static/ui.js';

define('desk-account', class extends View {
  connectedCallback() { this.load(); }

  async load() {
    const headers = {Authorization: `Bearer ${session.token}`};
    const address = `${settings.origins.api}/v1/user`;
    this.render(`<h1>${escape(t('account_title'))}</h1><div class="sheet ghosts" aria-busy="true"><i></i><i></i><i></i></div>`);
    try {
      const response = await fetch(`${address}/profile?lang=${settings.lang}`, {headers});
      if (!response.ok) throw new Error(`status ${response.status}`);
      this.show(await response.json());
    } catch (error) {
      console.warn(error);
      this.render(`<h1>${escape(t('account_title'))}</h1><div class="sheet empty"><span aria-hidden="true">☁</span><div>${escape(t('account_failed'))}</div><button class="ghost again">${escape(t('try_again'))}</button></div>`);
      this.find('.again').addEventListener('click', () => this.load());
      return;
    }
    this.find('.remove').addEventListener('click', () => {
      const asked = document.createElement('desk-dialog');
      asked.open(t('account_delete'), `<p>${escape(t('account_delete_confirm'))}</p><button class="main danger yes">${escape(t('account_delete'))}</button>`);
      asked.find('.yes').addEventListener('click', async () => { await fetch(address, {method: 'DELETE', headers}); asked.remove(); go('/'); });
    });
  }

  show(profile) {
    const rows = items => items.map(item => `<div class="line">${Object.values(item).map(value => `<span>${escape(value)}</span>`).join('')}</div>`).join('');
    this.render(`<h1>${escape(t('account_title'))}</h1>
      <div class="sheet head"><div class="face" aria-hidden="true">${escape(profile.name[0])}</div><div><b>${escape(profile.name)}</b><br>${escape(profile.email)}<br><small>${escape(profile.plan)} · ${escape(t('account_since'))} ${escape(profile.since)}</small></div></div>
      <div class="sheet"><h2>${escape(t('account_orders'))}</h2>${rows(profile.orders)}</div>
      <div class="sheet"><h2>${escape(t('account_tickets'))}</h2>${rows(profile.tickets)}</div>
      <div class="remove quiet" tabindex="0">${escape(t('account_delete'))}</div>`);
  }
});
