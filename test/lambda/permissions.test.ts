import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { permissions } from '../../lambda/permissions.ts';

const folder = new URL('../../lambda/', import.meta.url);

const called = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => [...readFileSync(new URL(name, folder), 'utf8').matchAll(/new (\w+Command)\(/g)])
    .flatMap((match) => match[1] ?? []),
);

describe('the permission table', () => {
  it('names exactly the calls that the code makes', () => {
    expect([...called].toSorted()).toEqual(
      [...new Set(permissions.flatMap(({ calledAs = [] }) => calledAs))].toSorted(),
    );
    expect(called.size).toBeGreaterThan(10);
  });

  it('gives nothing with a wildcard', () => {
    expect(permissions.flatMap(({ actions }) => actions).filter((action) => action.includes('*'))).toEqual([]);
  });

  it('passes the execution role to MSK Connect only', () => {
    expect(permissions.find(({ actions }) => actions.includes('iam:PassRole'))).toMatchObject({
      on: 'execution-role',
      condition: { StringEquals: { 'iam:PassedToService': 'kafkaconnect.amazonaws.com' } },
    });
  });
});
