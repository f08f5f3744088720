/**
 * What a kind of call stands for. A script cannot be its own specification: if it said itself which answers are
 * mandatory, dropping one would prove nothing. So the duties of a kind live here, in code, in the words of the file
 * (topics), and every script of that kind is checked against them.
 */
import type { Condition, ScriptKind, Secret } from './format.ts';
import type { Topic } from './move.ts';

/** The class of a given scope topic that allows its questions (domain.md §0.14: authorisation is data). */
export const granted = 'granted';

export type Duties = {
  /** Asked before anything may be called verified, and answered before it is complete. */
  readonly mustAsk: readonly Topic[];
  /** Topics that may be asked only where the authorisation covers them, with the given topic that says so. */
  readonly scopes: Readonly<Record<Topic, Topic>>;
  /** What counts as having given the recording notice; a station that does not record needs none. */
  readonly notice: Condition;
  /** What counts as knowing whom we talk to. */
  readonly identity: Condition;
  readonly mayReveal: Readonly<Record<Secret, Condition | 'always' | 'never'>>;
  /**
   * Disposition (or DISPOSITION/SUB) → what must be so wherever a script offers it; one that is not here may not be offered. The flags of a number
   * can open SUSPECTED_FRAUD beside it (policy/suspicion.ts).
   */
  readonly stands: Readonly<Record<string, Condition>>;
  /** Placeholders that are always filled: from the station, the case, or what the customer said himself. */
  readonly spoken: readonly string[];
};

/** Only the class of these answers is ever kept (domain.md §0.4); no script can forget it. */
export const privateTopics: readonly Topic[] = ['person.idLast4', 'person.home', 'person.birthMonth'];
export const isPrivate = (topic: Topic): boolean => privateTopics.includes(topic);

const known = { notice: true, identity: true };
const recorded = { 'station.records': 'yes' };
/** Where the borrower has spoken of the job, the employer's words were held against it (domain.md E6). Scripts before that know nothing of it. */
const besideTheBorrower = (row: Readonly<Record<string, boolean | string | string[]>>): Condition => [
  { ...row, 'borrower.said': ['no', 'unasked'] },
  { ...row, 'job.agreement': ['alike', 'unclear', 'contradictory'] },
];

