// Reshape a border: a line from border to border is where it shall run.
import {writeGeometry} from '../map.js';
import {sketch} from './sketch.js';

export function reshape(ctx) {
  return sketch(ctx, {
    type: 'LineString', hint: 'hint_reshape', done: 'done_reshape',
    action: (line) => ({kind: 'reshape', node: ctx.map.chosen, line: writeGeometry(line)}),
  });
}
