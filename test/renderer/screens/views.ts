/** Sample views for the gallery and for tests: each screen in each state, with data as in the demo cases and with the worst ones. */

import { employerHints } from '#shared/policy/employerFlags.ts';
import { appointmentProblem } from '#shared/policy/hours.ts';
import { defaultPolicy } from '#shared/policy/policy.ts';
import { noticeText } from '#shared/policy/preNotice.ts';
import { mayRefuse } from '#shared/script/customerQuestions.ts';
import type { Text } from '#shared/text.ts';
import { keyMaps } from '../../../renderer/app/keyMap.ts';
import type {
  BoardView,
  CallBarView,
  CasePanelView,
  DeviceRowView,
  EntranceView,
  FieldView,
  JournalView,
  PreviewView,
  QueueView,
  ScriptView,
  StripView,
  View,
  WorkbenchView,
  WrapUpView,
} from '../../../renderer/app/view.ts';

/** Friday 21 November 2025, 10:24:07 in China. */
export const now = Date.parse('2025-11-21T10:24:07+08:00');
const minute = 60_000;
const t = (zh: string, en: string): Text => ({ zh, en });

export const longName = `阿卜杜勒·买买提·${'欧阳慕容司马上官'.repeat(23)}<b>粗体</b>&amp;`.slice(0, 200);
export const rareName = '𠮷野 㐂𪚥 䶮';

const checks: EntranceView['checks'] = [
  { id: 'microphone', label: t('麦克风', 'Microphone'), state: 'ok' },
  { id: 'speaker', label: t('耳机', 'Speaker'), state: 'ok' },
  { id: 'line', label: t('话机', 'Line'), state: 'running' },
  { id: 'server', label: t('后台', 'Server'), state: 'ok' },
  { id: 'storage', label: t('本机数据', 'Storage'), state: 'ok' },
  { id: 'clock', label: t('时钟', 'Clock'), state: 'ok' },
  {
    id: 'keyring',
    label: t('密钥库', 'Keyring'),
    state: 'warning',
    sentence: t('本机没有系统密钥库，已改用终端口令。', 'No keyring on this machine: a station PIN is used.'),
  },
];
const failedChecks: EntranceView['checks'] = checks.map((check) =>
  check.id === 'microphone'
    ? {
        ...check,
        state: 'failed',
        sentence: t(
          '麦克风被拒绝：请在系统设置里允许“回访”使用麦克风，然后重试。',
          'The microphone was refused: allow it in the settings of the system, then try again.',
        ),
      }
    : check,
);

const echo = { id: 'echo', label: t('试呼', 'Test call') } as const;
const ice = { id: 'ice', label: t('语音通路', 'Voice path') } as const;
const fullChecks: EntranceView['checks'] = checks.flatMap((check) =>
  check.id === 'line'
    ? [
        { ...check, state: 'ok' },
        { ...echo, state: 'ok', sentence: t('听到了您的声音从线路上回来。', 'Your voice came back over the line.') },
        {
          ...ice,
          state: 'ok',
          sentence: t(
            '没有配置 STUN/TURN 服务器，语音直接走本网络；若通话听不到声音，请联系管理员配置。',
            'No STUN or TURN server is configured: voice goes straight through this network. If calls stay silent, ask your administrator for one.',
          ),
        },
      ]
    : check.id === 'speaker'
      ? [
          {
            ...check,
            sentence: t(
              '放了两声提示音；没有听到的话，请调大音量，或在“设置”里换一个听筒。',
              'Two tones were played. If you did not hear them, turn the volume up or choose another speaker in the settings.',
            ),
          },
        ]
      : [check],
);
const troubledChecks: EntranceView['checks'] = failedChecks.flatMap((check) =>
  check.id === 'line'
    ? [
        {
          ...check,
          state: 'failed',
          sentence: t(
            '电话服务器不接受本终端的账号或密码。',
            'The phone server refuses this station’s account or password.',
          ),
        },
        {
          ...echo,
          state: 'running',
          sentence: t('请对着麦克风说话，您会听到自己的声音。', 'Speak into the microphone: you will hear yourself.'),
        },
        {
          ...ice,
          state: 'failed',
          sentence: t(
            'turn:turn-with-a-long-name.office.bank.example:3478 没有回应（防火墙？）。通话可能听不到声音，请把这句话告诉技术支持。',
            'turn:turn-with-a-long-name.office.bank.example:3478 does not answer (a firewall?). Calls may stay silent: tell this sentence to support.',
          ),
        },
      ]
    : [check],
);
const headset = { id: 'h1', label: 'Jabra Evolve2 65 Mono (0b0e:0a6b)' };
const speakers = { id: 's1', label: '扬声器 (Realtek(R) Audio)' };
const deviceRow = {
  devices: [headset, speakers],
  chosen: headset,
  used: headset.label,
  note: null,
  test: 'idle',
  found: null,
} as const;
const devices: DeviceRowView[] = [
  {
    ...deviceRow,
    devices: [headset],
    role: 'microphone',
    found: { tone: 'good', text: t('录到了您的声音', 'Your voice was recorded') },
  },
  { ...deviceRow, devices: [...deviceRow.devices], role: 'speaker' },
  {
    ...deviceRow,
    devices: [...deviceRow.devices],
    role: 'ringer',
    chosen: null,
    used: speakers.label,
    test: 'playing',
  },
];
const away = t(
  '没有插上，正在用系统默认；插回后自动换回',
  'Not plugged in: the system’s default is used; it returns by itself',
);
const longDevice = { id: 'x', label: `耳机 ${'Sehr-Langer-Gerätename '.repeat(8)}` };
const troubledDevices: DeviceRowView[] = [
  {
    ...deviceRow,
    devices: [speakers],
    role: 'microphone',
    note: { tone: 'warning', text: away },
    found: {
      tone: 'warning',
      text: t(
        '几乎没有录到声音：请检查耳机上的静音开关，或换一个麦克风。',
        'Next to nothing was recorded: check the mute switch on the headset, or choose another microphone.',
      ),
    },
  },
  { ...deviceRow, devices: [longDevice], role: 'speaker', chosen: longDevice, used: longDevice.label },
  {
    ...deviceRow,
    devices: [],
    role: 'ringer',
    chosen: null,
    used: '',
    note: { tone: 'bad', text: t('没有找到设备：请插好耳机', 'No device found: plug in the headset') },
  },
];

const base: View = {
  language: 'zh',
  theme: 'light',
  host: 'shell',
  keys: keyMaps.shell,
  ownKeys: false,
  practice: false,
  person: { account: 'A017', name: '林晓', role: 'agent' },
  screen: {
    type: 'entrance',
    stage: { type: 'starting' },
    busy: false,
    problem: null,
    checks,
    serverOrigin: 'http://127.0.0.1:8080',
  },
  strip: null,
  dialog: null,
  locked: null,
  notices: [],
};

const strip: StripView = {
  line: { state: 'registered', since: now - 4 * 3_600_000, detail: null },
  server: { connected: true, since: now - 4 * 3_600_000, detail: null },
  unsent: { count: 0, oldestAt: null },
  leaseUntil: Date.parse('2025-11-21T18:00:00+08:00'),
  quality: null,
  clock: { practice: false, unsureMs: null },
  account: 'A017',
  shiftSince: now - 4 * 3_600_000 - 12 * minute,
  callsToday: 42,
};
const troubledStrip: StripView = {
  ...strip,
  line: {
    state: 'fault',
    since: now - 95_000,
    detail: t('注册被拒绝（403），请联系管理员', 'Registration refused (403): ask the administrator'),
  },
  server: { connected: false, since: now - 3 * minute, detail: t('网络不通，自动重试中', 'No network, retrying') },
  unsent: { count: 1205, oldestAt: now - 3 * minute },
  leaseUntil: now - minute,
  quality: { tone: 'warning', text: t('一般', 'fair'), detail: t('丢包 4%，抖动 38 毫秒', 'loss 4 %, jitter 38 ms') },
  clock: { practice: false, unsureMs: 42_000 },
};

