import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Template } from '../../../local/stack/template.ts';

/** The object key of the one asset, as a template's Code names it. */
export const assetKey = 'abc123.zip';

/** Writes a cloud assembly as cdk synth does: later stacks depend on earlier ones, though the manifest has them the other way round. */
export function writeAssembly(
  templates: Readonly<Record<string, Template>>,
  bundle = 'export const handler = async () => "ok";',
): { readonly directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
  const write = (path: string, content: unknown) =>
    writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
  mkdirSync(join(directory, 'asset.abc123'));
  write('asset.abc123/index.mjs', bundle);
  write('shop.assets.json', {
    version: '48.0.0',
    files: {
      abc123: {
        source: { path: 'asset.abc123', packaging: 'zip' },
        destinations: { current: { bucketName: 'cdk-assets', objectKey: assetKey } },
      },
    },
  });
  const names = Object.keys(templates);
  const stacks = names.map((name, index) => {
    write(`${name}.template.json`, templates[name]);
    const dependencies = ['shop.assets', ...names.slice(0, index)];
    return [
      name,
      { type: 'aws:cloudformation:stack', dependencies, properties: { templateFile: `${name}.template.json` } },
    ];
  });
  write('manifest.json', {
    version: '48.0.0',
    artifacts: {
      ...Object.fromEntries(stacks.toReversed()),
      'shop.assets': { type: 'cdk:asset-manifest', properties: { file: 'shop.assets.json' } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    },
  });
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
