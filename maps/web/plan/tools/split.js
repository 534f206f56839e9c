// Split a grid along a drawn line.
import {writeGeometry} from '../map.js';
import {drawPanel} from '../panel.js';
import {t} from '../words.js';
import {gridOfLine, sketch} from './sketch.js';

export function split(ctx) {
  return sketch(ctx, {
    type: 'LineString', hint: 'hint_split', done: 'done_split',
    action(line) {
      const node = gridOfLine(ctx, line);
      return node === null ? {words: t('no_grid')} : {kind: 'split', node, line: writeGeometry(line)};
    },
    taken() { ctx.map.chosen = null; ctx.map.mark([]); drawPanel(ctx); },
  });
}