const idleBar: CallBarView = {
  state: 'idle',
  since: now - 100_000,
  breakReason: null,
  respondent: null,
  number: null,
  contactLabel: null,
  source: null,
  attemptNumber: null,
  muted: false,
  heldByUs: false,
  heldByThem: false,
  earlyMedia: false,
  ringLimitReached: false,
  recovering: false,
  can: {
    ...{ dial: true, answer: false, hangUp: false, mute: false, hold: false, keypad: false, break: true, lock: true },
    ...{ transfer: false, redial: false, swap: false, complete: false, cancel: false },
  },
  mutedSpeaking: false,
  passing: null,
  extension: null,
  answerableFrom: null,
};
const talkingBar: CallBarView = {
  ...idleBar,
  state: 'talking',
  since: now - 42_000,
  respondent: '范* 先生',
  number: '154****0003',
  contactLabel: '手机',
  source: 'APPLICATION_FORM',
  attemptNumber: 2,
  can: {
    ...{ dial: false, answer: false, hangUp: true, mute: true, hold: true, keypad: true, break: false, lock: true },
    ...{ transfer: true, redial: false, swap: false, complete: false, cancel: false },
  },
};
const incomingBar: CallBarView = {
  ...idleBar,
  state: 'incoming',
  since: now - 3000,
  number: '154****0006',
  can: { ...idleBar.can, dial: false, answer: true, hangUp: true, break: false },
  answerableFrom: now - 2500,
};

const row = (
  caseId: string,
  name: string,
  kind: QueueView['groups'][number]['items'][number]['kind'],
  line: Text,
  badge: QueueView['groups'][number]['items'][number]['badge'],
  selected = false,
) => ({ caseId, name, kind, line, badge, selected });
const colleagues = [
  { number: '8001', name: t('客户经理 沈知夏', 'Account manager Shen') },
  { number: '8002', name: t('授信审批值班', 'Credit desk on duty') },
  { number: '8003', name: t('投诉受理台', 'Complaint desk') },
  { number: '80049999', name: t('总行个人信贷部贷后管理中心二次核实岗', 'Head office second verification desk') },
];
const consulting = (
  stage: NonNullable<CallBarView['passing']>['stage'],
  can: Partial<CallBarView['can']>,
): CallBarView => ({
  ...talkingBar,
  heldByUs: stage !== 'customer' && stage !== 'referring',
  passing: { name: colleagues[0]!.name, stage, since: now - 9_000 },
  can: { ...talkingBar.can, hold: false, transfer: false, ...can },
});
const queue: QueueView = {
  missed: [],
  total: 37,
  overdue: 2,
  search: '',
  empty: null,
  groups: [
    {
      id: 'appointments',
      label: t('预约回拨', 'Appointments'),
      items: [
        row('HF-1121-009', '郝* 先生', 'POST_FIRST', t('贷后首次 · 本人约定', 'First after disbursement · promised'), {
          text: t('12:15', '12:15'),
          tone: 'info',
        }),
      ],
    },
    {
      id: 'working',
      label: t('正在处理', 'In work'),
      items: [
        row(
          'HF-1121-003',
          '范* 先生',
          'PRELOAN_BORROWER',
          t('贷前核实 · 手机', 'Pre-loan · mobile'),
          { text: t('今天截止', 'due today'), tone: 'warning' },
          true,
        ),
      ],
    },
    {
      id: 'next',
      label: t('接下来', 'Next'),
      items: [
        row(
          'HF-1121-005',
          '吴* 先生 · 单位',
          'EMPLOYER',
          t('单位核实 · 上午两次无人接听', 'Employer · twice no answer this morning'),
          { text: t('14:00 后', 'after 14:00'), tone: 'neutral' },
        ),
        row(
          'HF-1121-006',
          '孔* 先生',
          'SUPPLEMENT',
          t('补件 · 空号，换家庭座机', 'Missing information · empty number, home line next'),
          { text: t('超时 1 天', '1 day over'), tone: 'bad' },
        ),
        row('HF-1121-008', '桂* 女士', 'PRELOAN_BORROWER', t('贷前核实 · 第 3 次', 'Pre-loan · third time'), {
          text: t('短信已送达', 'SMS delivered'),
          tone: 'neutral',
        }),
        row('HF-1121-010', '钟* 女士', 'PRE_MATURITY', t('到期前回访 · 商用房', 'Before maturity · commercial'), {
          text: t('2 天', '2 days'),
          tone: 'neutral',
        }),
        row(
          'HF-1121-007',
          '忙* 先生',
          'PRELOAN_BORROWER',
          t('贷前核实 · 推荐 17:30–20:00', 'Pre-loan · best 17:30–20:00'),
          { text: t('下一班', 'next shift'), tone: 'neutral' },
        ),
      ],
    },
  ],
};

const panel: CasePanelView = {
  caseId: 'HF-1121-003',
  name: '范* 先生',
  kind: 'PRELOAN_BORROWER',
  tags: [t('住房贷款', 'Home loan'), t('自营', 'In house')],
  branch: '星港演示支行',
  accountManager: '程演示',
  authorisation: { text: t('单位、收入 · 有效', 'Employer, income · valid'), tone: 'good' },
  deadline: { text: t('今天 18:00', 'today 18:00'), tone: 'warning' },
  rows: [
    {
      topic: 'employer.name',
      label: t('工作单位', 'Employer'),
      value: '月背土豆食品（虚构）有限公司',
      state: { text: t('疑点待核', 'to be checked'), tone: 'warning' },
    },
    { topic: 'employer.position', label: t('部门职务', 'Position'), value: null, state: null },
    { topic: 'income.monthly', label: t('月收入', 'Income'), value: null, state: null },
    {
      topic: 'property.name',
      label: t('房产', 'Property'),
      value: '星港市土豆苑',
      state: { text: t('一致', 'agrees'), tone: 'good' },
    },
  ],
  contacts: [
    {
      id: 'mobile',
      label: '手机',
      number: '154****0003',
      sources: t('申请表、申请表影像一致', 'Form and form image agree'),
      slot: t('方便接听（原话）：工作日晚上七点以后', 'Good time to call (as said): 工作日晚上七点以后'),
      status: { text: t('通话中', 'on the call'), tone: 'good' },
      masked: true,
    },
    {
      id: 'employer',
      label: '原单位',
      number: '026****0003',
      sources: t('公开信息 · 工作日 9:00–11:45', 'Public directory · workdays 9:00–11:45'),
      slot: t('方便接听：上午', 'Good time to call: mornings'),
      status: { text: t('未拨', 'not dialled'), tone: 'neutral' },
      masked: true,
    },
    {
      id: 'emergency',
      label: '紧急联系人',
      number: '154****0026',
      sources: t('申请表 · 仅可转告', 'Form · may only pass on'),
      slot: null,
      status: { text: t('未到条件', 'not yet'), tone: 'neutral' },
      masked: true,
    },
  ],
  history: [
    { at: now - 45_000, text: t('外呼手机，振铃 11 秒后接通', 'Called the mobile, answered after 11 s') },
    { at: now - 18 * 3_600_000, text: t('短信预告已送达', 'SMS notice delivered') },
    {
      at: now - 18 * 3_600_000 - minute,
      text: t('外呼手机，无人接听（振铃 40 秒）', 'Called the mobile, no answer (40 s)'),
    },
    { at: now - 48 * 3_600_000, text: t('任务建立，时限 11 月 23 日', 'Case made, deadline 23 November') },
  ],
};