export const duties: Readonly<Record<ScriptKind, Duties>> = {
  PRELOAN_BORROWER: {
    mustAsk: [
      'application.purpose',
      'application.signer',
      'loan.amount',
      'loan.term',
      'property.estate',
      'property.price',
      'employer.name',
      'employer.address',
      'employer.position',
      'job.duties',
      'job.concreteness',
      'employer.since',
      'income.monthly',
      'debts.monthly',
      'downpayment.source',
      'employer.phone',
      'loan.understanding',
    ],
    scopes: {
      'income.monthly': 'consent.incomeInquiry',
      'income.method': 'consent.incomeInquiry',
      'income.payday': 'consent.incomeInquiry',
      'employer.phone': 'consent.employerInquiry',
      'employer.contactPerson': 'consent.employerInquiry',
    },
    notice: [{ 'consent.recording': 'yes' }, { 'station.records': 'no' }],
    identity: [
      { 'person.idLast4': 'match', 'person.home': 'match' },
      { 'person.idLast4': 'match', 'person.birthMonth': 'match' },
    ],
    mayReveal: {
      // after an exit somebody else may be listening: nothing of the loan is said on the way out
      loan: { identity: true, 'call.leaving': 'unasked' },
      income: { identity: true, 'call.leaving': 'unasked' },
      person: 'always', // the opening asks for the full name: a surname also fits a brother
      recording: recorded,
    },
    stands: {
      VERIFIED: { ...known, complete: true, differs: false, near: false, flagged: false },
      VERIFIED_MINOR: { ...known, complete: true, suspicious: false },
      PARTIAL: { ...known, complete: false },
      'INFO_UPDATED/EMPLOYER': { ...known, 'employer.change': 'changedJob' },
      'INFO_UPDATED/CONTACT': { ...known, 'employer.phone': 'mismatch' },
      'WRONG_EMPLOYER/OUTDATED': { ...known, 'employer.change': 'changedJob' },
      'WRONG_EMPLOYER/REORG': { ...known, 'employer.change': 'renamed' },
      'WRONG_EMPLOYER/DISPATCH': { ...known, 'employer.change': 'dispatched' },
      'WRONG_EMPLOYER/RECORD_SLIP': { ...known, 'employer.change': 'recordSlip' },
      'WRONG_EMPLOYER/SPOKEN_SLIP': { ...known, 'employer.change': 'spokenSlip' },
      'WRONG_EMPLOYER/CONCEALMENT': [
        { ...known, 'employer.change': 'contradicts' },
        { ...known, 'employer.registered': 'mismatch' },
      ],
      'WRONG_EMPLOYER/REFUSES': { ...known, 'employer.change': 'refused' },
      'WRONG_EMPLOYER/UNKNOWN': { ...known, 'employer.change': 'unknown' },
      SUSPECTED_FRAUD: { ...known, suspicious: true },
      DENIES_APPLICATION: { ...known, 'application.purpose': 'denies' },
      ID_FAILED: { identity: false, 'person.idLast4': ['match', 'mismatch', 'noted', 'unknown', 'refused'] },
      NO_RECORDING_CONSENT: [
        { ...recorded, 'consent.recording': ['no', 'unknown', 'refused'] },
        { ...recorded, 'call.leaving': 'noRecording' },
      ],
      THIRD_PARTY: [
        { 'contact.person': ['someoneElse', 'unknown', 'refused'], 'person.news': ['absent', 'unknown', 'refused'] },
        { 'call.leaving': 'thirdParty', 'person.news': ['absent', 'unknown', 'refused'] },
      ],
      DECEASED: { 'person.news': 'deceased' },
      INCAPABLE: [{ 'person.news': 'incapable' }, { 'barrier.kind': 'illness' }],
      WRONG_NUMBER: [{ 'contact.person': 'wrongNumber' }, { 'person.news': 'wrongNumber' }],
      LANGUAGE_BARRIER: { 'barrier.kind': ['dialect', 'foreign', 'hearing'] },
      CALLBACK_AGREED: { 'appointment.time': 'noted' },
      REFUSED: [
        { 'call.leaving': 'refusal', 'refusal.kind': ['soft', 'hard'] },
        { 'contact.convenient': 'refused', 'refusal.kind': ['soft', 'hard'] },
        { 'appointment.time': ['unknown', 'refused'], 'refusal.kind': ['soft', 'hard'] },
      ],
      DO_NOT_CALL: { 'refusal.kind': 'doNotCall' },
      COMPLAINT: { 'call.leaving': 'complaint' },
      BREAK_OFF: { 'call.leaving': 'hangUp' },
    },
    spoken: ['agentId', 'caseRef', 'minutes', 'summary', 'person.name', 'person.title'],
  },
  EMPLOYER: {
    mustAsk: [
      'employer.name',
      'respondent.competent',
      'employment.status',
      'employer.department',
      'employer.position',
      'employer.since',
      'job.duties',
      'job.concreteness',
      'employer.address',
      'employer.secondLine',
    ],
    scopes: {
      'employment.status': 'consent.employerInquiry',
      'employer.department': 'consent.employerInquiry',
      'employer.position': 'consent.employerInquiry',
      'employer.since': 'consent.employerInquiry',
      'job.duties': 'consent.employerInquiry',
      'job.concreteness': 'consent.employerInquiry',
      'job.agreement': 'consent.employerInquiry',
      'income.monthly': 'consent.incomeInquiry',
    },
    notice: [{ 'notice.recording': 'said' }, { 'station.records': 'no' }],
    identity: { 'employer.name': ['match', 'near'] }, // here: we are really talking to that organisation
    mayReveal: {
      loan: 'never',
      person: {
        identity: true,
        'respondent.competent': 'yes',
        'consent.employerInquiry': granted,
        'call.leaving': 'unasked',
      },
      income: {
        identity: true,
        'consent.incomeInquiry': granted,
        'respondent.role': ['hr', 'finance'],
        'call.leaving': 'unasked',
      },
      recording: recorded,
    },
    stands: {
      VERIFIED: besideTheBorrower({
        ...known,
        complete: true,
        differs: false,
        near: false,
        flagged: false,
        'employment.status': 'employed',
      }),
      VERIFIED_MINOR: besideTheBorrower({
        ...known,
        complete: true,
        suspicious: false,
        'employment.status': ['employed', 'notKnown'],
      }),
      PARTIAL: [
        { ...known, complete: false },
        { ...known, 'employment.status': 'unasked' },
      ],
      'WRONG_EMPLOYER/DISPATCH': { ...known, 'employment.variant': 'dispatched' },
      'WRONG_EMPLOYER/RECORD_SLIP': { notice: true, 'employer.name': 'mismatch' },
      'WRONG_EMPLOYER/WRONG_NUMBER_DIALLED': { notice: true, 'employer.name': 'mismatch' },
      'WRONG_EMPLOYER/UNKNOWN': { notice: true, 'employer.name': 'mismatch' },
      LEFT_JOB: { ...known, 'employment.status': 'left' },
      NOT_KNOWN_THERE: { ...known, 'employment.status': 'notKnown' },
      RESPONDENT_UNAWARE: { ...known, 'respondent.competent': ['no', 'unknown'] },
      EMPLOYER_POLICY_REFUSAL: { notice: true, 'respondent.competent': ['policy', 'refused'] },
      SUSPECTED_FRAUD: { ...known, suspicious: true },
      NO_RECORDING_CONSENT: { ...recorded, 'call.leaving': 'noRecording' },
      WRONG_NUMBER: { 'employer.name': 'privatePerson' },
      LANGUAGE_BARRIER: { 'barrier.kind': ['dialect', 'foreign', 'hearing'] },
      CALLBACK_AGREED: { 'appointment.time': 'noted' },
      REFUSED: [
        { 'call.leaving': 'refusal', 'refusal.kind': ['soft', 'hard'] },
        { 'employer.name': ['noted', 'unknown', 'refused'], 'refusal.kind': ['soft', 'hard'] },
        { 'appointment.time': ['unknown', 'refused'], 'refusal.kind': ['soft', 'hard'] },
      ],
      DO_NOT_CALL: { 'refusal.kind': 'doNotCall' },
      COMPLAINT: { 'call.leaving': 'complaint' },
      BREAK_OFF: { 'call.leaving': 'hangUp' },
    },
    spoken: ['agentId', 'caseRef', 'person.name', 'person.title'],
  },
};
