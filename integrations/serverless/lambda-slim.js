'use strict';

const { execFileSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

/** Serverless 3 and osls: Python functions are deployed from the zips that lambda-slim builds. */
module.exports = class LambdaSlim {
  constructor(serverless) {
    const folder = serverless.serviceDir || serverless.config.servicePath;
    this.hooks = {
      'before:package:createDeploymentArtifacts': () => {
        const options = { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] };
        execFileSync('lambda-slim', ['build', '.', '-o', '.slim', '--quiet'], options);
        for (const [name, row] of Object.entries(serverless.service.functions)) {
          const zip = path.join(folder, '.slim', `${name}.zip`);
          if (existsSync(zip)) row.package = { ...row.package, individually: true, artifact: zip };
        }
      },
    };
  }
};
