import { describe, expect, it } from 'vitest';
import { Problem } from '#shared/problem.ts';
import { machineFile, readConfiguration, type Surroundings } from '../../electron/configuration.ts';

const files: Record<string, string> = {
  '/etc/huifang/configuration.json': '{"serverOrigin":"https://machine.example"}',
  '/named.json': '{"serverOrigin":"https://named.example","enrolmentCode":"abcd"}',
};
const from = (changed: Partial<Surroundings>): Surroundings => ({
  argv: ['huifang'],
  env: {},
  platform: 'linux',
  readFile: (path) => files[path],
  ...changed,
});
function problemOf(changed: Partial<Surroundings>): Problem {
  try {
    readConfiguration(from(changed));
  } catch (cause) {
    if (cause instanceof Problem) return cause;
  }
  throw new Error('it was not refused');
}

describe('the managed configuration', () => {
  it('is the file on the command line, before the launcher, before the one of the machine', () => {
    const env = { HUIFANG_CONFIGURATION: '{"serverOrigin":"http://127.0.0.1:7650"}' };
    expect(readConfiguration(from({ argv: ['huifang', '--configuration=/named.json'], env })).serverOrigin).toBe(
      'https://named.example',
    );
    expect(readConfiguration(from({ env })).serverOrigin).toBe('http://127.0.0.1:7650');
    expect(readConfiguration(from({})).serverOrigin).toBe('https://machine.example');
  });

  it('missing, it says which file an administrator has to provide', () => {
    const problem = problemOf({ readFile: () => undefined });
    expect(problem.code).toBe('CONFIGURATION_MISSING');
    expect(problem.sentence.zh).toContain('/etc/huifang/configuration.json');
    expect(machineFile('win32', {})).toContain('Huifang');
  });

  it.each(['{', '[]', '{"serverOrigin":"ftp://x"}', '{"serverOrigin":"https://x.example","extra":1}', 'null'])(
    'malformed (%s) it says where',
    (text) => {
      const problem = problemOf({ env: { HUIFANG_CONFIGURATION: text } });
      expect(problem.code).toBe('CONFIGURATION_MALFORMED');
      expect(problem.sentence.en).toContain('HUIFANG_CONFIGURATION');
    },
  );

  it('an unreadable file is malformed, not missing', () => {
    const readFile = () => {
      throw new Error('EACCES');
    };
    expect(problemOf({ readFile }).code).toBe('CONFIGURATION_MALFORMED');
  });

  it('plain http is refused for any other machine', () => {
    const env = { HUIFANG_CONFIGURATION: '{"serverOrigin":"http://bank.example"}' };
    expect(problemOf({ env }).code).toBe('CONFIGURATION_INSECURE');
  });
});
