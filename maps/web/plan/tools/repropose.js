// Draw round a part of the plan: it is proposed again, all the rest stays; one edit, to be undone like any other.
import {h} from '../dom.js';
import {writeGeometry} from '../map.js';
import {t} from '../words.js';
import {sketch} from './sketch.js';

export function repropose(ctx) {
  const number = h('input', {type: 'number', min: '1', max: '999', id: 'repropose-n'});
  const lasso = {...ctx, act: (asked, how) => ctx.send('repropose', asked, how)};
  return sketch(lasso, {
    type: 'Polygon', hint: 'hint_repropose', done: 'done_repropose',
    options: () => [h('label', {}, h('span', {}, t('repropose_n')), number)],
    action(polygon) {
      const wanted = number.valueAsNumber;
      const levels = ctx.state.view.levels.length;
      const targets = wanted > 0 ? {targets: [...Array(levels - 1).fill(null), wanted]} : {};
      return {polygon: writeGeometry(polygon), ...targets};
    },
    taken() { ctx.choose(null); },
  });
}
