// The tools of the planner's page, in the order of the toolbar; each ends in one action sent by ctx.act.
import {divide} from './divide.js';
import {draw} from './draw.js';
import {fill} from './fill.js';
import {give} from './give.js';
import {handles} from './handles.js';
import {merge} from './merge.js';
import {paint} from './paint.js';
import {reasons} from './reasons.js';
import {repropose} from './repropose.js';
import {reshape} from './reshape.js';
import {select} from './select.js';
import {split} from './split.js';
import {tower} from './tower.js';

/** name; key; make(ctx) the tool; first: stands in the toolbar itself, 'always' on a phone too. */
export const TOOLS = [
  {name: 'select', key: 'V', make: select, first: 'always'},
  {name: 'paint', key: 'B', make: paint, first: 'always'},
  {name: 'split', key: 'K', make: split, first: 'always'},
  {name: 'merge', key: 'M', make: merge, first: 'always'},
  {name: 'reshape', key: 'R', make: reshape, first: 'desk'},
  {name: 'handles', key: 'J', make: handles, first: 'desk'},
  {name: 'divide', key: 'N', make: divide},
  {name: 'draw', key: 'D', make: draw},
  {name: 'tower', key: 'T', make: tower},
  {name: 'fill', key: 'F', make: fill},
  {name: 'give', key: 'H', make: give},
  {name: 'repropose', key: 'P', make: repropose},
  {name: 'reasons', key: 'Y', make: reasons},
];

/**
 * The tools by name: {start(), stop(), click(coordinate, event)}, and where they have it finish(), undoPoint(), and
 * cancel(), which says whether there was anything to give up.
 * ctx: state, map, api, table, choose, act, hint, options, notice, clearNotice, refused, setLevel.
 */
export const makeTools = (ctx) => Object.fromEntries(TOOLS.map((tool) => [tool.name, tool.make(ctx)]));
