// The toolbar: the tools of every day side by side, the others behind "more"; one tab stop, arrows inside.
import {$, h, icon} from './dom.js';
import {TOOLS} from './tools/index.js';
import {t} from './words.js';

const NARROW = window.matchMedia('(max-width: 820px)');

/** ctx: use(name), undo(), redo(), help(). */
export class Toolbar {
  constructor(ctx) {
    this.ctx = ctx;
    this.now = {tool: 'select', shut: false, canUndo: false, canRedo: false};
    this.flyout = h('div', {id: 'more-tools', class: 'flyout', role: 'menu', hidden: true});
    $('tools').after(this.flyout);
    NARROW.addEventListener('change', () => this.build());
    [$('tools'), this.flyout].forEach((bar) => bar.addEventListener('keydown', (event) => this.step(event, bar)));
    document.addEventListener('pointerdown', (event) => { if (!this.flyout.hidden && !event.target.closest('#more-tools, #tool-more')) this.open(false); });
  }

  get shown() { return TOOLS.filter((tool) => (NARROW.matches ? tool.first === 'always' : tool.first)); }

  build() {
    const button = (name, key, run) => h('button', {type: 'button', id: `tool-${name}`, tabindex: '-1', 'aria-keyshortcuts': key, onclick: run}, icon(name), h('span', {}));
    this.more = button('more', '', () => this.open(this.flyout.hidden));
    this.more.setAttribute('aria-haspopup', 'menu');
    this.more.setAttribute('aria-controls', 'more-tools');
    $('tools').replaceChildren(...this.shown.map((tool) => button(tool.name, tool.key, () => this.ctx.use(tool.name))), this.more,
      button('undo', 'Control+Z', this.ctx.undo), button('redo', 'Control+Shift+Z', this.ctx.redo));
    const item = (name, key, role, run) => h('button', {type: 'button', id: `tool-${name}`, role, tabindex: '-1', 'aria-keyshortcuts': key,
      onclick: () => { this.open(false); run(); }}, icon(name), h('span', {}), h('kbd', {}, key));
    this.flyout.replaceChildren(...TOOLS.filter((tool) => !this.shown.includes(tool)).map((tool) => item(tool.name, tool.key, 'menuitemradio', () => this.ctx.use(tool.name))),
      item('help', '?', 'menuitem', this.ctx.help));
    $('tools').firstChild.tabIndex = 0;
    this.update({});
  }

  /** tool: which is on; shut: the plan can't be changed; canUndo, canRedo. */
  update(change) {
    Object.assign(this.now, change);
    const {tool, shut, canUndo, canRedo} = this.now;
    const keys = {undo: 'Ctrl+Z', redo: 'Ctrl+Shift+Z', help: '?'};
    const off = {undo: shut || !canUndo, redo: shut || !canRedo, more: false, help: false, select: false};
    const hidden = TOOLS.find((one) => one.name === tool && !this.shown.includes(one));
    [...$('tools').children, ...this.flyout.children].forEach((node) => {
      const name = node.id.slice(5);
      const known = TOOLS.find((one) => one.name === name);
      const key = known ? known.key : keys[name];
      node.querySelector('span').textContent = t(name);
      node.title = `${t(known && known.hint ? `hint_${name}` : name)}${key ? ` (${key})` : ''}`;
      node.disabled = off[name] ?? shut;
      if (known) node.setAttribute(node.getAttribute('role') ? 'aria-checked' : 'aria-pressed', String(tool === name));
    });
    // the tool in use is never out of sight
    this.more.querySelector('span').textContent = t(hidden ? hidden.name : 'more');
    this.more.querySelector('svg').replaceWith(icon(hidden ? hidden.name : 'more'));
    this.more.setAttribute('aria-expanded', String(!this.flyout.hidden));
    this.more.dataset.on = String(Boolean(hidden));
    $('tools').setAttribute('aria-orientation', NARROW.matches ? 'horizontal' : 'vertical');
  }

  open(on) {
    const within = this.flyout.contains(document.activeElement);
    this.flyout.hidden = !on;
    this.more.setAttribute('aria-expanded', String(on));
    const inside = [...this.flyout.children].find((node) => !node.disabled);
    if (on && inside) inside.focus();
    else if (within) this.more.focus();
  }

  step(event, bar) {
    const by = {ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1}[event.key];
    if (event.key === 'Escape' && bar === this.flyout) {
      event.stopPropagation();
      this.open(false);
    }
    if (!by && event.key !== 'Home' && event.key !== 'End') return;
    event.preventDefault();
    const able = [...bar.children].filter((node) => !node.disabled);
    const at = able.indexOf(document.activeElement);
    const next = by ? able[(at + by + able.length) % able.length] : able[event.key === 'Home' ? 0 : able.length - 1];
    if (bar === $('tools')) [...bar.children].forEach((node) => { node.tabIndex = node === next ? 0 : -1; });
    next.focus();
  }
}

/** The sheet of keys. */
export function showHelp() {
  const rows = [...TOOLS.map((tool) => [tool.key, t(tool.name), t(`hint_${tool.name}`)]), ['Ctrl Z', t('undo'), ''], ['Ctrl ⇧ Z', t('redo'), ''],
    ['Enter', t('finish'), t('key_enter_more')], ['Backspace', t('key_back'), t('key_back_more')], ['Esc', t('key_escape'), t('key_escape_more')], [t('key_space'), t('key_pan'), t('key_pan_more')], ['?', t('help'), '']];
  const dialog = $('dialog');
  dialog.className = 'help';
  dialog.replaceChildren(h('h2', {id: 'dialog-title'}, t('help')),
    h('div', {class: 'keys', tabindex: '0'}, rows.map(([key, name, more]) => h('div', {}, h('kbd', {}, key), h('b', {}, name), h('span', {}, more)))),
    h('div', {class: 'buttons'}, h('button', {type: 'button', class: 'btn', onclick: () => dialog.close()}, t('close'))));
  dialog.addEventListener('close', () => { dialog.className = ''; }, {once: true});
  dialog.showModal();
}