const preview: PreviewView = {
  type: 'preview',
  caseId: 'HF-1121-005',
  name: '吴* 先生',
  kind: 'EMPLOYER',
  number: '026 **** 0005',
  contactLabel: t('单位座机 · 半夜面包房（虚构）· 请转店长', 'Employer’s line · ask for the manager'),
  comparison: [
    { source: t('公开信息', 'Public directory'), number: '026****0005', agrees: true },
    { source: t('申请表影像', 'Form image'), number: '026****0005', agrees: true },
  ],
  comparisonBadge: { text: t('两个来源一致', 'Two sources agree'), tone: 'good' },
  whyNow: t(
    '14:30–17:00 同类单位接通率约 52%（44–60%，依据 180 次）；上午两次无人接听',
    'Employers like it answer about 52 % at this time (44–60 %, 180 calls)',
  ),
  hours: { text: t('工作日 13:45–17:30，现在可拨', 'Workdays 13:45–17:30, allowed now'), allowed: true },
  attempt: t('第 3 次，最多 5 次', 'Third of at most 5'),
  deadline: { text: t('时限还有 2 个工作日', '2 working days left'), tone: 'warning' },
  needs: 'NOTHING',
  formImage: null,
  typed: '',
  typedProblem: null,
  blocks: [],
  hints: [],
  others: [
    {
      id: 'registered',
      label: '登记座机',
      number: '154 **** 0092',
      note: t(
        '登记为座机，实为手机号段；与申请表影像不符',
        'Registered as a land line, is a mobile; differs from the form',
      ),
      badge: { text: t('已拦截', 'blocked'), tone: 'bad' },
      selected: false,
    },
    {
      id: 'hr',
      label: '人事部',
      number: '026 **** 0015',
      note: t('借款人提供，仅凭此号不能判定核实一致', 'Told by the borrower: not enough alone'),
      badge: { text: t('备用', 'spare'), tone: 'neutral' },
      selected: false,
    },
  ],
  decidedBy: null,
  preNotice: null,
  canDial: true,
};
/** A first call, with the SMS notice that may go before it. */
const firstCall: PreviewView = {
  ...preview,
  caseId: 'HF-1121-003',
  name: '范* 先生',
  kind: 'PRELOAN_BORROWER',
  number: '154****0003',
  contactLabel: t('手机 · 范*', 'Mobile · Fan *'),
  comparison: [
    { source: t('申请表（系统录入）', 'Application (as typed in)'), number: '154****0003', agrees: true },
    { source: t('申请表影像', 'Form’s image'), number: '154****0003', agrees: true },
  ],
  whyNow: t('登记的首选号码', 'the first number on record'),
  hours: { text: t('今天 09:00–11:45 可以外呼。', 'Today 09:00–11:45 is open.'), allowed: true },
  attempt: t('第 1 次，最多 6 次', 'Attempt 1 of at most 6'),
  others: [],
  preNotice: { stage: 'offered' },
};
const noticeWords: PreviewView = {
  ...firstCall,
  preNotice: {
    stage: 'asking',
    number: '154****0003',
    message: noticeText('BEFORE_FIRST_CALL', {}),
  },
};
const formImage = `data:image/svg+xml;base64,${btoa('<svg xmlns="http://www.w3.org/2000/svg" width="240" height="44"><rect width="240" height="44" fill="#fffdf5"/><text x="12" y="30" font-size="24" font-family="cursive" fill="#223">026-0000-0004</text></svg>')}`;
const typing: PreviewView = {
  ...preview,
  needs: 'TYPE_NUMBER',
  number: '•••• ••••',
  formImage,
  typed: '0260000',
  typedProblem: t('第 4 位与影像不一致，请再看一遍', 'The 4th digit differs from the form: look again'),
  comparison: preview.comparison.slice(1).map((line) => ({ ...line, number: '•••• ••••' })),
  comparisonBadge: { text: t('来源单一', 'One source only'), tone: 'warning' },
  canDial: false,
};
/** Everything that may speak against an employer's number at once. */
const flagged: PreviewView = {
  ...preview,
  hints: Object.values(employerHints),
};
const blocked: PreviewView = {
  ...preview,
  needs: 'SECOND_PERSON',
  comparison: [
    { source: t('系统录入', 'As typed'), number: '026****0040', agrees: false },
    { source: t('申请表影像', 'Form image'), number: '026****0004', agrees: true },
  ],
  comparisonBadge: { text: t('来源不一致', 'The sources disagree'), tone: 'bad' },
  hours: { text: t('现在 12:10，单位午休，13:45 起可拨', '12:10 now: employers from 13:45'), allowed: false },
  blocks: [
    {
      rule: 'number.sourcesDisagree',
      sentence: t(
        '系统录入与申请表影像不一致：已拦截并登记，请第二人确认。',
        'The number typed differs from the form: blocked and recorded; a second person must confirm.',
      ),
    },
    {
      rule: 'hours.employer',
      sentence: t(
        '单位电话只在工作日 9:00–11:45、13:45–17:30 拨打。',
        'Employers are called on workdays 9:00–11:45 and 13:45–17:30 only.',
      ),
    },
  ],
  canDial: false,
};

const unclear = [
  { as: 'unknown', label: t('不清楚', 'Does not know') },
  { as: 'refused', label: t('拒绝回答', 'Refuses') },
];
const field = (about: string, label: Text, answer: FieldView['answer'], more: Partial<FieldView> = {}): FieldView => ({
  about,
  label,
  answer,
  choices: unclear,
  mandatory: true,
  draft: '',
  draftChoice: null,
  reply: null,
  private: false,
  ...more,
});
const choiceField = field('employer.why', t('情况说明', 'Explanation'), 'choice', {
  draftChoice: 'changedJob',
  choices: [
    {
      as: 'changedJob',
      label: t('换了工作', 'Changed job'),
      hint: t('问入职时间、新单位、证明', 'Ask since when, where, proof'),
    },
    {
      as: 'renamed',
      label: t('单位改名、派驻、劳务派遣', 'Renamed, seconded, dispatched'),
      hint: t('问签约主体与工作地点', 'Ask who signed the contract and where'),
    },
    { as: 'slip', label: t('当时登记错了', 'Recorded wrongly'), hint: t('查看申请表影像', 'Look at the form') },
    {
      as: 'unwilling',
      label: t('说不清 / 不愿说明', 'Cannot or will not say'),
      hint: t('如实记录，不追问', 'Record it, do not press'),
    },
  ],
});

