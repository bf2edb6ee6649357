import {View, define, escape, settings, t} from '/static/ui.js';

define('desk-billing', class extends View {
  connectedCallback() {
    const {invoice, price, origins, lang} = settings;
    this.render(`<h1>${escape(t('billing_title'))}</h1><p class="lead">${escape(t('billing_lead'))}</p>
      <div class="sheet offer"><div><b>${escape(t('plan'))}</b><br><small>${escape(t('billing_invoice'))} ${escape(invoice)}</small></div><div class="price">${escape(price)}</div><button class="main">${escape(t('billing_pay'))}</button></div>`);
    this.find('button').addEventListener('click', () => {
      const checkout = document.createElement('desk-dialog');
      checkout.open(t('billing_dialog'), `<iframe class="checkout" src="${escape(`${origins.payments}/checkout?invoice=${invoice}&lang=${lang}`)}" title="${escape(t('billing_dialog'))}"></iframe>`);
    });
  }
});
