import {View, define, escape, post, settings, t, toast} from '/static/ui.js';

const TOPICS = ['order', 'device', 'invoice', 'other'];

define('desk-ticket', class extends View {
  connectedCallback() {
    this.render(`<h1>${escape(t('ticket_title'))}</h1><p class="lead">${escape(t('ticket_lead'))} <a href="/terms" target="_blank">${escape(t('terms'))}</a></p>
      <form class="sheet" novalidate>
        <div class="chips" role="radiogroup" aria-label="${escape(t('ticket_category'))}">${TOPICS.map((key, n) => `<div class="chip" role="radio" tabindex="0" aria-checked="${n === 0}" data-topic="${key}">${escape(t(`cat_${key}`))}</div>`).join('')}</div>
        <div class="pair"><input name="name" autocomplete="name" placeholder="${escape(t('ticket_name'))}"><input name="email" type="email" autocomplete="email" placeholder="${escape(t('ticket_email'))}"></div>
        <input name="subject" placeholder="${escape(t('ticket_subject'))}">
        <textarea name="message" rows="5" placeholder="${escape(t('ticket_message'))}"></textarea>
        <p class="hint" role="alert"></p>
        <button class="main">${escape(t('ticket_send'))}</button>
      </form>`);
    const chips = [...this.shadowRoot.querySelectorAll('.chip')];
    for (const chip of chips) this.tappable(chip, () => chips.forEach(other => other.setAttribute('aria-checked', other === chip)));
    this.find('form').addEventListener('submit', event => this.send(event, chips));
  }

  async send(event, chips) {
    event.preventDefault();
    const form = event.target;
    const button = this.find('button');
    const data = Object.fromEntries(new FormData(form));
    data.category = chips.find(chip => chip.getAttribute('aria-checked') === 'true').dataset.topic;
    this.find('.hint').textContent = '';
    window.track?.('ticket');
    button.disabled = true;
    try {
      const response = await post(`${settings.origins.tickets}/v1/tickets`, data);
      if (response.status === 422) { this.find('.hint').textContent = t('ticket_incomplete'); return; }
      if (!response.ok) throw new Error(`status ${response.status}`);
      const {number} = await response.json();
      this.render(`<div class="sheet done"><div class="tick" aria-hidden="true">✓</div><h1>${escape(t('ticket_thanks'))}</h1><p>${escape(t('ticket_done').replace('{number}', number))}</p></div>`);
    } catch (error) {
      console.warn(error);
      toast(t('ticket_failed'), 'bad');
    } finally {
      button.disabled = false;
    }
  }
});