const script: ScriptView = {
  type: 'script',
  caseId: 'HF-1121-003',
  title: t('贷前核实话术', 'Pre-loan script'),
  version: 3,
  badges: [{ text: t('录音已告知 · 本人已核验', 'Recording announced · identity confirmed'), tone: 'good' }],
  progress: ['done', 'done', 'done', 'done', 'differs', 'current', ...Array<'open'>(7).fill('open')],
  position: { at: 5, of: 13 },
  step: {
    id: 'borrower.employer.why',
    kind: 'ask',
    section: t('工作单位 · 情况说明', 'Employer · explanation'),
    sentence: t(
      '您申请时登记的单位与现在说的不太一样，请问是什么情况？',
      'The employer named in your application differs from what you just said. Could you tell me why?',
    ),
    hint: t(
      '不说出登记的单位，可以问「申请时填的是哪家？」。',
      'Do not name the one on file; you may ask which one was written.',
    ),
    tags: [
      { text: t('必问', 'required'), tone: 'neutral' },
      { text: t('授权范围内', 'authorised'), tone: 'neutral' },
    ],
    beside: [],
    fields: [choiceField],
    slips: [],
  },
  lastAnswers: [
    {
      label: t('工作单位', 'Employer'),
      said: '云朵牙刷有限公司',
      file: '月背土豆食品（虚构）有限公司',
      verdict: { text: t('不一致', 'differs'), tone: 'warning' },
      savedAt: now - 4000,
    },
  ],
  next: [
    t('您从什么时候开始在新单位工作？', 'Since when have you worked there?'),
    t('新单位的地址和座机是？（需独立核对）', 'Its address and land line? (to be checked independently)'),
  ],
  reveal: 'matter',
  exitsOpen: false,
  exits: [
    { id: 'notThePerson', label: t('非本人', 'Not the person') },
    { id: 'notConvenient', label: t('不方便', 'Not convenient') },
    { id: 'refuses', label: t('拒绝', 'Refuses') },
    { id: 'noRecording', label: t('不同意录音', 'No recording') },
    { id: 'suspectsFraud', label: t('质疑来电', 'Suspects fraud') },
    { id: 'complaint', label: t('投诉', 'Complaint') },
    { id: 'cannotUnderstand', label: t('听不清 / 听不懂', 'Cannot understand') },
    { id: 'hangUp', label: t('对方挂断', 'The customer hung up') },
  ],
  helpAsked: false,
  canFillAhead: true,
  outcomes: [],
  review: null,
  callOver: false,
  saidAlready: null,
};
const several: ScriptView = {
  ...script,
  reveal: 'nothing',
  canFillAhead: false,
  badges: [{ text: t('录音已告知', 'Recording announced'), tone: 'good' }],
  lastAnswers: [],
  step: {
    ...script.step,
    id: 'borrower.income',
    section: t('收入与发薪', 'Income'),
    sentence: t(
      '请问您现在每个月税前收入大概多少？哪一天发工资？',
      'What is your monthly income before tax, and when are you paid?',
    ),
    hint: null,
    fields: [
      field('income.monthly', t('月收入（税前）', 'Monthly income'), 'money', { draft: '一万五' }),
      field('income.payday', t('发薪日', 'Pay day'), 'number', { mandatory: false }),
      field('identity.lastFour', t('证件后四位', 'Last four'), 'lastFour', { private: true, draft: '00' }),
    ],
    slips: [
      { about: 'identity.lastFour', sentence: t('要四位，最后一位可以是 X', 'Four characters, the last may be X') },
    ],
  },
};
const refused: ScriptView = {
  ...several,
  reveal: 'matter',
  step: {
    ...several.step,
    fields: several.step.fields
      .slice(0, 2)
      .map((each, n) => (n === 1 ? { ...each, draftChoice: 'refused', reply: mayRefuse } : each)),
    slips: [],
  },
};
const said: ScriptView = {
  ...script,
  reveal: 'nothing',
  canFillAhead: false,
  badges: [],
  lastAnswers: [],
  progress: ['current', ...Array<'open'>(12).fill('open')],
  position: { at: 1, of: 13 },
  step: {
    id: 'borrower.opening',
    kind: 'say',
    section: t('开场', 'Opening'),
    sentence: t(
      '您好，这里是星港演示银行住房贷款回访。请问是范先生本人吗？通话会录音。',
      'Hello, this is Xinggang Demo Bank calling about a home loan. Am I speaking to Mr Fan? This call is recorded.',
    ),
    hint: t('对方没有说“是”之前，不说贷款。', 'Nothing about the loan before the person said yes.'),
    tags: [],
    beside: [],
    fields: [],
    slips: [],
  },
};
const beside: ScriptView = {
  ...script,
  reveal: 'employment',
  title: t('单位核实', 'Employer verification'),
  badges: [{ text: t('单位已确认', 'Employer confirmed'), tone: 'good' }],
  lastAnswers: [],
  step: {
    id: 'employer.compared',
    kind: 'observe',
    section: t('单位核实', 'Employer'),
    sentence: null,
    hint: null,
    tags: [{ text: t('授权范围内', 'authorised'), tone: 'neutral' }],
    beside: [
      { label: t('部门', 'Department'), said: '设计部', borrower: '设计部' },
      { label: t('职务', 'Position'), said: '打样工', borrower: '产品设计师' },
      { label: t('主要工作', 'Duties'), said: '按图纸裁纸、折样品，有时候也去仓库帮忙', borrower: '画新文具的外观图' },
    ],
    fields: [
      field('job.agreement', t('与借款人所述', "Against the borrower's words"), 'choice', {
        choices: [
          { as: 'alike', label: t('相符', 'Agrees') },
          { as: 'unclear', label: t('无法判断', 'Cannot tell') },
          { as: 'contradictory', label: t('矛盾', 'Contradicts') },
        ],
      }),
    ],
    slips: [],
  },
};
const ahead = [
  ['signer', t('申请及签字人', 'Who signed')],
  ['loan', t('金额、期限', 'Amount, term')],
  ['property', t('小区、面积（㎡）、总价', 'Estate, size (m²), price')],
  ['newPosition', t('部门、职务、主要工作、入职时间', 'Department, post, duties, since')],
  ['workplace', t('单位地址', 'Address')],
  ['income', t('月收入（税前）、发放方式、发薪日', 'Monthly income, method, pay day')],
  ['debts', t('每月合计（没有记 0）', 'Other loans a month')],
  ['downpayment', t('首付款来源', 'Source of the down payment')],
  ['employerPhone', t('单位电话、联系人', 'Telephone, contact')],
  ['slot', t('方便接听时间', 'Good time to call')],
].map(([id, label]) => ({ step: `borrower.${id as string}`, label: label as Text, noted: id === 'income' }));
const hotline = t(
  '您如果有疑虑，可以先挂断，拨打银行官方客服热线，报回访编号HF-1121-003核实；我们不会向您索要密码、验证码，也不会要求转账。',
  'If in doubt, hang up, call the bank’s official hotline and quote HF-1121-003; we never ask for passwords, codes or transfers.',
);
const longScript: ScriptView = {
  ...several,
  lastAnswers: [
    {
      label: t('姓名', 'Name'),
      said: longName,
      file: longName,
      verdict: { text: t('一致', 'agrees'), tone: 'good' },
      savedAt: now,
    },
  ],
  callOver: true,
};
const outcome: ScriptView = {
  ...script,
  lastAnswers: [],
  step: {
    ...script.step,
    id: 'borrower.outcome',
    kind: 'outcome',
    sentence: t('谢谢您的配合，祝您生活愉快。', 'Thank you, goodbye.'),
    hint: null,
    fields: [],
  },
  outcomes: [
    {
      code: 'WRONG_EMPLOYER',
      sub: 'OUTDATED',
      label: t('单位不符 · 换工作', 'Wrong employer · changed job'),
      hint: t('需要二次核实', 'Second verification needed'),
    },
    { code: 'PARTIAL', sub: null, label: t('部分核实', 'Partly verified'), hint: null },
  ],
};
const nextEmployee: ScriptView = {
  ...several,
  reveal: 'employer',
  title: t('单位核实', 'Employer verification'),
  badges: [],
  progress: ['current', ...Array<'open'>(7).fill('open')],
  position: { at: 1, of: 8 },
  saidAlready: t(
    '同一通电话：开场白已说过，按已听到的回答记录即可。',
    'The same call: the greeting was given already. Record what you have heard.',
  ),
  step: {
    ...script.step,
    id: 'employer.name',
    section: t('单位核实', 'Employer'),
    sentence: t(
      '请问贵单位的全称是什么？怎么称呼您？',
      'What is the full name of your organisation, please, and how may I address you?',
    ),
    hint: null,
    tags: [{ text: t('必问', 'required'), tone: 'neutral' }],
    fields: [
      field('employer.name', t('单位全称', 'Full name'), 'name'),
      field('respondent.name', t('接听人称呼', 'Respondent'), 'text', { mandatory: false, choices: [] }),
    ],
    slips: [],
  },
};
const review: ScriptView = {
  ...script,
  review: {
    step: 'borrower.employer',
    sentence: t('请问您现在在哪家单位工作？', 'Where do you work now?'),
    answers: [{ label: t('工作单位', 'Employer'), said: '云朵牙刷有限公司' }],
    reason: '',
    askReason: true,
  },
};

