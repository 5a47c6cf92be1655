import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Template } from './template.ts';

/** One stack of a synthesized app. */
export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** The folder of a file asset, by the object key under which its bundle would lie in S3. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly displayName?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/**
 * Reads what `cdk synth` wrote, stacks in the order of their dependencies.
 * @throws Error when the folder holds no cloud assembly.
 * @see https://github.com/aws/aws-cdk/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
export function readCloudAssembly(directory: string): readonly AssemblyStack[] {
  const root = resolve(directory);
  const manifest = readJson(join(root, 'manifest.json')) as { readonly artifacts?: Readonly<Record<string, Artifact>> };
  const artifacts = manifest.artifacts ?? {};
  const assets = new Map<string, string>();
  for (const artifact of Object.values(artifacts)) {
    if (artifact.type !== 'cdk:asset-manifest') continue;
    const { files = {} } = readJson(join(root, String(artifact.properties?.['file']))) as AssetManifest;
    for (const { source, destinations } of Object.values(files)) {
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) assets.set(basename(objectKey), join(root, source.path));
    }
  }

  const ordered: AssemblyStack[] = [];
  const visited = new Set<string>();
  const visit = (id: string) => {
    const artifact = artifacts[id];
    if (artifact === undefined || visited.has(id)) return;
    visited.add(id);
    artifact.dependencies?.forEach(visit);
    if (artifact.type !== 'aws:cloudformation:stack') return;
    const { templateFile, stackName } = artifact.properties ?? {};
    const name = typeof stackName === 'string' ? stackName : id;
    ordered.push({ name, template: readJson(join(root, String(templateFile))) as Template, assets });
  };
  Object.keys(artifacts).forEach(visit);
  if (ordered.length === 0) throw new Error(`${basename(root)} holds no stack: run cdk synth first.`);
  return ordered;
}
