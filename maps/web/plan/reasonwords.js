// Words of the reasons on the map, of proposing a part again, and of what was mended: Chinese first, English second.
export const REASON_WORDS = {
  reasons: ['理由', 'Reasons'], hint_reasons: ['在图上说明：阻隔、不作边界、功能区、习惯片区、专属网格', 'Say on the map: barriers, no border, zones, habit areas, dedicated grids'],
  hint_say_line: ['沿着它画一条线，双击结束', 'Draw a line along it, double click to end'], hint_say_area: ['围出它的范围，双击结束', 'Draw round it, double click to end'],
  say_kind: ['说明什么', 'What is said'], say_barrier: ['阻隔', 'Barrier'], say_no_border: ['不作边界', 'No border'], say_zone: ['功能区', 'Zone'], say_habit: ['习惯片区', 'Habit area'], say_dedicated: ['专属网格', 'Dedicated'],
  say_class: ['类别', 'Class'], say_note: ['说明', 'Note'], say_name_barrier: ['如：新围墙', 'e.g. new wall'], say_name_no_border: ['如：三号巷', 'e.g. lane 3'], say_name_zone: ['如：老城', 'e.g. old town'],
  say_name_habit: ['如：同姓、共用一井', 'e.g. one well'], say_name_dedicated: ['如：中心小学', 'e.g. school'],
  class_wall: ['围墙', 'wall'], class_main_road: ['主干路', 'main road'], class_minor_road: ['支路', 'minor road'], class_lane: ['巷道', 'lane'], class_river: ['河流', 'river'], class_stream: ['溪沟', 'stream'],
  class_gully: ['沟壑', 'gully'], class_ridge: ['山脊', 'ridge'], class_cliff: ['陡崖', 'cliff'], class_rail: ['铁路', 'railway'],
  done_say: ['已记下，下一次划分时计入', 'Kept: it weighs in the next proposal'], say_open: ['已记下。红色几段目前没有地块边界经过，边界还不能走这里；可用“分割”先切开地块。', 'Kept. Along the red stretches no border can run yet: cut the ground there first.'],
  sayings: ['图上说明', 'Reasons on the map'], sayings_none: ['还没有说明', 'Nothing has been said yet'], sayings_weigh: ['下一次提出方案、重划时计入', 'They weigh in the next proposal'],
  correct: ['改正', 'Correct'], saying_correct: ['改正：{name}', 'Correct: {name}'], hint_correct: ['拖动它的点，改类别、名称或说明，再保存', 'Drag its points, change its class, name or note, then save'],
  saying_drop: ['收回：{name}', 'Take back: {name}'], saying_dropped: ['已收回', 'Taken back'],
  repropose: ['重划', 'Again'], hint_repropose: ['围出要重划的部分，其余不动；双击结束', 'Draw round the part to propose again, the rest stays; double click to end'],
  repropose_n: ['分成几个（可不填）', 'Into (may be empty)'], done_repropose: ['已重划，可撤销', 'Proposed again; undo takes it back'],
  mended: ['起步时修补之处', 'Mended at the start'], mended_gap: ['空隙', 'gap'], mended_overlap: ['重叠', 'overlap'], mended_outside: ['界外', 'outside'], mended_moved: ['边界挪动', 'border moved'],
  mended_sum: ['{what} {n} 处，共 {m2} m²', '{what}: {n}, {m2} m²'], mended_to: ['归 {name}', 'now in {name}'], mended_more: ['另有 {n} 处较小的', 'and {n} smaller ones'],
};
