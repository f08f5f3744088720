/**
 * The twelve demo cases (domain.md G): invented people, numbers of ranges nobody has, firms called 虚构. They can be dialled on the
 * practice PBX only. DEMO-01 to 03 are two linked cases each, for a case has one kind and one respondent (domain.md 0.2).
 * Times are relative to the demo's clock, so that some are due today and some are late whenever the demo is made.
 */
import type { Case, CompanyRecord, Contact, ContactRole, NumberSource } from '#shared/case/case.ts';
import type { CaseKind } from '#shared/case/kind.ts';
import { addDays, dayOf, instantOf } from '#shared/policy/calendar.ts';
import { demoTeam } from './accounts.ts';
import { formFieldImage } from './formImage.ts';

type Title = 'MR' | 'MS' | 'NONE';
type Sheet = {
  number: string;
  name: string;
  title: Title;
  branch?: string;
  loanType?: Case['loanType'];
  file: Record<string, string>;
};
type CaseOf = {
  sheet: Sheet;
  suffix?: string;
  kind: CaseKind;
  respondent?: { name: string; title: Title };
  contacts: readonly Contact[];
  /** Days from today, and the hour of that day in Asia/Shanghai, at which it is due. */
  due: readonly [days: number, hour: number];
  linked?: readonly string[];
  history?: readonly [zh: string, en: string][];
  companyRecord?: CompanyRecord;
};

const named = (source: NumberSource, number: string) => ({ source, number });

function contact(
  id: string,
  label: string,
  number: string,
  role: ContactRole,
  owner: string,
  sources: Contact['sources'],
  more: Pick<Contact, 'department' | 'formImage'> = {},
): Contact {
  return { id, label, number, role, owner, status: 'OK', sources, ...more };
}

/** Two independent sources that agree: dialled with one key. */
const twice = (number: string, second: NumberSource = 'FORM_IMAGE') => [
  named('APPLICATION_FORM', number),
  named(second, number),
];

const mobile = (sheet: Sheet, number: string) =>
  contact('mobile', '手机', number, 'BORROWER', sheet.name, twice(number));

const file = (
  idLast4: string,
  home: string,
  employer: string,
  department: string,
  position: string,
  since: string,
  income: number,
  payday: number,
  amount: number,
  term: number,
  estate: string,
  more: Record<string, string> = {},
): Record<string, string> => ({
  'person.idLast4': idLast4,
  'person.home': home,
  'application.purpose': '购买自住房',
  'employer.name': employer,
  'employer.department': department,
  'employer.position': position,
  'employer.since': since,
  'income.monthly': String(income),
  'income.payday': String(payday),
  'loan.amount': String(amount),
  'loan.term': String(term),
  'property.estate': estate,
  ...more,
});

