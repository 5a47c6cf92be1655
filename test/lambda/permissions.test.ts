import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { permissions } from '../../lambda/permissions.ts';

/** The rooms whose code is in the function's bundle. */
const rooms = ['lambda', 'store', 'tell'].map((room) => new URL(`../../${room}/`, import.meta.url));

const called = new Set(
  rooms
    .flatMap((room) => readdirSync(room).map((name) => new URL(name, room)))
    .filter(({ pathname }) => pathname.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/new (\w+Command)\(/g)])
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
