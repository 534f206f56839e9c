// Draw a new grid: what lies inside the polygon goes to it.
import {h} from '../dom.js';
import {writeGeometry} from '../map.js';
import {t} from '../words.js';
import {sketch} from './sketch.js';

export function draw(ctx) {
  const name = h('input', {type: 'text', maxlength: '100', size: '12'});
  const kind = h('select', {}, ['ordinary', 'dedicated'].map((one) => h('option', {value: one})));
  const label = (words, control) => h('label', {}, h('span', {}, words), control);
  return sketch(ctx, {
    type: 'Polygon', hint: 'hint_draw', done: 'done_draw',
    options() {
      [...kind.options].forEach((option) => { option.textContent = t(option.value); });
      return [label(t('kind'), kind), label(t('name'), name)];
    },
    action(polygon) {
      const under = ctx.state.nodes.get(ctx.map.gridAt(polygon.getInteriorPoint().getCoordinates()));
      if (!under) return {words: t('no_grid_under')};
      const parent = under.level === ctx.state.level ? under.parent : under.id;
      return {kind: 'draw', parent, polygon: writeGeometry(polygon), grid_kind: kind.value, ...(name.value.trim() ? {name: name.value.trim()} : {})};
    },
    taken() { name.value = ''; },
  });
}