const sheet1: Sheet = {
  number: 'DEMO-01',
  name: '甄样例',
  title: 'MS',
  file: file(
    '001X',
    '星港市虚构区演示路1号',
    '纸鹤航天文具（虚构）有限公司',
    '设计部',
    '产品设计师',
    '2019-03',
    15000,
    10,
    1_200_000,
    300,
    '星港市月亮湾花园',
    {
      'employer.address': '星港市虚构区折纸大道8号三楼',
      'employer.phone': '026-0000-0001',
      'property.price': '1800000',
      'property.size': '96',
      'downpayment.source': '自有资金',
    },
  ),
};
const sheet2: Sheet = {
  number: 'DEMO-02',
  name: '贾包装',
  title: 'MR',
  file: file(
    '0028',
    '星港市虚构区面具街2号',
    '万能证明科技（虚构）有限公司',
    '技术部',
    '资深工程师',
    '2016-01',
    45000,
    15,
    3_000_000,
    360,
    '星港市云端公馆',
    {
      'employer.phone': '154-0000-0092',
      'property.price': '4300000',
      'downpayment.source': '自有资金',
      'debts.monthly': '3200',
    },
  ),
};
const sheet3: Sheet = {
  number: 'DEMO-03',
  name: '范更新',
  title: 'MR',
  file: file(
    '0036',
    '星港市虚构区流水巷3号',
    '月背土豆食品（虚构）有限公司',
    '物流部',
    '主管',
    '2018-07',
    11000,
    5,
    900_000,
    240,
    '星港市土豆苑',
    {
      'employer.phone': '026-0000-0003',
      'property.price': '1400000',
      'downpayment.source': '卖房所得',
    },
  ),
};
const sheet4: Sheet = {
  number: 'DEMO-04',
  name: '卜误输',
  title: 'MS',
  file: file(
    '0044',
    '星港市虚构区对照路4号',
    '星海灯塔教育（虚构）学校',
    '教务处',
    '教师',
    '2012-09',
    9800,
    8,
    800_000,
    240,
    '星港市灯塔里',
    {
      'employer.address': '星港市虚构区灯塔路12号',
      'downpayment.source': '公积金',
    },
  ),
};
const sheet5: Sheet = {
  number: 'DEMO-05',
  name: '吴应答',
  title: 'MR',
  file: file(
    '0052',
    '星港市虚构区回声街5号',
    '半夜面包房（虚构）合伙企业',
    '烘焙车间',
    '面点师',
    '2020-05',
    8800,
    15,
    600_000,
    300,
    '星港市麦田家园',
    {
      'employer.address': '星港市虚构区麦田路5号',
      'downpayment.source': '自有资金',
    },
  ),
};
const sheet6: Sheet = {
  number: 'DEMO-06',
  name: '孔号生',
  title: 'MR',
  file: file(
    '0060',
    '星港市虚构区空谷路6号',
    '无回音电器（虚构）厂',
    '仓库',
    '保管员',
    '2015-02',
    7200,
    20,
    500_000,
    240,
    '星港市空谷小区',
    {
      'employer.address': '星港市虚构区回音壁路9号',
      'downpayment.source': '自有资金',
    },
  ),
};
const sheet7: Sheet = {
  number: 'DEMO-07',
  name: '忙不停',
  title: 'MR',
  file: file(
    '0079',
    '星港市虚构区急行道7号',
    '飞毛腿快递（虚构）有限公司',
    '调度',
    '调度员',
    '2021-11',
    9500,
    10,
    700_000,
    300,
    '星港市快跑公寓',
    {
      'employer.address': '星港市虚构区快马路7号二楼',
      'employer.phone': '026-0000-0007',
      'property.price': '1050000',
      'downpayment.source': '自有资金',
    },
  ),
};
const sheet8: Sheet = {
  number: 'DEMO-08',
  name: '桂断机',
  title: 'MS',
  file: file(
    '0087',
    '星港市虚构区警惕里8号',
    '安全第一锁具（虚构）有限公司',
    '财务部',
    '会计',
    '2014-04',
    12000,
    12,
    1_000_000,
    240,
    '星港市安心园',
    {
      'employer.address': '星港市虚构区钥匙路8号五楼',
      'employer.phone': '026-0000-0008',
      'property.price': '1500000',
      'downpayment.source': '自有资金',
    },
  ),
};
const sheet9: Sheet = {
  number: 'DEMO-09',
  name: '郝预约',
  title: 'MR',
  file: file(
    '0095',
    '星港市虚构区日历街9号',
    '慢半拍钟表（虚构）有限公司',
    '销售',
    '经理',
    '2017-08',
    18000,
    5,
    1_500_000,
    360,
    '星港市时光里',
    {
      'loan.disbursed': '2026-03-02',
    },
  ),
};
const sheet10: Sheet = {
  number: 'DEMO-10',
  name: '莫须有',
  title: 'MR',
  file: {
    'person.idLast4': '0108',
    'person.home': '星港市虚构区借光路10号',
    'guarantor.name': '柯练习',
    'guarantor.relation': '表兄',
    'guarantor.signPlace': '星港市演示支行',
    'guarantor.signDate': '2026-02-10',
    'loan.amount': '2000000',
    'loan.term': '180',
  },
};
const sheet11: Sheet = {
  number: 'DEMO-11',
  name: '钟期满',
  title: 'MS',
  loanType: 'PERSONAL_COMMERCIAL',
  file: file(
    '0116',
    '星港市虚构区晴雨巷11号',
    '四季雨伞（虚构）有限公司',
    '股东',
    '负责人',
    '2010-01',
    30000,
    10,
    900_000,
    120,
    '星港市晴雨商铺',
    {
      'loan.maturity': '2026-07-31',
      'loan.grade': 'C',
    },
  ),
};
const sheet12: Sheet = {
  number: 'DEMO-12',
  name: '冯方言',
  title: 'MS',
  file: {
    'person.idLast4': '0124',
    'person.home': '星港市虚构区乡音村12号',
    'income.monthly': '5200',
    'loan.amount': '300000',
    'loan.term': '120',
    'loan.disbursed': '2024-11-15',
    'loan.grade': 'B',
    'property.estate': '星港市乡音村自建房',
  },
};

