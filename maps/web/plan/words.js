// The words of the planner's page: Chinese first, English second.
import {speaker} from '../parts/words.js';
import {PANEL_WORDS} from './panelwords.js';
import {REASON_WORDS} from './reasonwords.js';
import {TOOL_WORDS} from './tools/words.js';
import {DISCUSS} from './discuss_words.js';

const ROWS = {
  title: ['网格规划', 'Grid planning'], draft: ['草稿', 'draft'], published: ['已发布', 'published'], plan: ['方案', 'Plan'], notReproducible: ['不可重现', 'not reproducible'],
  select: ['选择', 'Select'], give: ['划一栋', 'Give'], split: ['分割', 'Split'], merge: ['合并', 'Merge'], undo: ['撤销', 'Undo'], redo: ['重做', 'Redo'],
  publish: ['发布', 'Publish'], tools: ['工具', 'Tools'], levels: ['网格级别', 'Grid level'],
  level0: ['基础网格', 'Basic'], level1: ['一级', 'Level 1'], level2: ['二级', 'Level 2'], level3: ['三级', 'Level 3'],
  level1_long: ['一级网格', 'level-1 grid'], level2_long: ['二级网格', 'level-2 grid'], level3_long: ['三级网格', 'level-3 grid'],
  zoom_in: ['放大', 'Zoom in'], zoom_out: ['缩小', 'Zoom out'], fit: ['全图', 'Whole map'], relief: ['地形', 'Relief'], map: ['地图', 'Map'],
  language: ['EN', '中文'], language_label: ['EN: switch to English', '中文：切换为中文'], sample: ['示例数据', 'Sample data'],
  disclaimer: ['界线不作为划界依据', 'Borders are no legal ground for delimitation'], rev: ['修订', 'Revision'],
  in_band: ['户数达标', 'In band'], under: ['户数偏少', 'Below band'], over: ['户数偏多', 'Above band'], none: ['专属 / 不设区间', 'Dedicated / no band'],
  grids: ['网格', 'grids'], metres: ['{n} 米', '{n} m'], households: ['户', 'households'], unit: ['户', ''], rate: ['达标率', 'in band'], to_adjust: ['待调整', 'to adjust'],
  counted: ['户数（计入）', 'Households (counted)'], registered: ['登记户数', 'Registered'], buildings: ['建筑', 'Buildings'], buildings_unit: ['栋', ''],
  band: ['户数区间', 'Band'], no_band: ['不设区间', 'none applies'], kind: ['类型', 'Kind'], ordinary: ['普通网格', 'ordinary'], dedicated: ['专属网格', 'dedicated'],
  basic: ['基础网格', 'basic'], parts: ['连片', 'In one piece'], yes: ['是', 'yes'], no: ['否', 'no'], locked: ['锁定', 'Locked'],
  reason: ['原因', 'Reason'], unproved: ['未证明', 'not proved'], accepted: ['已接受', 'accepted'], parents: ['上级', 'Inside'],
  selected: ['选中网格', 'Selected grid'], flaws: ['待处理问题', 'Flaws'], no_flaws: ['没有待处理的问题', 'No flaws'], blocking: ['阻止发布', 'blocks publishing'],
  assign_disputed: ['去划定争议地', 'Assign the disputed ground'],
  seam_good: ['无缝对接：通过', 'Seamless: proved'], seam_bad: ['有缝隙或重叠', 'Gap or overlap'],
  hint_select: ['点击网格查看详情', 'Click a grid for its figures'],
  hint_give: ['第一步：点击要划转的建筑', 'First click the building to hand over'],
  hint_give_to: ['第二步：点击高亮的相邻网格，把 {name} 划过去', 'Then click the highlighted grid that takes {name}'],
  hint_split: ['画一条穿过网格的线，双击结束', 'Draw a line across a grid, double click to end'],
  hint_merge: ['第一步：点击一个网格', 'First click a grid'],
  hint_merge_with: ['第二步：点击高亮的相邻网格，与 {name} 合并', 'Then click the highlighted grid to merge with {name}'],
  give_to: ['划给', 'Give to'], merge_with: ['合并到一起', 'Merge with'], no_neighbour: ['没有相邻的网格可选', 'No neighbouring grid to choose'],
  no_merge: ['没有可以合并的网格：只能合并相邻、同类、未锁定的最下级网格', 'No grid to merge with: only unlocked neighbours of one kind, with none below them, can be merged'],
  no_building: ['这里没有建筑，请点击一栋建筑', 'There is no building here, click one'], no_grid: ['线没有穿过网格，请在网格内画线', 'The line crosses no grid, draw it across one'],
  retry: ['修改后重试', 'Try again'], drop: ['放弃', 'Discard'], close: ['关闭', 'Close'], cancel: ['取消', 'Cancel'], show: ['查看', 'Show'],
  mend: ['线已保留，可拖动节点修改', 'The line is kept: drag its points to mend it'],
  stale: ['别人刚改动了相关网格，已载入最新状态，请再看一遍。', 'Somebody has just changed these grids; the latest state is loaded, please look again.'],
  offline: ['网络中断，请稍后再试。', 'The network failed, try again later.'],
  unloaded: ['这一步已保存，但最新状态没有载入。', 'This step is saved, but the latest state could not be loaded.'], reload: ['重新载入', 'Load again'],
  server: ['服务器没有完成这一步，请稍后再试。', 'The server could not finish this step, try again later.'],
  done_give: ['已划转', 'Handed over'], done_split: ['已分割', 'Split'], done_merge: ['已合并', 'Merged'], done_undo: ['已撤销', 'Undone'], done_redo: ['已重做', 'Done again'],
  around_open: ['这里是{name}', 'This is {name}'], around_go: ['打开它的方案', 'Open its plan'],
  transfer_ask: ['把 {name} 连同它的地划给{area}？两处的边界随之移动，两处各生成一份新草稿，要一起发布。', 'Hand {name} with its ground over to {area}? Both outlines move; each gets a new draft, to be published together.'],
  transfer_go: ['划过去', 'Hand over'],
  around_lost: ['没有载入：{names}', 'Not loaded: {names}'],
  working: ['正在处理…', 'Working…'], here: ['同时在看：{who}', 'Also here: {who}'],
  others: ['{who} {words}', '{who} {words}'], loading: ['正在载入方案…', 'Loading the plan…'],
  pub_title: ['发布为正式版本', 'Publish as an edition'], pub_date: ['生效日期', 'In force from'],
  pub_accept: ['以下网格户数超出区间，勾选即以你的名义接受其原因：', 'These grids are out of band. Ticking one accepts its reason in your name:'],
  pub_all: ['全部接受', 'Accept all'], pub_none: ['所有网格户数都在区间内。', 'Every grid is in band.'], pub_go: ['确认发布', 'Publish'],
  pub_done: ['已发布', 'Published'], pub_map: ['打开网格地图', 'Open the map'], pub_blocked: ['还有 {n} 个问题阻止发布', '{n} flaws still block publishing'],
  pub_unproved: ['还有 {n} 个网格户数超出区间而原因未证明，不能接受，请先调整', '{n} grids are out of band for no proved reason: these cannot be accepted, adjust them first'],
  pub_missing: ['还有 {n} 个网格的原因未接受', '{n} reasons are not accepted yet'],
};

export const {t, said, setLanguage, language} = speaker({...ROWS, ...TOOL_WORDS, ...PANEL_WORDS, ...DISCUSS, ...REASON_WORDS});