const wrapUp: WrapUpView = {
  type: 'wrapUp',
  caseId: 'HF-1121-007',
  name: '忙* 先生',
  kind: 'PRELOAN_BORROWER',
  since: now - 8000,
  limitSeconds: 45,
  interrupted: false,
  proposal: {
    result: 'NO_ANSWER',
    reason: t('振铃 40 秒后坐席挂机；没有听到提示音', 'Rang 40 s, then hung up by the agent; no announcement'),
    preselected: true,
  },
  chosen: 'NO_ANSWER',
  choices: [
    { result: 'NO_ANSWER', label: t('无人接听', 'No answer') },
    { result: 'BUSY', label: t('占线', 'Busy') },
    { result: 'POWER_OFF', label: t('关机', 'Switched off') },
    { result: 'OUT_OF_COVERAGE', label: t('无法接通', 'Out of coverage') },
    { result: 'SUSPENDED', label: t('停机', 'Suspended') },
    { result: 'EMPTY_NUMBER', label: t('空号', 'Empty number') },
    { result: 'REJECTED', label: t('拒接', 'Rejected') },
    { result: 'ASSISTANT', label: t('秘书台 / 手机助理', 'Assistant') },
  ],
  more: [
    { result: 'VOICEMAIL', label: t('语音信箱', 'Voicemail') },
    { result: 'FAX', label: t('传真', 'Fax') },
    { result: 'NUMBER_CHANGED', label: t('改号', 'Number changed') },
    { result: 'ANSWERED', label: t('接通', 'Answered') },
  ],
  moreOpen: false,
  disposition: null,
  dispositionChoices: [],
  evidence: [],
  answers: [],
  followUps: [
    {
      kind: 'RETRY',
      text: t('再次外呼：今天 17:30–20:00，换时段（转下一班）', 'Call again: today 17:30–20:00 (next shift)'),
      rule: t(
        '无人接听至少隔 3 小时并换时段（第 2 次后先发短信预告）',
        'After no answer at least 3 hours and another part of the day',
      ),
      ticked: true,
      optional: false,
    },
    {
      kind: 'SMS_NOTICE',
      text: t('发送短信预告', 'Send an SMS notice'),
      rule: t(
        '模板「回访预告」：官方号码、回访编号、建议时段；不含金额',
        'Template “notice”: official number, case number; no amounts',
      ),
      ticked: true,
      optional: true,
    },
  ],
  appointment: null,
  appointmentSaid: null,
  appointmentExact: true,
  appointmentProblem: null,
  needsAppointment: false,
  note: '',
  noteRequired: false,
  problem: null,
  canConfirm: true,
  employees: [],
  callOver: true,
  canGoOn: true,
  saving: false,
};
const wrongEmployer: WrapUpView = {
  ...wrapUp,
  caseId: 'HF-1121-003',
  name: '范* 先生',
  proposal: { result: 'ANSWERED', reason: t('接通 3 分 12 秒', 'Talked for 3:12'), preselected: true },
  chosen: 'ANSWERED',
  disposition: {
    code: 'WRONG_EMPLOYER',
    sub: 'OUTDATED',
    label: t('单位不符 · 换工作', 'Wrong employer · changed job'),
  },
  evidence: [
    {
      key: 'registeredValue',
      label: t('申请信息中的单位', 'Employer on file'),
      value: '月背土豆食品（虚构）有限公司',
      required: true,
      suggestion: null,
    },
    {
      key: 'statedValue',
      label: t('客户所说的单位', 'Employer as stated'),
      value: '',
      required: true,
      suggestion: '云朵牙刷有限公司',
    },
    { key: 'whoSaid', label: t('谁说的', 'Who said so'), value: '', required: true, suggestion: '本人' },
  ],
  answers: [
    {
      label: t('工作单位', 'Employer'),
      said: '云朵牙刷有限公司',
      verdict: { text: t('不一致', 'differs'), tone: 'warning' },
    },
    { label: t('房产', 'Property'), said: '土豆苑', verdict: { text: t('一致', 'agrees'), tone: 'good' } },
  ],
  followUps: [
    {
      kind: 'SECOND_VERIFICATION',
      text: t('二次核实：另一位坐席，换号码来源', 'Second verification: another agent, another source'),
      rule: t('单位不符一律二次核实', 'Always after a wrong employer'),
      ticked: true,
      optional: false,
    },
  ],
  needsAppointment: true,
  noteRequired: true,
  problem: null,
  canConfirm: false,
};
const unclearResult: WrapUpView = {
  ...wrapUp,
  interrupted: true,
  chosen: null,
  proposal: {
    result: 'EMPTY_NUMBER',
    reason: t('404，接通前有提示音：请按听到的选择', '404 after an announcement: choose what you heard'),
    preselected: false,
  },
  canConfirm: false,
  moreOpen: true,
};
const plainDisposition: WrapUpView = {
  ...wrapUp,
  chosen: 'ANSWERED',
  proposal: { result: 'ANSWERED', reason: t('接通 41 秒', 'Talked for 41 s'), preselected: true },
  dispositionChoices: [
    { code: 'VERIFIED', sub: null, label: t('核实一致', 'Verified') },
    { code: 'PARTIAL', sub: null, label: t('部分核实', 'Partly verified') },
    { code: 'CALLBACK_AGREED', sub: 'EXACT', label: t('预约回拨 · 准确时间', 'Call-back · exact') },
    { code: 'REFUSED', sub: 'SOFT', label: t('拒绝配合 · 暂时', 'Refused · for now') },
  ],
  followUps: [],
  canConfirm: false,
};

/** The employer's desk is still on the line, and there are others to ask about. */
const employees: WrapUpView = {
  ...wrapUp,
  caseId: 'HF-1121-021-E',
  name: '纸鹤****有限公司',
  kind: 'EMPLOYER',
  proposal: { result: 'ANSWERED', reason: t('通话还在进行', 'The call is still up'), preselected: true },
  chosen: 'ANSWERED',
  choices: [
    { result: 'ANSWERED', label: t('接通', 'Answered') },
    { result: 'ANSWERED_DROPPED', label: t('接通后即挂断', 'Dropped after answer') },
  ],
  disposition: { code: 'VERIFIED', sub: null, label: t('核实一致', 'Verified') },
  dispositionChoices: [{ code: 'VERIFIED', sub: null, label: t('核实一致', 'Verified') }],
  answers: [
    {
      label: t('部门', 'Department'),
      said: '设计部',
      verdict: { text: t('一致', 'agrees'), tone: 'good' },
    },
  ],
  followUps: [],
  canConfirm: false,
  callOver: false,
  employees: [
    { caseId: 'HF-1121-034-E', name: '全*构', line: t('HF-1121-034-E · 今天截止', 'HF-1121-034-E · Due today') },
    { caseId: 'HF-1121-035-E', name: '全*构', line: t('HF-1121-035-E · 2 天', 'HF-1121-035-E · 2 d') },
    {
      caseId: 'HF-1121-036-E',
      name: '阿卜****·欧阳慕容',
      line: t('HF-1121-036-E · 超时 1 天', 'HF-1121-036-E · 1 d overdue'),
    },
  ],
};

