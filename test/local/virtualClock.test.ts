import { expect, test } from 'vitest';
import { VirtualClock } from '../../local/virtualClock.ts';

test('callbacks run in the order of their time, then of their asking', async () => {
  const clock = new VirtualClock(0);
  const ran: string[] = [];
  clock.at(20, () => ran.push('late'));
  clock.at(10, () => ran.push('first of two'));
  clock.at(10, () => ran.push('second of two'));
  await clock.advanceTo(15);
  expect(ran).toEqual(['first of two', 'second of two']);
  expect(clock.now()).toBe(15);
  await clock.advanceBy(5);
  expect(ran).toEqual(['first of two', 'second of two', 'late']);
});

test('what was called off does not run', async () => {
  const clock = new VirtualClock(0);
  const ran: string[] = [];
  const callOff = clock.at(10, () => ran.push('called off'));
  callOff();
  await clock.advanceTo(100);
  expect(ran).toEqual([]);
});

test('a callback sees its own time, and what it asks for within the move still runs', async () => {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  clock.at(10, () => {
    times.push(clock.now());
    clock.at(30, () => times.push(clock.now()));
  });
  await clock.advanceTo(100);
  expect(times).toEqual([10, 30]);
});

test('promises settle between callbacks: sleeps in a loop all end within one move', async () => {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  const loop = async (): Promise<void> => {
    await clock.sleep(10);
    times.push(clock.now());
    await clock.sleep(10);
    times.push(clock.now());
    await clock.sleep(10);
    times.push(clock.now());
  };
  const done = loop();
  await clock.advanceTo(30);
  await done;
  expect(times).toEqual([10, 20, 30]);
});

test('a moment that has passed is due at once', async () => {
  const clock = new VirtualClock(1000);
  const times: number[] = [];
  clock.at(5, () => times.push(clock.now()));
  await clock.advanceBy(0);
  expect(times).toEqual([1000]);
});
