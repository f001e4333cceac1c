// What every page must show, and what its main tap must do. One line a page: where it is, what it is opened with, what the server's
// answers are here instead of the usual, the words that must be there (a text of the server is its place in the document),
// what a person does (taps on words, or [field, what is typed]), and what happens then: a page opened, a request, a call of the platform.
import { DAY, ID } from './answers.mjs'

const START = `${DAY}T09:30:00+08:00`
const dispatch = { 'Order.visit': undefined, 'Order.shape': 'dispatch', 'OrderVisit.state': 'matching' }
const inHand = { 'Job.state': 'accepted', 'Job.order_state': 'confirmed', 'Job.quote': null, 'Job.done_at': null, 'Job.started_at': null, 'Job.arrived_at': null, 'Job.on_way_at': null }
const worker = { 'WorkerFile.state': 'verified', 'WorkerFile.missing': [] }
const session = { 'Kind.shape': 'session', 'Offering.shape': 'session', 'DeskOffering.shape': 'session' }
const room = { 'Offering.shape': 'resource' }

/** `still`: nothing is asked of the server before something is typed; then the refusal comes after the tap. */
export const expected = [
  // Main package
  { page: 'pages/home/index', shows: ['接下来', 'Order.title', 'Platform.name', 'Notice.title'], does: ['Platform.name'], then: 'navigateTo /booking/platform?key=medical' },
  { page: 'pages/orders/index', shows: ['我的预约', 'Order.title', 'Order.state_words'], does: ['Order.title'], then: 'navigateTo /booking/order?id=' },
  { page: 'pages/inbox/index', shows: ['消息', 'Notice.title'], does: ['全部标为已读'], then: 'POST /notices' },
  { page: 'pages/me/index', shows: ['Person.name', '个人资料', 'Role.name'], does: ['个人资料'], then: 'navigateTo /account/profile' },
  { page: 'pages/login/index', shows: ['登录', '手机号'], does: [['手机号', '13800000000'], '获取验证码'], then: 'POST /login/code', still: true },
  // Booking
  { page: 'booking/platform', query: { key: 'medical' }, shows: ['Platform.name', 'Kind.name'], does: ['Kind.name'], then: 'navigateTo /' },
  { page: 'booking/offerings', query: { kind: 'medical.general_practice' }, shows: ['Kind.name', 'Provider.name'], does: ['Provider.name'], then: 'navigateTo /booking/offering?id=' },
  { page: 'booking/offering', query: { id: ID }, shows: ['Offering.kind_name', 'Place.name', '选择日期'], does: ['9:30'], then: 'navigateTo /booking/confirm?offering=' },
  { page: 'booking/confirm', query: { offering: ID, start: START, end: `${DAY}T10:00:00+08:00` }, with: { 'Preview.refusal': null }, shows: ['确认预约', 'Offering.kind_name', 'Person.name'], does: [['FormField.label', '咳嗽两天'], '提交'], then: 'POST /orders' },
  { page: 'booking/order', query: { id: ID }, shows: ['Order.title', 'Order.number', 'Order.next_step'], does: ['改期'], then: 'navigateTo /booking/move?id=' },
  { page: 'booking/move', query: { id: ID }, with: { 'Order.start': `${DAY}T11:00:00+08:00` }, shows: ['改期', 'Order.title', '选择日期'], does: ['9:30', '确认改期'], then: 'POST /orders/' },
  { page: 'booking/room', query: { id: ID, day: DAY }, with: room, shows: ['Offering.kind_name', 'Place.name'], does: ['Place.name'], then: 'openLocation' },
  { page: 'booking/weekly', query: { offering: ID, day: DAY, from: '09:30', to: '10:30' }, with: room, shows: ['每周都用', '哪几天'], does: [['FormField.label', '练字'], '预约这', '预约其余'], then: 'POST /orders/series' },
  // Finding
  { page: 'find/search', query: { q: '书法' }, shows: ['搜索'], does: ['免费'], then: 'GET /search' },
  { page: 'find/favourites', shows: ['我的收藏', 'Favourite.title'], does: ['取消收藏'], then: 'DELETE /me/favourites/' },
  { page: 'find/place', query: { what: 'place', id: ID }, shows: ['Place.name', 'Offering.kind_name'], does: ['Offering.kind_name'], then: 'navigateTo /booking/offering?id=' },
  // Programme
  { page: 'programme/week', query: { area: '130903001000' }, shows: ['社区活动', '11月主题', 'SessionCard.title'], does: ['SessionCard.title'], then: 'navigateTo /programme/session?id=' },
  { page: 'programme/sessions', query: { platform: 'education' }, shows: ['SessionCard.title', '免费'], does: ['SessionCard.title'], then: 'navigateTo /programme/session?id=' },
  { page: 'programme/session', query: { id: ID }, with: { 'SessionCard.mine': null, 'SessionDetail.mine': null }, shows: ['SessionCard.title', 'SessionCard.about'], does: ['Place.name'], then: 'openLocation' },
  { page: 'programme/certificate', query: { id: ID }, shows: ['Certificate.name', 'Certificate.number'], does: ['核对证明'], then: 'navigateTo /programme/check?number=Certificate.number' },
  { page: 'programme/check', shows: ['核对证明'], does: [['证明编号', 'ABCD1234'], '核对'], then: 'GET /certificates/', still: true },
  { page: 'programme/announcements', shows: ['社区通知', 'PublicAnnouncement.title'], does: ['返回'], then: 'switchTab /pages/home/index' },
  // Courses and family doctors
  { page: 'care/courses', shows: ['CourseView.name', 'Person.name'], does: ['停止这个疗程', '停止这个疗程'], then: 'POST /courses/' },
  { page: 'care/contracts', shows: ['Doctor.name', 'Contract.state_words'], does: ['再签一位家人'], then: 'navigateTo /care/' },
  { page: 'care/doctors', query: { kind: 'medical.family_doctor' }, shows: ['Kind.name', 'Provider.name'], does: ['Provider.name'], then: 'navigateTo /care/sign?offering=' },
  { page: 'care/sign', query: { offering: ID }, shows: ['签约家庭医生', 'Provider.name'], does: ['看看别的医生'], then: 'navigateTo /care/doctors' },
  // The home-care file
  { page: 'homecare/file', shows: ['居家照护档案', 'CareContact.name', 'AbilityAssessment.words'], does: ['修改联系人'], then: 'navigateTo /homecare/contacts' },
  { page: 'homecare/contacts', shows: ['有急事打给谁', '谁有钥匙'], does: ['保存'], then: 'PUT /me/care-file/contacts' },
  { page: 'homecare/health', shows: ['健康与饮食', '花生'], does: ['花生', '保存'], then: 'PUT /me/care-file/health' },
  { page: 'homecare/openings', shows: ['谁看过我的档案', 'CareOpening.words', 'CareOpening.reason'], does: ['返回'], then: 'switchTab /pages/home/index' },
  // Somebody who comes
  { page: 'visit/ask', query: { kind: 'housekeeping.cleaning' }, with: {}, shows: ['到哪里', 'Address.label'], does: ['Address.label', '下一步'], then: '第 2 步' },
  { page: 'visit/order', query: { id: ID }, with: dispatch, shows: ['Order.kind_name', 'OrderVisit.state_words'], does: ['取消'], then: '取消这次上门？' },
  { page: 'visit/later', query: { id: ID }, with: dispatch, shows: ['换个时间'], does: ['不改了'], then: 'switchTab /pages/home/index' },
  { page: 'visit/rate', query: { id: ID }, shows: ['您觉得怎么样', 'RatingTag.words'], does: ['RatingTag.words', '保存'], then: 'PUT /orders/' },
  { page: 'visit/worker', query: { id: ID }, shows: ['WorkerCard.name', 'WorkerReview.words'], does: ['返回'], then: 'switchTab /pages/home/index' },
  { page: 'visit/refused', shows: ['不再请的人', 'RefusedOne.name'], does: ['可以再请'], then: 'DELETE /me/refused-workers/' },
  { page: 'visit/matters', shows: ['投诉与表扬', 'Matter.words'], does: ['Matter.words'], then: 'navigateTo /visit/matter?id=' },
  { page: 'visit/matter', query: { id: ID }, shows: ['Matter.form_words', 'Matter.answer'], does: ['一直很好'], then: 'POST /matters/' },
  { page: 'visit/say', shows: ['投诉或表扬'], does: [['发生了什么事', '楼道灯坏了'], '提交投诉'], then: 'POST /matters', still: true },
  { page: 'visit/addresses', shows: ['我的地址', 'Address.text'], does: ['修改'], then: 'navigateTo /visit/address?id=' },
  { page: 'visit/address', query: { id: ID }, shows: ['修改地址', '楼号和门牌'], does: ['保存'], then: 'PUT /me/addresses/' },
  { page: 'visit/hazards', shows: ['身边的隐患', 'Hazard.what'], does: ['Hazard.what'], then: 'navigateTo /visit/hazard?id=' },
  { page: 'visit/hazard', query: { id: ID }, shows: ['Hazard.what', 'Hazard.address'], does: ['不再关注'], then: 'POST /visits/' },
  { page: 'visit/forsomebody', query: { kind: 'housekeeping.cleaning' }, shows: ['替居民请人上门', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  // Work
  { page: 'work/index', with: worker, shows: ['我的接单', 'JobOffer.kind_name'], does: ['这次不接'], then: 'POST /work/offers/' },
  { page: 'work/board', with: worker, shows: ['可以抢的单', 'JobOffer.kind_name'], does: ['接单'], then: 'POST /work/' },
  { page: 'work/job', query: { id: ID }, with: { ...worker, ...inHand }, shows: ['Job.kind_name', 'Job.number'], does: ['出发'], then: 'POST /work/jobs/' },
  { page: 'work/file', shows: ['服务者资料', 'WorkerFile.name', 'WorkerService.name'], does: ['去哪些社区'], then: '去哪些社区？' },
  { page: 'work/papers', shows: ['我的证件'], does: ['添加其他证件'], then: '添加其他证件' },
  { page: 'work/daysoff', shows: ['休息日', 'WorkerDayOff.reason'], does: ['取消', '保存'], then: 'PUT /work/days-off' },
  { page: 'work/refused', shows: ['不再去的人家', 'RefusedOne.name'], does: ['可以再去'], then: 'DELETE /work/refused/' },
  { page: 'work/earnings', shows: ['我的收入', 'PaidJob.kind_name'], does: ['11月24日至'], then: 'GET /work/earnings?week=' },
  { page: 'work/ratings', shows: ['收到的评价', 'OrderRating.words'], does: ['请工作人员看看'], then: '请工作人员看看' },
  // Account
  { page: 'account/profile', shows: ['个人资料', '出生日期', 'Area.name'], does: ['保存'], then: 'PATCH /me' },
  { page: 'account/community', shows: ['所在社区', 'Area.name'], does: ['Area.name'], then: 'PATCH /me' },
  { page: 'account/household', shows: ['家里的孩子', 'Person.name'], does: ['添加孩子'], then: '孩子的姓名' },
  { page: 'account/identity', shows: ['身份核验', 'Person.identity_masked'], does: [['身份证号', '11010519491231002X'], '保存'], then: 'P' },
  { page: 'account/display', shows: ['语言与字号', '大字'], does: ['大字'], then: 'PATCH /me', still: true },
  { page: 'account/sessions', shows: ['登录的设备', 'LoginRow.device'], with: { 'LoginRow.current': false }, does: ['退出'], then: 'DELETE /me/logins/' },
  { page: 'account/privacy', shows: ['隐私说明', 'Consent.title'], does: ['查看我的数据'], then: 'navigateTo /account/data' },
  { page: 'account/data', shows: ['我的数据', 'Record.detail'], does: ['导出'], then: 'GET /me/export' },
  { page: 'account/channels', shows: ['通知方式', 'WechatMessage.name'], does: ['保存'], then: 'PUT /me/channels' },
  { page: 'account/calendar', shows: ['日历订阅'], does: ['换一个地址', '换一个地址'], then: 'POST /me/calendar' },
  { page: 'account/wishes', shows: ['我的偏好', '普通话'], does: ['通知方式'], then: 'navigateTo /account/channels' },
  // Large type
  { page: 'elder/more', shows: ['更多服务', 'Platform.name'], does: ['找服务'], then: 'navigateTo /find/search' },
  { page: 'elder/call', shows: ['打电话办事', '打电话给社区'], does: ['打电话给社区'], then: 'makePhoneCall' },
  // Desk
  { page: 'desk/index', shows: ['服务台', 'DeskPerson.name'], does: ['叫下一位'], then: 'POST /desk/' },
  { page: 'desk/book', query: { offering: ID }, shows: ['代为预约', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  { page: 'desk/closure', query: { offering: ID, day: DAY }, shows: ['停诊', 'Offering.kind_name'], does: [['原因', '医生外出'], '看看影响'], then: 'GET /desk/closures/preview' },
  { page: 'desk/verify', shows: ['核验', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  { page: 'desk/calls', shows: ['电话告知', 'CallPerson.name'], does: ['拨打'], then: 'makePhoneCall' },
  { page: 'desk/home', shows: ['工作台', '核验居民'], does: ['核验居民'], then: 'navigateTo /desk/verify' },
  { page: 'desk/requests', shows: ['待审批的申请', 'DeskPerson.name'], does: ['DeskPerson.name'], then: '申请详情' },
  { page: 'desk/overview', shows: ['当日总览', 'DayMeeting.title'], does: ['审批 1'], then: 'navigateTo /desk/requests' },
  { page: 'desk/rooms', with: { 'DeskOffering.shape': 'resource', 'Offering.shape': 'resource' }, shows: ['场地使用'], does: ['后'], then: 'GET /desk/' },
  { page: 'desk/care', with: { 'Offering.kind': 'eldercare.day_care' }, shows: ['日间照料'], does: ['后'], then: 'GET /desk/' },
  { page: 'desk/panel', with: { 'Offering.kind': 'medical.family_doctor' }, shows: ['家庭医生签约'], does: ['PersonRef.name的签约'], then: 'POST /' },
  { page: 'desk/courses', shows: ['疗程与接种记录', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  { page: 'desk/announcements', shows: ['发通知', 'Announcement.title'], does: ['撤回'], then: '撤回' },
  { page: 'homecare/desk', shows: ['居家照护档案', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  { page: 'homecare/card', shows: ['邻里卡', '查找'], does: ['按邻里卡', ['卡上的号码', 'ABCD-EFGH-JKMN-PQRS'], '查找'], then: 'GET /desk/people?card=ABCD-EFGH-JKMN-PQRS' },
  { page: 'homecare/assess', shows: ['登记能力评估', '查找'], does: [['手机号', '13800000000'], '查找'], then: 'GET /desk/people?phone=' },
  // Events
  { page: 'events/index', shows: ['活动和课程', 'SessionCard.title'], does: ['SessionCard.title'], then: 'navigateTo /events/event?id=' },
  { page: 'events/new', with: session, shows: ['安排新活动'], does: ['下一步'], then: '第 1 个日期' },
  { page: 'events/event', query: { id: ID }, shows: ['活动详情', 'SessionCard.title'], does: ['发布'], then: 'POST /desk/sessions/' },
  { page: 'events/roster', query: { id: ID }, shows: ['名单和签到', 'DeskPerson.name'], does: ['缺', '保存'], then: 'PUT /desk/meetings/' },
  { page: 'events/programme', shows: ['一周安排', 'SessionCard.title'], does: ['安排新活动'], then: 'navigateTo /events/new' },
  // Watch
  { page: 'watch/visits', shows: ['上门单', 'Job.resident'], does: ['Job.resident'], then: '/watch/visit?id=' },
  { page: 'watch/visit', query: { id: ID }, with: dispatch, shows: ['上门单详情', 'Order.kind_name'], does: ['返回'], then: 'switchTab' },
  { page: 'watch/help', shows: ['求助', 'HelpCall.worker'], does: ['看这一单'], then: 'navigateTo /watch/visit?id=' },
  { page: 'watch/matters', shows: ['投诉、表扬和回访', 'Matter.words'], does: ['Matter.words'], then: '/watch/matter?id=' },
  { page: 'watch/matter', query: { id: ID }, shows: ['处理详情', 'Matter.words'], does: ['我来负责'], then: 'POST /desk/matters/' },
  { page: 'watch/ratings', shows: ['被举报的评价', 'OrderRating.words'], does: ['看这一单'], then: 'navigateTo /watch/visit?id=' },
  { page: 'watch/workers', shows: ['服务人员', 'WorkerFile.name'], does: ['WorkerFile.name'], then: '/watch/worker?id=' },
  { page: 'watch/worker', query: { id: ID }, shows: ['服务人员资料', 'WorkerFile.about'], does: ['WorkerDocument.name'], then: 'previewImage' },
  { page: 'watch/figures', shows: ['服务数据', 'FiguresRow.name'], does: ['最近 7 天'], then: 'GET /desk/figures?' },
  { page: 'watch/coverage', shows: ['十五分钟覆盖', 'Coverage.area_name'], does: ['社区', 'Role.scope'], then: 'Coverage.area_name' },
  { page: 'watch/statements', shows: ['结算单', 'WorkerStatement.name'], does: ['一家单位'], then: 'GET /' },
  // Manage
  { page: 'manage/index', shows: ['服务和排班', 'ManagedOrganisation.name'], does: ['新增服务'], then: 'navigateTo /manage/new?organisation=' },
  { page: 'manage/offering', query: { id: ID }, shows: ['服务设置', 'Offering.kind_name'], does: ['历史'], then: '最初的规则' },
  { page: 'manage/new', query: { organisation: ID }, shows: ['新增服务'], does: ['新增'], then: '请' },
  { page: 'manage/people', shows: ['人员', 'ProviderOut.name'], does: ['添加工作人员'], then: '添加工作人员' },
  { page: 'manage/imports', shows: ['导入和导出'], does: ['Excel 模板'], then: 'GET /manage/' },
]