/** As the bank looked it up before the calls: a company of the demo's own town. */
const inRegister = (foundedOn: string): CompanyRecord => ({
  ...{ source: '企业公示系统（虚构）', lookedUpOn: '2026-02-20', found: true },
  ...{ foundedOn, areaCodes: ['026'] },
});
const firm = (sheet: Sheet) => sheet.file['employer.name'] ?? '单位';
const employer = (
  sheet: Sheet,
  label: string,
  number: string,
  sources: Contact['sources'],
  more: Pick<Contact, 'department' | 'formImage'> = {},
) => contact('employer', label, number, 'EMPLOYER', firm(sheet), sources, more);
const atFirm = (sheet: Sheet) => ({ name: firm(sheet), title: 'NONE' as const });

const cases: readonly CaseOf[] = [
  {
    sheet: sheet1,
    suffix: 'B',
    kind: 'PRELOAN_BORROWER',
    contacts: [mobile(sheet1, '154-0000-0001')],
    due: [0, 17.5],
    linked: ['DEMO-01-E'],
  },
  {
    sheet: sheet1,
    suffix: 'E',
    kind: 'EMPLOYER',
    respondent: atFirm(sheet1),
    contacts: [
      employer(sheet1, '单位座机', '026-0000-0001', twice('026-0000-0001', 'PUBLIC_DIRECTORY'), {
        department: '人事',
      }),
      contact(
        'switchboard',
        '人事部（总机转分机）',
        '026-0000-0051 转8012',
        'EMPLOYER',
        firm(sheet1),
        twice('026-0000-0051 转8012', 'PUBLIC_DIRECTORY'),
        { department: '人事' },
      ),
    ],
    due: [1, 17.5],
    linked: ['DEMO-01-B'],
    companyRecord: inRegister('2009-03-18'),
  },
  {
    sheet: sheet2,
    suffix: 'B',
    kind: 'PRELOAN_BORROWER',
    contacts: [mobile(sheet2, '154-0000-0002')],
    due: [0, 18],
    linked: ['DEMO-02-E'],
  },
  {
    sheet: sheet2,
    suffix: 'E',
    kind: 'EMPLOYER',
    respondent: atFirm(sheet2),
    contacts: [
      // Two readings of one paper, and nothing independent of it: typed off the form.
      employer(sheet2, '单位座机（登记）', '154-0000-0092', twice('154-0000-0092'), {
        formImage: formFieldImage('单位电话', '154-0000-0092'),
      }),
      contact('employer-public', '公开信息总机', '026-0000-0002', 'EMPLOYER_PUBLIC', firm(sheet2), [
        named('PUBLIC_DIRECTORY', '026-0000-0002'),
        named('EMPLOYER_RECORD', '026-0000-0002'),
      ]),
    ],
    due: [1, 17],
    linked: ['DEMO-02-B'],
    // Five years younger than the employment the application states.
    companyRecord: inRegister('2021-05-12'),
  },
  {
    sheet: sheet3,
    suffix: 'B',
    kind: 'PRELOAN_BORROWER',
    contacts: [mobile(sheet3, '154-0000-0003')],
    due: [0, 20],
    linked: ['DEMO-03-E'],
  },
  {
    sheet: sheet3,
    suffix: 'E',
    kind: 'EMPLOYER',
    respondent: atFirm(sheet3),
    // The new employer's number is not here yet: the borrower names it in the call.
    contacts: [employer(sheet3, '原单位座机', '026-0000-0003', twice('026-0000-0003', 'PUBLIC_DIRECTORY'))],
    due: [2, 17],
    linked: ['DEMO-03-B'],
  },
  {
    sheet: sheet4,
    kind: 'EMPLOYER',
    respondent: atFirm(sheet4),
    // Keyed in with the last two digits swapped: the dial guard must stop this (domain.md A08).
    contacts: [
      employer(
        sheet4,
        '单位座机',
        '026-0000-0040',
        [named('APPLICATION_FORM', '026-0000-0040'), named('FORM_IMAGE', '026-0000-0004')],
        { formImage: formFieldImage('单位电话', '026-0000-0004') },
      ),
    ],
    due: [0, 17],
  },
  {
    sheet: sheet5,
    kind: 'EMPLOYER',
    respondent: atFirm(sheet5),
    // One source only: it has to be typed off the form.
    contacts: [
      employer(sheet5, '单位座机', '026-0000-0005', [named('APPLICATION_FORM', '026-0000-0005')], {
        formImage: formFieldImage('单位电话', '026-0000-0005'),
      }),
    ],
    due: [-1, 17],
    history: [['单位上午多无人接听，建议下午致电', 'The employer seldom answers in the morning; try the afternoon']],
  },
  {
    sheet: sheet6,
    kind: 'SUPPLEMENT',
    contacts: [
      mobile(sheet6, '154-0000-0006'),
      contact('home', '家庭座机', '026-0000-0006', 'HOME', sheet6.name, twice('026-0000-0006')),
      contact('spouse', '紧急联系人（配偶）', '154-0000-0026', 'EMERGENCY', '孔号生配偶', twice('154-0000-0026')),
    ],
    due: [-1, 12],
  },
  { sheet: sheet7, kind: 'PRELOAN_BORROWER', contacts: [mobile(sheet7, '154-0000-0007')], due: [0, 19] },
  { sheet: sheet8, kind: 'PRELOAN_BORROWER', contacts: [mobile(sheet8, '154-0000-0008')], due: [1, 12] },
  {
    sheet: sheet9,
    kind: 'POST_FIRST',
    contacts: [mobile(sheet9, '154-0000-0009')],
    due: [3, 18],
    history: [['客户要求改时间，已预约今天回拨', 'The customer asked for another time; a call-back today was agreed']],
  },
  {
    sheet: sheet10,
    kind: 'GUARANTOR',
    respondent: { name: '柯练习', title: 'MR' },
    contacts: [contact('guarantor', '担保人手机', '154-0000-0010', 'GUARANTOR', '柯练习', twice('154-0000-0010'))],
    due: [1, 18],
  },
  { sheet: sheet11, kind: 'PRE_MATURITY', contacts: [mobile(sheet11, '154-0000-0011')], due: [2, 18] },
  { sheet: sheet12, kind: 'POST_PERIODIC', contacts: [mobile(sheet12, '154-0000-0012')], due: [5, 18] },
];