/** An appointment at which nobody may be called, in the policy's own words. */
const lateAppointment: WrapUpView = {
  ...plainDisposition,
  disposition: { code: 'CALLBACK_AGREED', sub: 'EXACT', label: t('预约回拨 · 准确时间', 'Call-back · exact') },
  appointment: { at: '2025-11-24T23:30:00+08:00', exact: true },
  appointmentProblem: appointmentProblem(new Date('2025-11-24T23:30:00+08:00'), defaultPolicy, new Date(now)),
  needsAppointment: true,
};

const bench = (more: Partial<WorkbenchView> = {}): WorkbenchView => ({
  type: 'workbench',
  callBar: idleBar,
  queue,
  middle: preview,
  case: panel,
  incoming: null,
  keypad: { open: false, digits: '' },
  transfer: null,
  captions: [],
  ...more,
});
const work = (more: Partial<WorkbenchView>, view: Partial<View> = {}): View => ({
  ...base,
  strip,
  screen: bench(more),
  ...view,
});

const journal: JournalView = {
  type: 'journal',
  total: 20_412,
  more: true,
  unsent: 3,
  verified: null,
  exporting: false,
  rows: [
    {
      seq: 20_412,
      at: now - 5000,
      kind: 'disposition.recorded',
      text: t('话后处理完成：无人接听', 'Wrap-up recorded: No answer'),
      rule: null,
      caseId: 'HF-1121-007',
      state: 'waiting',
      reason: null,
    },
    {
      seq: 20_411,
      at: now - 9000,
      kind: 'attempt.ended',
      text: t('呼叫结束', 'Attempt ended'),
      rule: null,
      caseId: 'HF-1121-007',
      state: 'waiting',
      reason: null,
    },
    {
      seq: 20_410,
      at: now - 50_000,
      kind: 'attempt.started',
      text: t('呼叫开始：外呼', 'Attempt began: outgoing'),
      rule: null,
      caseId: 'HF-1121-007',
      state: 'waiting',
      reason: null,
    },
    {
      seq: 20_409,
      at: now - 3 * minute,
      kind: 'step.recorded',
      text: t('话术步骤已记录：工作单位', 'Script step recorded: employer'),
      rule: null,
      caseId: 'HF-1121-003',
      state: 'stored',
      reason: null,
    },
    {
      seq: 20_408,
      at: now - 26 * 3_600_000,
      kind: 'disposition.recorded',
      text: t('单位不符', 'Wrong employer'),
      rule: null,
      caseId: 'HF-1121-003',
      state: 'disputed',
      reason: 'LATE',
    },
    {
      seq: 20_407,
      at: now - 27 * 3_600_000,
      kind: 'amended',
      text: t('撤回', 'taken back'),
      rule: null,
      caseId: 'HF-1121-003',
      state: 'duplicate',
      reason: null,
    },
    {
      seq: 1,
      at: now - 200 * 3_600_000,
      kind: 'shift.started',
      text: t('联机签入', 'online'),
      rule: null,
      caseId: null,
      state: 'unreadable',
      reason: null,
    },
  ],
};

const iso = (ago: number) => new Date(now - ago).toISOString();
const agent = (account: string, name: string, more: object) => ({
  account,
  name,
  signedIn: true,
  state: 'AVAILABLE' as const,
  breakReason: null,
  since: iso(6000),
  respondent: null,
  step: null,
  unsent: 0,
  oldestUnsentAt: null,
  lastHeardAt: iso(1000),
  connected: true,
  leasedUntil: iso(-7 * 3_600_000),
  ...more,
});
const board: BoardView = {
  type: 'board',
  state: 'live',
  since: now,
  problem: null,
  board: {
    at: iso(0),
    team: '一组',
    queue: [
      { kind: 'PRELOAN_BORROWER', open: 75, dueToday: 9, overdue: 3 },
      { kind: 'EMPLOYER', open: 48, dueToday: 6, overdue: 1 },
      { kind: 'GUARANTOR', open: 13, dueToday: 1, overdue: 0 },
      { kind: 'POST_FIRST', open: 28, dueToday: 0, overdue: 0 },
      { kind: 'POST_PERIODIC', open: 35, dueToday: 2, overdue: 0 },
      { kind: 'PRE_MATURITY', open: 11, dueToday: 1, overdue: 1 },
    ],
    agents: [
      agent('A017', '林晓', {
        state: 'ON_CALL',
        since: iso(42_000),
        respondent: '甄*',
        step: '工作单位',
        lastHeardAt: iso(2000),
      }),
      agent('A021', '周敏', { state: 'WRAP_UP', since: iso(98_000), respondent: '忙*', step: '无人接听' }),
      agent('A008', '何平', {
        connected: false,
        since: iso(8_040_000),
        unsent: 37,
        oldestUnsentAt: iso(8_000_000),
        lastHeardAt: iso(8_040_000),
      }),
      agent('A030', '徐亮', { state: 'BREAK', breakReason: 'MEAL', since: iso(1_265_000), lastHeardAt: iso(3000) }),
      agent('A012', longName, {}),
      agent('A025', '高远', {
        connected: false,
        leasedUntil: null,
        since: iso(2_850_000),
        unsent: 12,
        oldestUnsentAt: iso(2_800_000),
        lastHeardAt: iso(2_850_000),
      }),
      agent('A033', '方休', { signedIn: false, state: null, since: null, leasedUntil: null, connected: false }),
    ],
    today: {
      attempts: 662,
      answered: 318,
      finished: 157,
      byDisposition: { VERIFIED: 90, VERIFIED_MINOR: 6, 'WRONG_EMPLOYER/OUTDATED': 5, 'WRONG_EMPLOYER/UNKNOWN': 2 },
      byCallResult: {},
      onTime: 153,
    },
    trend: [12, 18, 24, 30, 28, 36, 44, 42, 32, 24, 28, 38, 46, 52, 49, 43].map((attempts, index) => ({
      at: `${String(9 + Math.floor(index / 2)).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`,
      attempts,
      answered: Math.round(attempts * 0.48),
    })),
    exceptions: [
      { id: '4', type: 'HELP', caseId: 'HF-1121-004', respondent: '甄**', at: iso(90_000), agent: 'A021' },
      { id: '1', type: 'CONFLICT', caseId: 'HF-1121-006', respondent: '孔*', at: iso(3_000_000), agent: 'A012' },
      {
        id: '2',
        type: 'SECOND_VERIFICATION',
        caseId: 'HF-1121-002',
        respondent: '贾*',
        at: iso(2_000_000),
        agent: null,
      },
      { id: '5', type: 'CALL_BACK_LATE', caseId: 'HF-1121-009', respondent: '忙*', at: iso(700_000), agent: 'A021' },
      { id: '3', type: 'JOURNAL_BROKEN', caseId: null, respondent: null, at: iso(1_000_000), agent: 'T-31' },
    ],
    results: [
      {
        at: iso(60_000),
        caseId: 'HF-1121-007',
        respondent: '忙*',
        agent: 'A021',
        callResult: 'NO_ANSWER',
        disposition: null,
        sub: null,
      },
      {
        at: iso(160_000),
        caseId: 'HF-1121-003',
        respondent: '范*',
        agent: 'A017',
        callResult: 'ANSWERED',
        disposition: 'WRONG_EMPLOYER',
        sub: 'OUTDATED',
      },
      {
        at: iso(360_000),
        caseId: 'HF-1121-001',
        respondent: '甄*',
        agent: 'A017',
        callResult: 'ANSWERED',
        disposition: 'VERIFIED',
        sub: null,
      },
    ],
  },
};
const lead: View['person'] = { account: 'L002', name: '秦班长', role: 'lead' };

