import { expect, test } from 'vitest';
import { linePattern } from '../../lambda/workerLines.ts';
import { settings } from './settings.ts';

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
test.each(settings.connectors)(
  'the lines of $name are asked for within the 1024 characters of a filter pattern',
  (one) => {
    const pattern = linePattern(one);
    expect(pattern.length).toBeLessThanOrEqual(1024);
    expect(pattern).toContain('?"java.net.ConnectException"');
  },
);
