import { expect, test } from 'vitest';
import { parseProperties } from '../../../local/connect/properties.ts';

const cases: readonly { readonly title: string; readonly text: string; readonly read: Record<string, string> }[] = [
  { title: 'an equals sign', text: 'offset.storage.topic=shop', read: { 'offset.storage.topic': 'shop' } },
  { title: 'a colon', text: 'offset.storage.topic: shop', read: { 'offset.storage.topic': 'shop' } },
  { title: 'white space alone', text: 'offset.storage.topic   shop', read: { 'offset.storage.topic': 'shop' } },
  { title: 'white space around', text: '  a \t = \t b c ', read: { a: 'b c ' } },
  { title: 'comments and blank lines', text: '# one\n\n   ! two\na=b', read: { a: 'b' } },
  { title: 'a comment sign inside a value', text: 'a=b#c!d', read: { a: 'b#c!d' } },
  {
    title: 'further separators in a value',
    text: 'url=jdbc:mysql://db:3306/?a=b',
    read: { url: 'jdbc:mysql://db:3306/?a=b' },
  },
  { title: 'an escaped separator in a key', text: 'a\\=b\\:c\\ d=e', read: { 'a=b:c d': 'e' } },
  { title: 'a line that goes on', text: 'a=one,\\\n    two,\\\r\n  three\nb=c', read: { a: 'one,two,three', b: 'c' } },
  { title: 'a comment sign on a line that goes on', text: 'a=one\\\n#two', read: { a: 'one#two' } },
  { title: 'an escaped backslash at the end', text: 'a=b\\\\\nc=d', read: { a: 'b\\', c: 'd' } },
  { title: 'escapes', text: 'a=\\t\\n\\u0041\\q', read: { a: '\t\nAq' } },
  { title: 'a key without a value', text: 'a\nb=', read: { a: '', b: '' } },
  { title: 'a value without a key', text: '=a', read: { '': 'a' } },
  { title: 'the later one of two', text: 'a=1\na=2', read: { a: '2' } },
  { title: 'Windows line ends', text: 'a=1\r\nb=2\r\n', read: { a: '1', b: '2' } },
  { title: 'nothing', text: '', read: {} },
];

test.for(cases)('a properties file with $title', ({ text, read }) => {
  expect(parseProperties(text)).toEqual(read);
});