const entrance = (stage: EntranceView['stage'], more: Partial<EntranceView> = {}): View => ({
  ...base,
  person: null,
  screen: {
    type: 'entrance',
    stage,
    busy: false,
    problem: null,
    checks,
    serverOrigin: 'http://127.0.0.1:8080',
    ...more,
  },
});
const captions = [
  { id: 1, speaker: t('客户', 'Customer'), text: t('喂，你好，哪位？', 'Hello, who is it?'), mine: false },
  { id: 2, speaker: t('系统', 'System'), text: t('（旁边有人小声提示）', '(somebody whispers)'), mine: true },
  {
    id: 3,
    speaker: t('客户', 'Customer'),
    text: t('我现在在云朵牙刷机械，两个月前换的。', 'I am at Cloud Toothbrush now, for two months.'),
    mine: false,
  },
];
const ugly = work(
  {
    callBar: { ...talkingBar, respondent: longName, recovering: true, muted: true },
    queue: {
      ...queue,
      search: '0003',
      groups: queue.groups.map((group) => ({
        ...group,
        items: group.items.map((item) => ({ ...item, name: item.selected ? rareName : longName })),
      })),
    },
    middle: longScript,
    case: {
      ...panel,
      name: longName,
      branch: longName,
      rows: panel.rows.map((each) => ({ ...each, value: longName })),
      contacts: panel.contacts.map((each) => ({ ...each, label: longName.slice(0, 60) })),
    },
  },
  {
    strip: troubledStrip,
    notices: [
      {
        id: 'n1',
        tone: 'bad',
        text: t(
          '后台暂时连不上：记录已保存在本机，会自动上传。',
          'The server cannot be reached: entries are safe here and go out by themselves.',
        ),
        takeBackUntil: null,
      },
    ],
  },
);

