import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';

/** The code of a Python function, slimmed while the app is synthesized. */
export const slim = (source = '.', handler = 'app.handler', python = '3.12') => Code.fromAsset(source, {
  bundling: {
    image: DockerImage.fromRegistry('scratch'), // never used: bundling happens here
    local: {
      tryBundle(outputDir) {
        const out = mkdtempSync(`${outputDir}-`);
        const flags = ['--handler', handler, '--python', python, '--format', 'folder', '-o', out, '--quiet'];
        execFileSync('lambda-slim', ['build', source, ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
        const [name] = readdirSync(out).filter((entry) => !entry.endsWith('.json')); // beside it lies the manifest
        cpSync(join(out, name), outputDir, { recursive: true });
        return true;
      },
    },
  },
});
