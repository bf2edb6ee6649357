// Groups the card number by four, as it stands on the card.
(() => {
  const number = document.getElementById('number');
  number.addEventListener('change', () => { number.value = number.value.replace(/\s/g, '').replace(/(.{4})(?=.)/g, '$1 '); });
})();
