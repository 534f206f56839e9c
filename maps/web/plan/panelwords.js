// The words of the panels at the right: [Chinese, English].
export const PANEL_WORDS = {
  tabs: ['面板', 'Panels'], tab_flaws: ['问题', 'Flaws'], tab_layers: ['图层', 'Layers'], tab_history: ['历史', 'History'], tab_plans: ['方案', 'Plans'],
  sheet: ['面板大小', 'Panel size'], sheet_low: ['展开面板', 'Open the panel'], sheet_mid: ['再展开', 'Open it further'], sheet_high: ['收起面板', 'Close the panel'],
  // search
  find: ['搜索', 'Search'], find_hint: ['编码、短号、名称、楼栋、住址', 'Code, number, name, building, address'], find_none: ['没有找到', 'Nothing found'],
  building: ['建筑', 'building'], address: ['住址', 'address'], floor_n: ['{n} 层', 'floor {n}'], well: ['单元', 'stairwell'],
  // flaws
  all: ['全部', 'All'], f_out_of_band: ['超出区间', 'Out of band'], f_disconnected: ['不连片', 'In pieces'], f_unassigned: ['未划入', 'In no grid'],
  f_dedicated_households: ['专属有户', 'Dedicated, lived in'], f_empty: ['空网格', 'Empty'], f_seam: ['接缝', 'Seam'], f_disputed: ['争议地', 'Disputed'], f_vacant: ['岗位空缺', 'Post vacant'],
  flaw_kinds: ['筛选问题', 'Filter flaws'], previous: ['上一个', 'Previous'], next: ['下一个', 'Next'], flaw_at: ['{i} / {n}', '{i} / {n}'], no_flaw_of: ['没有这类问题', 'None of this kind'],
  piece: ['第 {i} 块', 'Piece {i}'], pieces: ['逐块查看', 'Zoom to each'], accept: ['接受', 'Accept'], withdraw: ['撤回', 'Withdraw'],
  accepted_by: ['{who} 于 {at} 接受', 'accepted by {who} on {at}'], done_accept: ['已接受，署名并注明日期', 'Accepted, signed and dated'], done_withdraw: ['已撤回接受', 'Acceptance withdrawn'],
  accept_unproved: ['原因未证明，不能接受，请先调整', 'no proved reason: it can’t be accepted, adjust it'], vacant_post: ['“{name}”的{post}空缺', 'No {post} for {name}'],
  no_staff: ['这里还没有人员名单，岗位无从核对', 'No staff list here yet: posts can’t be checked'], posts_lost: ['岗位没有载入', 'Posts could not be loaded'],
  // just changed
  just: ['刚才的变化', 'What just changed'], just_of: ['修订 {rev}', 'revision {rev}'], c_households: ['户', 'households'], c_registered: ['登记', 'registered'],
  c_cases: ['未结事件', 'open cases'], c_hazards: ['隐患点', 'hazard points'], c_area: ['面积 m²', 'm²'], c_new: ['新', 'new'], c_gone: ['已并除', 'gone'], c_above: ['上级网格', 'Grids above'],
  c_breaks: ['新出现的问题', 'New flaws'], c_mends: ['已消除的问题', 'Flaws mended'], c_same: ['数字没有变化', 'No figure changed'], c_more: ['其余 {n} 个网格', '{n} more grids'], c_figures: ['没有取到事件、隐患与面积', 'Cases, hazards and areas could not be read'],
  // why not
  why_ask: ['正在找次优走法…', 'Looking for the next-best course…'], why_next: ['次优', 'Next best'], why_follow: ['沿地物 {a} → {b} 米', 'on features {a} → {b} m'], why_walk: ['步行 {a} → {b} 米', 'on foot {a} → {b} m'],
  why_homes: ['{a} → {b} 户', '{a} → {b} households'], why_price: ['代价 {a} → {b}', 'price {a} → {b}'], why_lost: ['没有取到次优走法', 'The next-best course could not be read'], why_hold: ['停留片刻看次优走法', 'rest here for the next-best course'],
  borders: ['边界依据', 'What its borders follow'], borders_more: ['其余 {n} 段', '{n} more stretches'], outline: ['村（社区）界', 'outline'],
  // history
  now: ['现在', 'Now'], rev_n: ['修订 {n}', 'Revision {n}'], begun: ['方案初稿', 'As proposed'], undone: ['已撤销', 'undone'], no_moves: ['还没有人改动过', 'Nobody has changed it yet'], older: ['更早的操作', 'Older'],
  past: ['正在看修订 {n}：{words}', 'Showing revision {n}: {words}'], past_back: ['回到现在', 'Back to now'], past_older: ['上一步', 'Step back'], past_newer: ['下一步', 'Step on'], past_copy: ['从这里另存', 'Copy from here'],
  past_first: ['正在看过去的样子，回到现在才能修改', 'This is how it was: go back to now to change it'],
  // plans
  plan_name: ['方案名称', 'Name of the plan'], save_name: ['保存名称', 'Save'], done_name: ['名称已保存', 'Name saved'], copy_name: ['副本的名称', 'Name of the copy'], copy_go: ['另存为新方案', 'Copy as a new plan'], copy_at: ['从修订 {n} 另存', 'Copy revision {n}'],
  done_copy: ['已另存为方案 {id}', 'Copied as plan {id}'], open: ['打开', 'Open'], this_plan: ['当前', 'this one'], plans_of: ['本村（社区）的方案', 'Plans of this basic grid'], compare: ['与当前方案比较', 'Compare with this one'],
  // layers
  layers: ['图层', 'Layers'], l_buildings: ['建筑', 'Buildings'], l_ground: ['道路与水系', 'Roads and water'], l_relief: ['地形', 'Relief'], l_labels: ['标注', 'Labels'], l_cases: ['事件（聚合）', 'Cases (clusters)'],
  l_hazards: ['隐患点与危险区', 'Hazard points, danger areas'], l_households: ['按户数着色', 'Shaded by households'], l_around: ['周边方案', 'Plans around'], basemap: ['底图', 'Base map'], basemap_lost: ['底图没有载入，请检查网络或密钥', 'The base map does not load: check the network or its key'],
  references: ['参考图层', 'Reference layers'], ref_none: ['还没有。可上传 GeoJSON、Shapefile（zip）、KML，只用来对照', 'None yet. GeoJSON, Shapefile (zip) or KML, to look at only'], ref_add: ['上传图层', 'Upload a layer'], ref_file: ['文件（至多 8 MB）', 'File (8 MB at most)'],
  ref_name: ['图层名称', 'Name'], ref_crs: ['坐标系', 'System'], ref_crs_own: ['按文件声明', 'as the file says'], ref_go: ['上传', 'Upload'], ref_drop: ['删除', 'Delete'], ref_sure: ['再点一次删除', 'Press again to delete'], ref_features: ['{n} 个要素', '{n} features'],
  ref_large: ['文件超过 8 MB，请裁剪后再上传', 'The file is over 8 MB: clip it first'], ref_done: ['已上传', 'Uploaded'], zoom_to: ['缩放到', 'Zoom to'], legend_cases: ['事件（空心为已办结）', 'Cases (hollow: closed)'], c_cluster: ['{n} 件事件', '{n} cases'], legend_hazards: ['地质灾害隐患点', 'Hazard points'], legend_households: ['户', 'households'],
};