const quarterMs = 15 * 60_000;

/** The demo cases as they are at `now`. One has an appointment today, two are overdue. */
export function demoCases(now: Date): Case[] {
  const today = dayOf(now);
  const created = instantOf(addDays(today, -2), 9 * 60).toISOString();
  return cases.map((one) => {
    const { sheet } = one;
    const id = one.suffix === undefined ? sheet.number : `${sheet.number}-${one.suffix}`;
    const borrower = { name: sheet.name, title: sheet.title };
    const appointment =
      sheet === sheet9
        ? {
            appointment: {
              at: new Date(Math.ceil((now.getTime() + 45 * 60_000) / quarterMs) * quarterMs).toISOString(),
              exact: true,
              askedBy: 'RESPONDENT' as const,
            },
          }
        : {};
    return {
      id,
      revision: 1,
      kind: one.kind,
      person: `P-${sheet.number}`,
      application: `APP-${sheet.number}`,
      team: demoTeam,
      isDemo: true,
      respondent: one.respondent ?? borrower,
      borrower,
      branch: sheet.branch ?? '星港市演示支行',
      accountManager: '顾经理',
      loanType: sheet.loanType ?? 'PERSONAL_HOME',
      handling: 'IN_HOUSE',
      authorisation: {
        version: '2026-01',
        date: addDays(today, -10),
        scope: ['EMPLOYER', 'INCOME', 'CREDIT', 'PROPERTY'],
      },
      createdAt: created,
      deadline: instantOf(addDays(today, one.due[0]), one.due[1] * 60).toISOString(),
      ...appointment,
      contacts: [...one.contacts],
      file: sheet.file,
      attempts: [],
      history: (one.history ?? []).map(([zh, en]) => ({ at: created, text: { zh, en } })),
      linkedCases: [...(one.linked ?? [])],
      ...(one.companyRecord && { companyRecord: one.companyRecord }),
    };
  });
}
