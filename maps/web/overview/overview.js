// The overview without this script is whole and printable; with it tables sort and the small map changes its measure.
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const TEXT = new Set(['name']);

function sortBy(table, key, way) {
  const heads = $$('thead th', table);
  const at = heads.findIndex((head) => head.dataset.key === key);
  heads.forEach((head) => head.removeAttribute('aria-sort'));
  heads[at].setAttribute('aria-sort', way > 0 ? 'ascending' : 'descending');
  const value = (row) => {
    // a row that is not published has one wide cell in place of its numbers
    let column = 0;
    for (const cell of row.children) {
      column += cell.colSpan;
      if (column > at) return cell.dataset.sort;
    }
    return '';
  };
  const rows = $$('tbody tr', table);
  rows.sort((a, b) => (TEXT.has(key) ? value(a).localeCompare(value(b)) : Number(value(a)) - Number(value(b))) * way);
  $('tbody', table).append(...rows);
}

function sortable(table) {
  const select = $('#sort');
  $$('thead th', table).forEach((head) => {
    const key = head.dataset.key;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    button.onclick = () => {
      const first = TEXT.has(key) ? 'ascending' : 'descending';
      const now = head.getAttribute('aria-sort') ?? (first === 'ascending' ? 'descending' : 'ascending');
      sortBy(table, key, now === 'descending' ? 1 : -1);
    };
    head.replaceChildren(button);
    select.append(new Option(button.textContent, key));
  });
  select.onchange = () => sortBy(table, select.value, TEXT.has(select.value) ? 1 : -1);
  select.parentElement.hidden = false;
}

function show(measure) {
  $$('[data-measure]').forEach((one) => one.setAttribute('aria-checked', String(one.dataset.measure === measure)));
  $$('[data-legend]').forEach((one) => { one.hidden = one.dataset.legend !== measure; });
  $$('.locator path').forEach((path) => {
    const found = Number(path.getAttribute(`data-${measure}`));
    path.setAttribute('class', found < 0 ? 'cx' : `c${found}`);
  });
}

sortable($('#areas'));
$$('[data-measure]').forEach((one) => { one.onclick = () => show(one.dataset.measure); });
if ($('.measures')) $('.measures').hidden = false;
$('#print').hidden = false;
$('#print').onclick = () => window.print();
document.body.dataset.ready = 'true';

// a town that is chosen is shown at once: its button is for those without this script
const towns = $('#town');
if (towns) {
  towns.form.querySelector('button').hidden = true;
  towns.onchange = () => towns.form.submit();
}
