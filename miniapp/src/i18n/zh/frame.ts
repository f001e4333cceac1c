// The frame around the staff's pages: all ways, the palette, the keys, what waits; and figures as charts. In Chinese.
export const frameZh = {
  'frame.nav': '工作人员的页面',
  'frame.menu': '所有页面',
  'frame.detail': '选中的一项',
  'frame.wait.requests': '件待审批',
  'frame.wait.calls': '人待打电话',
  'frame.wait.watch_visits': '单没找到人或晚了',
  'frame.wait.watch_help': '人求助',
  'frame.wait.watch_matters': '件过了期限',
  'frame.wait.watch_ratings': '条被举报的评价',
  'frame.wait.watch_workers': '人待核验',
  'frame.unsaved': '这一页还有没保存的，请先保存或撤回。',
  'frame.waiting': '等着处理',
  'frame.waiting.none': '没有等着处理的事',
  'frame.waiting.none.words': '有人求助、没找到人、过了期限，都会先出现在这里。',
  'frame.next': '今天接下来',
  'frame.next.none': '今天没有别的安排了',

  // One field that leads everywhere
  'palette.title': '找页面、找人、找单',
  'palette.field': '页面名称、手机号、身份证号、取号码或单号',
  'palette.found': '{count} 个结果',
  'palette.none': '没有这样的页面。找人请输入完整的手机号或身份证号。',
  'palette.person': '找这个人：{typed}',
  'palette.order': '找这一单：{typed}',
  'palette.order.none': '没有找到。取号码只能找今天的预约，单号只能找您管的上门单。',

  // What can be done without a mouse
  'keys.title': '按键',
  'keys.words': '在输入框里打字时，单个按键只是打字。',
  'keys.page': '这一页',
  'keys.everywhere': '每一页',
  'keys.doors': '先按 G，再按字母',
  'keys.palette': '找页面、找人、找单',
  'keys.palette.typing': '同上，打字时也可以',
  'keys.rows': '在列表里上下走',
  'keys.enter': '打开；宽屏上到右边的详情',
  'keys.leave': '从详情回到列表；返回上一页',
  'keys.sheet': '显示这张表',
  'keys.desk.next': '叫下一位',
  'keys.roster.move': '在表格里走',
  'keys.roster.mark': '到、没到、请假',

  // A person who was chosen
  'verify.choose.words': '先在左边找到人，再在这里记下看了什么证件。',

  // Figures as charts
  'chart.table': '用表格看',
  'chart.chart': '用图看',
  'chart.requests': '申请和办成',
  'chart.requests.words': '{name}：申请 {requests}，有人接 {matched}，办成 {done}',
  'chart.series.requests': '申请',
  'chart.series.matched': '有人接',
  'chart.series.done': '办成',
  'chart.response': '多久有人接（分钟，一半的单不超过）',
  'chart.response.words': '{name}：{minutes} 分钟',
  'chart.response.none': '还没有有人接的单',
  'chart.satisfied': '满意的比例（%）',
  'chart.satisfied.words': '{name}：{share}%，{rated} 人评价',
  'chart.satisfied.none': '还没有哪一行有五个人评价',
  'chart.most': '只画申请最多的 {count} 个，其余在表格里。',
  'chart.failed': '图没有画出来，数字在表格里。',
  'chart.col.name': '名称',
  'chart.col.requests': '申请',
  'chart.col.matched': '有人接',
  'chart.col.done': '办成',
  'chart.col.response': '多久有人接',
  'chart.col.on_time': '准时',
  'chart.col.satisfied': '满意',
  'chart.col.rated': '评价',
  'chart.col.unrated': '没有评价',

  // A visit among the bookings of a desk
  'desk.visit': '上门单',
  'desk.visit.words': '这是上门服务，派人和跟进在上门单里。',
  'desk.visit.open': '打开上门单',

  // The map of coverage
  'coverage.map': '哪里有这项服务，各社区多少居民走得到',
  'coverage.map.share': '{name}：{share}% 的居民走得到',
  'coverage.map.words': '房子是有这项服务的地方；百分数是那个社区走十五分钟能到的居民。',

  // A file on its way
  'imports.trying': '正在试读 {name}，还没有写入任何东西…',
  'imports.applying': '正在导入 {name}，请不要关闭这一页…',
} as const
