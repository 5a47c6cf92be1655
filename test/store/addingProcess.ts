import { fileObjects } from '../../store/fileObjects.ts';

/** Adds 40 words to one object by compare and swap, as one of several processes: `node addingProcess.ts FOLDER NAME`. */
const [folder = '', name = ''] = process.argv.slice(2);
const objects = fileObjects(folder);
for (let done = 0; done < 40;) {
  // oxlint-disable-next-line no-await-in-loop -- each try reads what the one before lost against
  const found = await objects.read('sum.json', Infinity);
  const before = found.kind === 'read' ? (JSON.parse(found.text) as string[]) : [];
  const tag = found.kind === 'read' ? found.tag : undefined;
  // oxlint-disable-next-line no-await-in-loop -- as above
  const answer = await objects.swap('sum.json', JSON.stringify([...before, `${name}.${done}`]), tag);
  if (answer.kind === 'written') done += 1;
}