/** Every sample by name. Chinese, light; the gallery changes language and theme. */
export const views: Readonly<Record<string, View>> = {
  starting: base,
  stopped: entrance({
    type: 'stopped',
    title: t('已在另一个窗口打开', 'Open in another window'),
    sentence: t(
      '同一台机器只能开一个工作台。请关闭另一个窗口，再点重试。',
      'One workstation for each machine: close the other window, then try again.',
    ),
    retry: true,
  }),
  enrol: entrance({ type: 'enrol', code: '' }),
  choosePin: entrance({ type: 'choosePin' }),
  enterPin: entrance(
    { type: 'enterPin', waitUntil: now + 20_000 },
    { problem: t('口令不对，还可以试 3 次', 'Wrong PIN, 3 tries left') },
  ),
  signIn: entrance({
    type: 'signIn',
    account: 'A017',
    offlinePossible: true,
    unfinished: 1,
    unsent: 12,
    waiting: {
      appointments: {
        count: 5,
        nearest: [
          { at: now - 18 * 3_600_000, who: t('欧阳**先生', 'Mr 欧阳**') },
          { at: now + 600_000, who: t('甄**女士', 'Ms 甄**') },
          { at: now + 4_000_000, who: t('星港****公司', '星港****公司') },
        ],
      },
      promised: {
        count: 2,
        nearest: [
          { at: now - 240_000, who: t('154****0023', '154****0023') },
          { at: now + 7_000_000, who: t('贾*先生', 'Mr 贾*') },
        ],
      },
    },
  }),
  signInFailed: entrance(
    {
      type: 'signIn',
      account: '',
      offlinePossible: false,
      unfinished: 0,
      unsent: 0,
      waiting: { appointments: { count: 0, nearest: [] }, promised: { count: 0, nearest: [] } },
    },
    {
      problem: t(
        '工号或密码不对。再错 2 次将锁定 5 分钟。',
        'Account or password is wrong. Two more and it is locked for 5 minutes.',
      ),
      checks: failedChecks,
    },
  ),
  empty: work({
    middle: {
      type: 'empty',
      title: t('没有可拨的任务', 'Nothing to call now'),
      sentence: t(
        '下一个任务 14:00 可拨；也可以按 Ctrl+K 查找。',
        'The next case can be called at 14:00; Ctrl+K finds others.',
      ),
    },
    case: null,
    queue: {
      ...queue,
      total: 0,
      overdue: 0,
      groups: [],
      empty: t(
        '后台已断开，本机没有领取的任务。连接恢复后会自动领取。',
        'The server is unreachable and no case is leased. Cases come when it is back.',
      ),
    },
  }),
  preview: work({}),
  preNotice: work({ middle: firstCall }),
  preNoticeWords: work({ middle: noticeWords }),
  preNoticeAway: work(
    {
      middle: {
        ...firstCall,
        preNotice: {
          stage: 'requested',
          at: now - 4 * minute,
          waits: t('后台已断开，恢复连接后发送。', 'The bank server is away: it is sent when the connection is back.'),
        },
      },
    },
    { strip: troubledStrip },
  ),
  preNoticeSent: work({
    middle: { ...firstCall, preNotice: { stage: 'sent', at: now - 2 * minute, waits: null } },
  }),
  typing: work({ middle: typing }),
  blocked: work({ middle: blocked }),
  flagged: work({ middle: flagged }),
  calling: work({
    callBar: { ...talkingBar, state: 'ringing', since: now - 9000, earlyMedia: true },
    middle: {
      type: 'calling',
      caseId: 'HF-1121-003',
      title: t('正在呼叫 范* 先生', 'Calling Mr Fan'),
      sentence: t('接通后自动进入话术。', 'The script opens when it is answered.'),
      opening: t(
        '您好，这里是星港演示银行住房贷款回访，请问是范先生本人吗？',
        'Hello, this is Xinggang Demo Bank. Am I speaking to Mr Fan?',
      ),
    },
  }),
  script: work(
    { callBar: talkingBar, middle: script },
    {
      strip: {
        ...strip,
        server: { connected: false, since: now - 3 * minute, detail: null },
        unsent: { count: 5, oldestAt: now - 3 * minute },
        quality: { tone: 'good', text: t('好', 'good'), detail: null },
      },
    },
  ),
  beside: work({ callBar: talkingBar, middle: beside }),
  several: work(
    { callBar: talkingBar, middle: several, captions },
    { practice: true, strip: { ...strip, clock: { practice: true, unsureMs: null } } },
  ),
  said: work({ callBar: talkingBar, middle: said }),
  employer: work({
    callBar: talkingBar,
    middle: { ...script, title: t('单位核实话术', 'Employer verification'), reveal: 'employment', lastAnswers: [] },
  }),
  nextEmployee: work({ callBar: talkingBar, middle: nextEmployee }),
  refused: work({ callBar: talkingBar, middle: refused }),
  exits: work({ callBar: { ...talkingBar, heldByUs: true }, middle: { ...several, exitsOpen: true } }),
  outcome: work({ callBar: talkingBar, middle: outcome }),
  review: work({ callBar: { ...talkingBar, muted: true }, middle: review }),
  wrapUp: work(
    { middle: wrapUp },
    {
      notices: [
        {
          id: 'n2',
          tone: 'good',
          text: t('桂* 女士：拒接，已记录', 'Ms Gui: rejected, recorded'),
          takeBackUntil: now + 4000,
        },
      ],
    },
  ),
  wrongEmployer: work({ middle: wrongEmployer }),
  notMade: work({
    middle: {
      ...wrapUp,
      proposal: {
        result: null,
        reason: t('没有麦克风，没有拨出', 'There was no microphone: nothing was dialled'),
        preselected: false,
      },
      chosen: 'STATION_FAULT',
      problem: t('没有找到麦克风；请插上耳机后再拨。', 'No microphone was found. Plug in a headset, then dial again.'),
    },
  }),
  unclearResult: work({ middle: unclearResult }),
  plainDisposition: work({ middle: plainDisposition }),
  employees: work({ callBar: talkingBar, middle: employees }),
  lateAppointment: work({ middle: lateAppointment }),
  incoming: work({
    callBar: incomingBar,
    incoming: {
      number: '154****0006',
      candidates: [
        { caseId: 'HF-1121-006', name: '孔* 先生', kind: 'SUPPLEMENT', contact: '手机' },
        { caseId: 'HF-1121-011', name: '孔* 先生', kind: 'POST_FIRST', contact: '手机' },
      ],
      chosen: null,
    },
  }),
  transfer: work({ callBar: talkingBar, middle: said, transfer: { numbers: colleagues, chosen: '8002' } }),
  consulting: work({
    callBar: consulting('talking', { swap: true, complete: true, cancel: true }),
    middle: said,
  }),
  consultSwapped: work({ callBar: consulting('customer', { swap: true, cancel: true }), middle: said }),
  consultChanging: work({ callBar: consulting('changing', { cancel: true }), middle: said }),
  referring: work({ callBar: consulting('referring', {}), middle: said }),
  extension: work({
    callBar: {
      ...talkingBar,
      respondent: '阿卜杜勒·买买提江 先生',
      contactLabel: '单位总机（人事部）',
      number: '026****0051 转***',
      extension: { state: 'dialled', digits: '●●●●', left: 0 },
      can: { ...talkingBar.can, redial: true },
    },
    middle: said,
  }),
  mutedSpeaking: work({
    callBar: {
      ...talkingBar,
      respondent: longName,
      muted: true,
      mutedSpeaking: true,
      extension: { state: 'dialling', digits: '●●', left: 2 },
    },
    middle: said,
  }),
  missed: work({
    queue: {
      ...queue,
      missed: [
        {
          ...{ attempt: 'm1', times: 2, caseId: 'HF-1121-031', who: '忙* 女士', others: 0, kind: 'POST_PERIODIC' },
          ...{ number: '154****0007', at: now - 8 * minute, due: now + 2 * minute, selected: true },
        },
        {
          ...{ attempt: 'm2', times: 1, caseId: null, who: null, others: 0, kind: null },
          ...{ number: '139****1234', at: now - 14 * minute, due: now - 4 * minute, selected: false },
        },
        {
          ...{ attempt: 'm3', times: 1, caseId: 'HF-1', who: longName, others: 2, kind: 'EMPLOYER' },
          ...{ number: '026****0005', at: now - minute, due: now + 9 * minute, selected: false },
        },
      ],
    },
  }),
  closeMissed: work(
    {},
    {
      dialog: { type: 'closeMissed', attempt: 'm1', who: '忙* 女士', number: '154****0007', at: now - 8 * minute },
    },
  ),
  waitingCall: work({
    callBar: incomingBar,
    middle: wrapUp,
    incoming: {
      number: '154****0006',
      chosen: null,
      candidates: [],
    },
  }),
  keypad: work({ callBar: talkingBar, middle: said, keypad: { open: true, digits: '8012#' } }),
  onBreak: work({
    callBar: {
      ...idleBar,
      state: 'break',
      breakReason: 'MEAL',
      since: now - 20 * minute,
      can: { ...idleBar.can, dial: false },
    },
  }),
  ugly,
  journal: { ...base, strip, screen: journal },
  journalEmpty: {
    ...base,
    strip,
    screen: {
      ...journal,
      rows: [],
      total: 0,
      unsent: 0,
      more: false,
      verified: t('日志完整：0 条，全部相接。', 'The journal is whole: 0 entries.'),
    },
  },
  board: { ...base, person: lead, screen: board },
  boardStale: {
    ...base,
    person: lead,
    screen: {
      ...board,
      state: 'stale',
      since: now - 4 * minute,
      problem: t('后台已断开，下面是 4 分钟前的数据。', 'The server is unreachable: this is 4 minutes old.'),
    },
  },
  boardLoading: { ...base, person: lead, screen: { ...board, state: 'loading', board: null } },
  settle: {
    ...base,
    person: lead,
    screen: board,
    dialog: {
      type: 'settle',
      exception: board.board!.exceptions[2]!,
      problem: t('这一条已被处理。', 'This row has been settled already.'),
      busy: false,
    },
  },
  secondPerson: work(
    { middle: blocked },
    {
      dialog: {
        type: 'secondPerson',
        contactLabel: '单位座机 · 星海****学校',
        numbers: [
          { id: '026-0000-0040', number: '026-0000-0040', sources: t('申请表', 'Application form') },
          { id: '026-0000-0004', number: '026-0000-0004', sources: t('申请表影像', 'Form image') },
        ],
        problem: t('第二人不能是您本人。', 'The second person cannot be you.'),
        busy: false,
      },
    },
  ),
  decided: work({ middle: { ...blocked, needs: 'NOTHING', decidedBy: 'L002', blocks: [], canDial: true } }),
  help: work({}, { dialog: { type: 'help' } }),
  break: work({}, { dialog: { type: 'break' } }),
  skip: work({}, { dialog: { type: 'skip', reason: '' } }),
  signOut: work({}, { dialog: { type: 'signOut', unsent: 5 } }),
  link: work({}, { dialog: { type: 'link', target: '154-0000-0003' } }),
  settings: work({}, { dialog: { type: 'settings', canTest: true, devices } }),
  settingsTrouble: work({}, { dialog: { type: 'settings', canTest: false, devices: troubledDevices } }),
  selfCheck: work({}, { dialog: { type: 'selfCheck', checks: fullChecks, running: false, echo: 'ready' } }),
  selfCheckTrouble: work({}, { dialog: { type: 'selfCheck', checks: troubledChecks, running: true, echo: 'running' } }),
  finder: work(
    {},
    {
      dialog: {
        type: 'finder',
        query: 'fan',
        results: [
          {
            id: 'c1',
            label: t('范* 先生 · 贷前核实', 'Mr Fan · pre-loan'),
            hint: t('HF-1121-003 · 今天截止', 'HF-1121-003 · due today'),
          },
          {
            id: 'question:genuine',
            label: t('怎么证明是银行？是不是诈骗？', 'How do I know that it is the bank?'),
            hint: hotline,
          },
          { id: 'c2', label: t('我的日志', 'My journal'), hint: null },
        ],
      },
    },
  ),
  openQuestions: work(
    { callBar: talkingBar, middle: script },
    { dialog: { type: 'openQuestions', questions: ahead, chosen: null } },
  ),
  openQuestion: work(
    { callBar: talkingBar, middle: script },
    {
      dialog: {
        type: 'openQuestions',
        questions: ahead,
        chosen: { step: 'borrower.income', fields: several.step.fields.slice(0, 2) },
      },
    },
  ),
  customerQuestion: work(
    { callBar: talkingBar, middle: said },
    {
      dialog: {
        type: 'customerQuestion',
        question: t('怎么证明是银行？是不是诈骗？', 'How do I know that it is the bank?'),
        answer: hotline,
      },
    },
  ),
  locked: work({}, { locked: { problem: t('密码不对', 'Wrong password'), busy: false } }),
};
