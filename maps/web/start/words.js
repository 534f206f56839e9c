// The words of the page where a planner begins: Chinese first, English second.
import {speaker} from '../parts/words.js';

const ROWS = {
  title: ['开始规划', 'Begin to plan'], language: ['EN', '中文'], language_label: ['EN: switch to English', '中文：切换为中文'], town: ['全镇地图', 'Town map'],
  towns: ['选择乡镇', 'Choose a town'], sample: ['示例数据', 'Sample data'], disclaimer: ['界线不作为划界依据', 'Borders are no legal ground for delimitation'],
  where: ['选择地方', 'Choose a place'], whole: ['{name}（全镇 {n} 个基础网格）', '{name} (the town, {n} basic grids)'], map: ['{name}的基础网格，点击选择', 'Basic grids of {name}; click to choose'],
  published: ['已发布', 'In force'], drafted: ['有方案', 'Plans'], blank: ['未划分', 'Not divided'], no_ground: ['未导入', 'No ground'], plans_n: ['{n} 个方案', 'plans: {n}'], some: ['{a}/{b} 已发布', '{a} of {b} in force'],
  community: ['社区', 'community'], village: ['行政村', 'village'], none_town: ['还没有导入任何乡镇。请先用 wangge import 导入地方文件。', 'No town is imported yet. Import a place file first: wangge import.'],
  none_ground: ['这里还没有地块数据，请先用 wangge import 导入。', 'There is no ground here yet: wangge import comes first.'],
  question: ['从现有网格开始，还是重新提出？', "Start from today's grids, or propose new ones?"],
  from_today: ['从现有网格开始', "Start from today's grids"], from_today_note: ['把正在用的网格修补成一个方案，缺口、重叠会列出', 'Grids in use become a plan; gaps and overlaps are mended and listed'],
  propose: ['重新提出', 'Propose new ones'], propose_note: ['按户数、道路、河流重新划分', 'Divided anew by households, roads and rivers'],
  continue: ['接着做', 'Go on with'], plan: ['方案 {n}', 'Plan {n}'], by: ['{who}，{at}', '{who}, {at}'], more: ['还有 {n} 个', '{n} more'],
  numbers: ['每级分几个？', 'How many at each level?'], auto: ['按户数规定自动确定', 'As the household bands ask'], targets: ['指定个数', 'So many grids'], staff: ['按人手', 'By staff'],
  level: ['{n} 级', 'Level {n}'], level_of: ['{division} {n} 级', '{division}, level {n}'], open: ['不限', 'open'], people: ['人', 'people'], post: ['岗位', 'Post'], number: ['人数', 'Number'],
  fits: ['看看能分几个', 'How many would fit?'], fits_wait: ['正在计算…', 'Counting…'],
  alternatives: ['提出几个方案', 'How many plans'], one: ['1 个', '1'], many: ['{n} 个备选，并排比较', '{n} that differ, side by side'],
  weights: ['看重什么', 'What weighs'], weights_note: ['1 为常规，0 不考虑', '1 is usual, 0 leaves it out'], more_options: ['更多选项', 'More options'], seed: ['随机种子', 'Seed'], seed_note: ['同一种子得到同样的方案', 'the same seed gives the same plan'],
  mode: ['用时', 'Effort'], fast: ['快', 'Fast'], best: ['细（慢约二十倍）', 'Thorough (some 20 times slower)'],
  go: ['提出方案', 'Propose'], went: ['已提交，可离开本页，稍后回来看结果。', 'Asked for. You may leave this page and come back.'],
  today_edition: ['用现行版本的网格', 'Take the grids in force'], today_file: ['上传现有网格文件（GeoPackage、Shapefile 压缩包、GeoJSON、KML）', "Send a file of today's grids (GeoPackage, zipped Shapefile, GeoJSON, KML)"],
  today_crs: ['坐标系（文件未注明时）', 'Coordinate system (where the file has none)'], today_go: ['开始', 'Begin'], today_busy: ['正在修补…', 'Mending…'], today_done: ['{name}：{grids} 个网格，修补 {n} 处，共 {m2} 平方米', '{name}: {grids} grids; {n} places mended, {m2} m²'],
  choose_file: ['请先选择文件。', 'Choose a file first.'], need_number: ['请填写至少一级的个数。', 'Fill in at least one number.'], need_people: ['请填写人数。', 'Fill in the number of people.'],
  work: ['任务', 'Jobs'], work_none: ['没有任务。提出方案后，进度显示在这里。', 'No jobs. Progress shows here once you have proposed.'],
  waiting: ['等待中', 'Waiting'], ahead: ['前面还有 {n} 个', '{n} before it'], next_up: ['马上开始', 'It begins in a moment'], unserved: ['没有处理进程在运行，请管理员启动 wangge worker。', 'No worker is running: the administrator starts wangge worker.'],
  running: ['进行中', 'Running'], stopping: ['正在取消', 'Cancelling'], done: ['完成', 'Done'], failed: ['未完成', 'Failed'], cancelled: ['已取消', 'Cancelled'], cancel: ['取消', 'Cancel'], begin: ['准备中', 'Getting ready'],
  open_plan: ['打开方案', 'Open the plan'], open_n: ['打开 {name} 的方案', 'Open the plan of {name}'], compare: ['并排比较', 'Side by side'], compare_n: ['{name}：并排比较', '{name}: side by side'], all_plans: ['全部 {n} 个方案', 'All {n} plans'],
  made: ['{n} 个基础网格', '{n} basic grids'], counts: ['{counts} 个网格', 'grids: {counts}'], out: ['{n} 个超出户数区间', '{n} out of band'], took: ['用时 {s} 秒', '{s} s'], kinds: ['{n} 个备选', '{n} alternatives'],
  offline: ['网络已断，正在重试。任务不受影响。', 'The network is lost; trying again. Jobs go on meanwhile.'], server: ['服务器没有完成这个请求，请稍后再试。', 'The server could not do that; try again later.'], close: ['关闭', 'Close'],
};

export const {setLanguage, language, t, said} = speaker(ROWS);
